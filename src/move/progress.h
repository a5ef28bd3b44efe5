/* How fast a walk goes and when it will end. Arithmetic only: the caller says what time it is, in seconds of any clock. */
#ifndef SEGUE_MOVE_PROGRESS_H
#define SEGUE_MOVE_PROGRESS_H

struct progress {
    double rows_done, rows_total; /* the total is an estimate */
    double rate;                  /* rows a second over the last seconds; 0: not known yet */
    double mark_rows, mark_seconds;
};

/* A walk that has this many rows done already begins or goes on. */
void progress_init(struct progress *progress, double rows_done, double rows_total, double now);
/* How far it is now. */
void progress_update(struct progress *progress, double rows_done, double rows_total, double now);
/* Seconds to the end; negative while nothing can be said. */
double progress_eta(const struct progress *progress);
/* The part that is done, 0 to 1. */
double progress_fraction(const struct progress *progress);

#endif
