/*
 * One table compared by several sessions at once. Each takes the next range of rows, compares it and rests, so that all of them
 * together keep the pace. The caller's thread waits, and looks around every half second.
 */
#ifndef SEGUE_RUN_COMPARE_H
#define SEGUE_RUN_COMPARE_H

#include <pthread.h>

#include "run/verify.h"

struct comparison {
    const struct run_settings *settings;
    const struct verify_settings *verify;
    const struct plan_table *table;
    struct arena *arena; /* of the differences; under the lock, as is all that follows */
    struct compare_result sum;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct walk_progress at;
    struct arena *at_arena;
    long chunks;
    long range_rows; /* of the last range that was cut */
    size_t working;  /* threads that have not ended */
    bool paused, stop, over, failed;
    struct error err; /* the first one */
};

/* Compares the table with these sessions. look_around is called by the caller's thread meanwhile, without the lock held: it may set
 * *paused, and false ends the comparison with its error. Whether every row was looked at is the result. */
bool compare_table(struct comparison *comparison, struct session **sessions, size_t n,
                   bool (*look_around)(void *context, struct comparison *comparison, bool *paused,
                                       struct error *err),
                   void *context, struct error *err) SEGUE_MUST_CHECK;

#endif
