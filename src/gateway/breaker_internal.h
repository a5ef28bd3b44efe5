/* What the breaker's two files share: breaker.c has the states, breaker_look.c the judgements. */
#ifndef SEGUE_GATEWAY_BREAKER_INTERNAL_H
#define SEGUE_GATEWAY_BREAKER_INTERNAL_H

#include "gateway/breaker.h"

/* What was counted since the window began; it begins anew when half of it is over, so that it is always between half and all of its length. */
struct window {
    int64_t length_us;
    int64_t turned_us;
    struct metrics_of_version before[2]; /* what had been counted when the present and the last half began */
};

struct watched {
    /* --- The state: under the lock, but for since_us --- */
    enum breaker_state state;
    bool told; /* the database knows that it is open */
    bool good; /* it was tried again, and nothing spoke against it */
    char reason[JUDGE_REASON];
    atomic_llong since_us; /* of the state; what was counted or asked before does not count once more */
    struct judge_step step;

    /* --- The thread's own --- */
    struct window brief, lengthy;
    int64_t begun_us; /* as since_us, when the windows began */
    uint64_t answers; /* that there were when one was last seen to come */
    int64_t answered_us;
    double p95_us; /* of the last window that had enough answers; 0: none had */
    double p99_us; /* likewise, as high as chance allows */
    struct shares {
        double sessions, reads;
    } shares;                                         /* that the step has */
    int64_t step_us;                                  /* as begun_us, when it began */
    struct metrics_of_version before, current_before; /* what had been counted of both when it began */

    /* --- What workers judge errors by, as of the last look --- */
    atomic_bool judged; /* it is not the current version */
    atomic_ullong faults_before, answers_before;
    _Atomic double current; /* the share of errors among the current version's answers */
};

struct breaker {
    struct shared *shared;
    pthread_t thread;
    atomic_bool stop;
    unsigned looks; /* that are still made at what is in flight */
    pthread_mutex_t lock;
    struct watched *versions; /* VERSIONS_MAX */
};

/* Judges all versions, once. */
void breaker_look(struct breaker *breaker);

#endif
