/*
 * The pace of a walk: how many rows the next chunk takes, from how long the rows of the last one took. How long to rest after
 * it is the throttle's. Arithmetic only.
 */
#ifndef SEGUE_MOVE_PACE_H
#define SEGUE_MOVE_PACE_H

#include <stdbool.h>

struct pace {
    double target_seconds; /* how long a chunk should take */
    long rows;             /* of the next chunk */
    bool slow;             /* the last chunk took longer than it should */
};

/* Starts small; target is kept within 1 ms to 10 s. */
void pace_init(struct pace *pace, double target_seconds);
/* From now on chunks should take that long: the next one has as many more or fewer rows. */
void pace_aim(struct pace *pace, double target_seconds);
/* That many rows took that long, what a chunk takes whatever its rows left out: the next one should come nearer to the target. */
void pace_done(struct pace *pace, long rows, double seconds);
/* After so many seconds a chunk is given up, to be done with fewer rows. */
double pace_most(const struct pace *pace);
/* That happened: the next one has so many rows at most. */
void pace_cut(struct pace *pace, long rows);
/* A chunk met a lock or a deadlock: the next one is half as large. */
void pace_busy(struct pace *pace);

#endif
