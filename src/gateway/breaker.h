/*
 * Takes all sessions from a version that fails or is slow. The worker that meets an error which a version can cause judges at once; a thread of its own looks at
 * the times, ten times a second, of what the workers counted of each new version and of the current one. No server is asked: it acts also
 * when that is what is slow.
 *
 *   CLOSED     the version has its share
 *   OPEN       it was left: it has no session that can move
 *   HALF_OPEN  after a pause it is tried again with few sessions; whether it fails once more, or has its share given back, is seen by those
 *
 * From OPEN on the row of segue.ramps says what holds, for all gateways: breaker_rows.c.
 */
#ifndef SEGUE_GATEWAY_BREAKER_H
#define SEGUE_GATEWAY_BREAKER_H

#include "gateway/judge.h"
#include "gateway/shared.h"

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

struct breaker;

/* The limits are of the gateway's settings. */
bool breaker_start(struct shared *shared, struct breaker **out, struct error *err) SEGUE_MUST_CHECK;
/* Its thread ends, and nothing is judged any more; free: once nobody else can call. NULL is allowed. */
void breaker_stop(struct breaker *breaker);
void breaker_free(struct breaker *breaker);

/* The server answered with an error of the version's; in_a_row: as metrics_error counts, 0: it is none of a version's. From any worker. */
void breaker_met(struct breaker *breaker, const struct version *version, unsigned in_a_row);

/* Opens it where it is not; told: another gateway has. From any thread. */
void breaker_open(struct breaker *breaker, const struct version *version, const char *reason, bool told);
/* A version whose breaker has opened without the database having been told, and why (JUDGE_REASON bytes); NULL: none. */
const struct version *breaker_untold(struct breaker *breaker, char *reason);
void breaker_told(struct breaker *breaker, const struct version *version);
/* A version that was tried again and did well; NULL: none. */
const struct version *breaker_recovered(struct breaker *breaker);
/* What the database says. What has just opened here, and was not told there, stays open. */
void breaker_follow(struct breaker *breaker, const struct version *version, enum breaker_state state,
                    const char *reason);

/* As words: "closed", "open", "half-open". */
const char *breaker_word(enum breaker_state state);

struct breaker_report {
    enum breaker_state state;
    char reason[JUDGE_REASON]; /* "": it was never left */
    double seconds;            /* in that state */
    struct judge_step step;    /* since its share was set */
};

void breaker_tell(struct breaker *breaker, const struct version *version, struct breaker_report *out);

#endif
