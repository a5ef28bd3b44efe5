#ifndef SEGUE_REHEARSE_REPLAY_INTERNAL_H
#define SEGUE_REHEARSE_REPLAY_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "rehearse/replay.h"

enum { REPLAY_SESSIONS = 4 };

/* Runs a second: as recorded, within these. A copy on a small machine shall not be busy with nothing else. */
static const double REPLAY_LEAST = 20, REPLAY_MOST = 200, REPLAY_UNKNOWN = 100;

struct replay_worker {
    struct replay *replay;
    pthread_t thread;
    bool runs;
    struct session *session, *untouched;
    bool *prepared;  /* each statement, on this session */
    uint64_t random; /* state, never 0 */
    int64_t next_us;
};

struct replay {
    struct replay_settings settings;
    struct arena *arena;  /* the caller's; not while workers run */
    struct arena *errors; /* messages, under the lock */
    struct replayed *list;
    size_t n;
    size_t *able; /* of the list: those that can be run */
    size_t n_able;
    double *up_to; /* calls of these and of those before them */
    double rate;
    atomic_int moment;
    atomic_size_t round, done; /* statements begun and ended since the moment began */
    atomic_ullong counter;     /* of values that must be others in every run */
    atomic_bool stop;
    pthread_mutex_t lock; /* of the list's figures */
    struct replay_worker workers[REPLAY_SESSIONS];
};

/* A session's thread; its argument is the struct replay_worker. */
void *replay_work(void *argument);

#endif
