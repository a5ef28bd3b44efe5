/*
 * How much longer the application's own statements take than before, from what the server sums up of each: calls and the time of
 * all of them. Arithmetic only.
 *
 * Sums give means, no percentiles, and so they cannot tell whether a p95 is kept: when every twentieth call waits for thirty
 * times as long, the p95 stands and the mean is 2.5 times as high. That is why they are a brake beside the probes and
 * not a third kind of them. What they see and probes do not: statements of other kinds, on the very rows of a chunk.
 *
 * The measure is the time of all calls of the last seconds by the time that as many calls of the same statements took before the work
 * (each at its own mean). So another mix of statements does not count, nor do statements that were not seen
 * before.
 */
#ifndef SEGUE_MOVE_STATEMENTS_H
#define SEGUE_MOVE_STATEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { STATEMENTS_BASE_READINGS = 8 };

struct statement_sums {
    int64_t id;
    double calls, seconds; /* as read last */
    bool fresh;            /* in this reading */
    double new_calls, new_seconds;
    /* Before the work, a reading each, and in all. */
    double base_calls[STATEMENTS_BASE_READINGS], base_seconds[STATEMENTS_BASE_READINGS];
    double all_calls, all_seconds;
};

struct statements {
    struct arena *arena; /* of the list; the caller's */
    struct statement_sums *list;
    size_t n;
    bool begun;
    size_t n_base;
    double max_ratio;              /* by which they may be longer, as probes may */
    double first_allowed, allowed; /* the same, or what they were by themselves before the work, or later */
    double calls, expected, taken; /* of the last seconds, the nearer the more */
    size_t at_least;               /* readings in a row at the least duty */
};

void statements_init(struct statements *statements, struct arena *arena, double max_ratio);
/* The sums of one statement; then statements_read for all that were taken. */
void statements_take(struct statements *statements, int64_t id, double calls, double seconds);
/* All were taken, about a second after the last reading. duty: what the work took meanwhile. A ratio that stays at the least duty for a
 * minute is none of ours: then that is allowed, up to twice the first. */
void statements_read(struct statements *statements, double duty);
/* Ends the time before the work. */
void statements_begin(struct statements *statements);
/* The ratio now; false: too few calls to tell. */
bool statements_ratio(const struct statements *statements, double *ratio);

#endif
