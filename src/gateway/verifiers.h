/*
 * What the server keeps of roles' passwords, for as long as sessions that move need it: a worker asks, the control thread fetches it on its session and
 * has the workers look again. Nothing is kept longer than some seconds. Safe from any thread.
 */
#ifndef SEGUE_GATEWAY_VERIFIERS_H
#define SEGUE_GATEWAY_VERIFIERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/session.h"

enum { VERIFIER_MAX = 256 /* bytes, with a zero; longer ones are none */ };

enum verifier_state {
    VERIFIER_KNOWN,
    VERIFIER_NONE, /* the role has none, or the gateway may not read it */
    VERIFIER_ASKED_FOR
};

struct verifiers;
struct shared;

struct verifiers *verifiers_new(void);
void verifiers_free(struct verifiers *verifiers);

/* The verifier of a role, as it was at since_us or later; if none is there, it is asked for. Never waits. */
enum verifier_state verifiers_get(struct shared *shared, const char *role, int64_t since_us,
                                  char out[VERIFIER_MAX]) SEGUE_MUST_CHECK;
/* Of the control thread: fetches what was asked for, and forgets what is old. False: the session is of no use any more. */
bool verifiers_fetch(struct shared *shared, struct session *session, struct error *err) SEGUE_MUST_CHECK;

#endif
