/*
 * Takes all sessions from a version that fails or is slow. A thread of its own compares, ten times a second, what the workers counted of each new version with what
 * they counted of the current one, and asks no server: it acts also when that is what is slow. Whoever gives the version a share again
 * (segue ramp --force) closes the breaker.
 */
#ifndef SEGUE_GATEWAY_BREAKER_H
#define SEGUE_GATEWAY_BREAKER_H

#include "gateway/shared.h"

enum { BREAKER_REASON = 200 };

struct breaker;

/* The limits are of the gateway's settings. */
bool breaker_start(struct shared *shared, struct breaker **out, struct error *err) SEGUE_MUST_CHECK;
/* NULL is allowed. */
void breaker_stop(struct breaker *breaker);

/* A version whose breaker has opened without anybody having been told, and why; NULL: none. */
const struct version *breaker_untold(struct breaker *breaker, char *reason);
void breaker_told(struct breaker *breaker, const struct version *version);
/* Where it was told that the breaker is open, it closes. */
void breaker_close(struct breaker *breaker, const struct version *version);

#endif
