/*
 * What happens on the copy while a migration is carried out there: locks that its sessions take, for how long they hold them and wait for
 * them, who waits for whom, and statements that take long. Locks of a transaction are asked for by the session itself before it
 * commits, so that none is missed; those of statements that run outside of one, and waits, are looked for 200 times a second, so that
 * shorter waits may be missed.
 */
#ifndef SEGUE_REHEARSE_OBSERVING_H
#define SEGUE_REHEARSE_OBSERVING_H

#include "engine/engine.h"

/* One lock level on one relation, by all transactions together. */
struct seen_lock {
    bool own;             /* taken by segue; else by an application, which had to wait for it */
    const char *relation; /* NULL: a row */
    const char *mode;
    size_t times;
    double held, waited; /* seconds: the longest */
};

struct seen_statement {
    const char *who, *text; /* text: white space folded, cut */
    double seconds;         /* the longest */
    size_t times;
};

struct observing;

/* Begins to look. `engine` is then one whose sessions are observed: it is given to the run. One at a time in a process. */
bool observing_begin(const struct engine *inner, const char *url, struct observing **out,
                     const struct engine **engine, struct error *err) SEGUE_MUST_CHECK;
/* Ends it; sessions that were opened through the engine must be closed. Lists are in the arena, the longest held first. NULL is
 * allowed. */
void observing_end(struct observing *observing, struct arena *arena, struct seen_lock **locks,
                   size_t *n_locks, struct seen_statement **statements, size_t *n_statements);

#endif
