/*
 * A run on the screen: phases with ticks and seconds, and what goes on now. On a terminal that is drawn
 * over and over in place; elsewhere a line is printed at most every two seconds. With `silent` only the seconds of the
 * phases are kept, for a program that gets them as JSON.
 */
#ifndef SEGUE_CLI_RUN_VIEW_H
#define SEGUE_CLI_RUN_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "run/observer.h"

struct run_view_phase {
    enum plan_phase phase;
    bool back;
    double seconds;
};

struct run_view {
    struct run_observer observer; /* to be given to run_settings */
    FILE *stream;
    bool silent, terminal, color, utf8;
    int width;
    enum plan_phase phase;
    bool back;
    int64_t migration;    /* the id of the one that was worked on; 0: none was */
    int drawn;            /* lines of it on the screen that must be erased */
    int64_t last_line_us; /* when the last plain line was printed */
    struct run_view_phase phases[2 * PHASE_COUNT];
    size_t n_phases;
};

/* Ready to be used as an observer; prints to stdout. */
void run_view_init(struct run_view *view, bool silent, bool no_color);
/* Removes the live line, so that what is printed next begins on a clean one. */
void run_view_end(struct run_view *view);

/* A walk: two lines on a terminal, a bar above the figures, neither wider than `width`; one line elsewhere. No newline at the end. */
void run_view_walk_line(const struct run_view *view, const struct run_walk *walk, struct text *out);
/* The line for a step that waits. */
void run_view_blocked_line(const struct run_view *view, const struct step *step,
                           const struct blocker *blockers, size_t n, double waited_seconds, struct text *out);

#endif
