/*
 * A run on the screen: phases with ticks and seconds, and one line about what goes on now. On a terminal that line is drawn
 * over and over in place; elsewhere it is printed at most every two seconds. With `silent` only the seconds of the
 * phases are kept, for a program that gets them as JSON.
 */
#ifndef SEGUE_CLI_PROGRESS_H
#define SEGUE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "run/observer.h"

struct progress_phase {
    enum plan_phase phase;
    bool back;
    double seconds;
};

struct progress {
    struct run_observer observer; /* to be given to run_settings */
    FILE *stream;
    bool silent, terminal, color, utf8;
    int width;
    enum plan_phase phase;
    bool back;
    bool drawn;           /* the live line is on the screen and must be erased */
    int64_t last_line_us; /* when the last plain line was printed */
    struct progress_phase phases[2 * PHASE_COUNT];
    size_t n_phases;
};

/* Ready to be used as an observer; prints to stdout. */
void progress_init(struct progress *progress, bool silent, bool no_color);
/* Removes the live line, so that what is printed next begins on a clean one. */
void progress_end(struct progress *progress);

/* The line for a walk, without newline, no wider than `width`. */
void progress_walk_line(const struct progress *progress, const struct run_walk *walk, struct text *out);
/* The line for a step that waits. */
void progress_blocked_line(const struct progress *progress, const struct step *step,
                           const struct blocker *blockers, size_t n, double waited_seconds, struct text *out);

#endif
