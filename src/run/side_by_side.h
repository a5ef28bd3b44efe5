/* Pieces of work that several sessions take one after another, side by side. */
#ifndef SEGUE_RUN_SIDE_BY_SIDE_H
#define SEGUE_RUN_SIDE_BY_SIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/latch.h"
#include "run/executor.h"

struct side_by_side {
    struct executor *executor;
    int n;    /* pieces, numbered from 1 */
    int jobs; /* at most so many at once; 1: without the server's parallel workers either */
    /* Does one piece in a session of its own thread. */
    bool (*work)(struct side_by_side *side, struct session *session, int number, struct error *err);
    /* Called ten times a second in the executor's thread, and once at the end; or NULL. */
    void (*look)(struct side_by_side *side, bool finished);
    void *context; /* the caller's */

    atomic_int next;      /* the first piece that nobody has taken */
    struct latch at_work; /* sessions that have not ended */
    atomic_bool stop;     /* one has failed, or a signal came: the others end with what they are at */
    atomic_bool hold;     /* a pause: whoever can waits before going on */
    pthread_mutex_t lock;
    bool failed;
    struct error error; /* the first one */
};

/*
 * Returns when all pieces are done or one has failed, with the first error. The executor's own session looks for signals and pauses meanwhile.
 */
bool side_by_side(struct side_by_side *side, struct error *err) SEGUE_MUST_CHECK;

#endif
