/*
 * How far standbys are behind, in seconds, from positions in the log alone: a standby that has replayed up to a position is as old
 * as the moment when the primary first was beyond it. A standby that is stopped reports nothing, and the time of its last report
 * would not grow; its position tells. Arithmetic only.
 */
#ifndef SEGUE_MOVE_LAG_H
#define SEGUE_MOVE_LAG_H

#include <stddef.h>

enum { LAG_MARKS = 256 };

struct lag {
    double spacing; /* seconds between two marks */
    double at[LAG_MARKS], position[LAG_MARKS];
    size_t n, first;
};

/* Tells lags up to at least `longest` seconds apart. */
void lag_init(struct lag *lag, double longest);
/* The primary's position, in bytes, at a time in seconds of any clock that never goes back. */
void lag_mark(struct lag *lag, double position, double now);
/* Seconds behind of a standby that has replayed up to there. */
double lag_seconds(const struct lag *lag, double replayed, double now);

#endif
