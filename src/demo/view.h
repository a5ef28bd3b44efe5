/*
 * What the demo shows while it runs. On a terminal: the phases, the progress of the running one, and each version's latency
 * against the baseline, redrawn in place five times a second by a thread of its own. Elsewhere: a line now and then.
 *
 * From view_open to view_close the phases in the figures change only through this; it also marks them in the traffic.
 */
#ifndef SEGUE_DEMO_VIEW_H
#define SEGUE_DEMO_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "base/must.h"
#include "demo/figures.h"
#include "drive/drive.h"

struct view;

struct view_options {
    FILE *out;
    bool live; /* out is a terminal that can be drawn on; else lines */
    bool color;
};

/* Starts showing, without a thread until view_animate, so that the caller may still fork. The figures must outlive the
 * view. Free with view_close. */
struct view *view_open(const struct view_options *options, struct demo_figures *figures);
/* From now on a thread redraws. */
void view_animate(struct view *view);

/* The line above everything; empty at first. */
void view_title(struct view *view, const char *format, ...) SEGUE_PRINTF(2, 3);
/* The running phase, if any, is done and this one runs. */
void view_begin(struct view *view, enum demo_phase_id number);
/* The running phase ends as done or failed, and none runs. */
void view_end(struct view *view, bool done);
/* How far the running phase has come, in its own unit. per_second 0: unknown. */
void view_progress(struct view *view, double done, double total, double per_second, const char *unit);
/* What the running phase is doing or waiting for; forgotten when it ends. */
void view_doing(struct view *view, const char *format, ...) SEGUE_PRINTF(2, 3);
/* What came out of a phase. */
void view_remark(struct view *view, enum demo_phase_id phase, const char *format, ...) SEGUE_PRINTF(3, 4);

/* Shows this traffic from now on. NULL: the traffic is over, and what was seen last stays. */
void view_watch(struct view *view, struct drive *drive);
/* The latency, in milliseconds, that is quiet. */
void view_baseline(struct view *view, double p95);

/* Draws a last time and frees. NULL is allowed. */
void view_close(struct view *view);
/* For SEGUE_CLEANUP. */
void view_cleanup(struct view **view);

#endif
