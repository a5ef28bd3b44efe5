/*
 * Takes all sessions from a version that fails or is slow. The worker that meets an error which a version can cause judges at once; a thread of its own looks at
 * the times, ten times a second, of what the workers counted of each new version and of the current one. No server is asked: it acts also
 * when that is what is slow. Whoever gives the version a share again (segue ramp --force) closes the breaker.
 */
#ifndef SEGUE_GATEWAY_BREAKER_H
#define SEGUE_GATEWAY_BREAKER_H

#include "gateway/judge.h"
#include "gateway/shared.h"

struct breaker;

/* The limits are of the gateway's settings. */
bool breaker_start(struct shared *shared, struct breaker **out, struct error *err) SEGUE_MUST_CHECK;
/* NULL is allowed. */
void breaker_stop(struct breaker *breaker);

/* The server answered with an error of the version's; in_a_row: as metrics_error counts, 0: it is none of a version's. From any worker. */
void breaker_met(struct breaker *breaker, const struct version *version, unsigned in_a_row);

/* A version whose breaker has opened without anybody having been told, and why; NULL: none. */
const struct version *breaker_untold(struct breaker *breaker, char *reason);
void breaker_told(struct breaker *breaker, const struct version *version);
/* Where it was told that the breaker is open, it closes. */
void breaker_close(struct breaker *breaker, const struct version *version);

#endif
