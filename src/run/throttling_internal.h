/* The thread of the throttle, for throttling*.c only. */
#ifndef SEGUE_RUN_THROTTLING_INTERNAL_H
#define SEGUE_RUN_THROTTLING_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "move/lag.h"
#include "move/statements.h"
#include "move/throttle.h"
#include "run/throttling.h"

/* What the server told last, made from several readings. */
struct observed {
    struct server_signals now;
    struct lag lag;
    double read_at;      /* seconds; 0: not yet */
    double position;     /* then */
    double wal_rate;     /* smoothed, bytes a second */
    double checkpoints;  /* forced ones, then */
    double forced_at;    /* when the last of them was seen */
    double forced_apart; /* seconds between the last two; 0: not known */
    double most_standbys;
};

struct throttling {
    const struct engine *engine;
    const struct run_settings *settings;
    const char *search_path;
    int64_t id; /* of the migration */
    pthread_t thread;
    atomic_bool stop;
    atomic_int working;           /* sessions that move rows at this moment */
    atomic_llong worked_until_us; /* the last time that one of them ended */
    atomic_bool steady;           /* what is under way cannot rest for a moment */

    pthread_mutex_t lock;    /* of what follows */
    const struct walk *walk; /* the thread shall watch this one */
    double walk_rows;
    unsigned walk_number;
    bool ready; /* the baseline is measured, or cannot be */
    double duty;
    bool quiet;
    int64_t decided_us;
    struct text reason;
    struct text news; /* lines that the observer has not been told */

    /* The thread's own. */
    struct session *session;
    struct arena *arena; /* of the probes */
    struct probes probes;
    const struct walk *watched;
    unsigned watched_number;
    bool probing;
    struct throttle throttle;
    struct observed observed;
    struct arena *statement_arena; /* of what follows */
    struct statement_figures figures;
    struct statements statements;
    int64_t next_statements_us;
    int64_t began_us, next_probe_us, next_read_us, next_store_us, next_connect_us;
    size_t n_probes;
    double connect_wait;
    bool said[SIGNAL_COUNT], said_probe[PROBE_KINDS];
    int64_t resting_since_us;
    bool again; /* the walk is to be measured anew */
    bool was_resting, was_renewed[PROBE_KINDS];
};

/* throttling_thread.c: a thread; its argument is the struct throttling. */
void *throttling_thread(void *argument);
/* throttling_read.c: readings of the throttle from what the server told. quiet: nobody else was at work. */
void throttling_readings(struct throttling *throttling, double now, struct throttle_reading *out,
                         bool *quiet);
void throttling_observe_init(struct throttling *throttling);
/* throttling_statements.c: the application's statements, as far as the server sums them up. Nothing is read yet. */
void throttling_statements_init(struct throttling *throttling);
/* Reads them when that is due. */
bool throttling_statements_read(struct throttling *throttling, struct error *err) SEGUE_MUST_CHECK;
void throttling_statements_reading(const struct throttling *throttling, struct throttle_reading *out);
/* All that the throttle saw, as JSON; to be freed. */
char *throttling_json(const struct throttling *throttling);

#endif
