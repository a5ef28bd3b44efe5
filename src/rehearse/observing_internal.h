#ifndef SEGUE_REHEARSE_OBSERVING_INTERNAL_H
#define SEGUE_REHEARSE_OBSERVING_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "rehearse/observing.h"

/* A lock that the thread saw when it looked last. */
struct standing_lock {
    int pid;
    const char *holding, *relation, *mode; /* in an arena of the look */
    int64_t since_us;
};

struct observing {
    const struct engine *inner;
    const char *url;
    pthread_t thread;
    bool running;
    atomic_bool stop;

    pthread_mutex_t lock; /* of what follows */
    struct arena *arena;
    struct seen_lock *locks;
    size_t n_locks;
    struct seen_statement *statements;
    size_t n_statements;

    /* The thread's own. */
    struct session *session;
    struct arena *standing_arena;
    struct standing_lock *standing;
    size_t n_standing;
};

/* A statement that takes longer than that is told. */
#define SLOW_SECONDS 0.1

/* From any thread. relation NULL: a row. counts: it is one more lock, and not another look at one that was counted. */
void observing_lock(struct observing *observing, bool own, const char *relation, const char *mode,
                    double held, double waited, bool counts);
void observing_statement(struct observing *observing, const char *who, const char *text, double seconds);

/* observed_session.c: takes over `inner`. */
struct session *observed_session(struct session *inner, struct observing *observing);
/* observing_thread.c; its argument is the struct observing. */
void *observing_thread(void *argument);

#endif
