/*
 * How a run is shown: callbacks into the command that started it. All of them may be NULL. They are called from the run's own
 * thread and must return soon; what they are given lives until they return.
 */
#ifndef SEGUE_RUN_OBSERVER_H
#define SEGUE_RUN_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/engine.h"
#include "plan/plan.h"

/* A walk on its way, after each chunk and while it waits. */
struct run_walk {
    const struct step *step;
    double rows_done, rows_total; /* the total is an estimate until the walk is finished */
    double rows_per_s;            /* over the last seconds */
    double eta_seconds;           /* negative: not known yet */
    /* Of a walk in lanes: what its rows took so far, without what each chunk and each lane takes whatever its rows, in each of the
     * sessions side by side. 0: not told. */
    double row_seconds;
    long chunk_rows;          /* size of the next chunk */
    const char *waiting_for;  /* "a row lock", … or NULL */
    bool throttled;           /* the server is watched for it */
    double duty;              /* then the share of the time that it may take; 0: it rests */
    const char *slow_because; /* why that is less than it might be, or NULL */
    bool finished;
};

struct run_observer {
    void *context; /* handed to each callback */
    /* back: the phase or step is being undone. A step that the journal has done already is not reported. */
    void (*phase_begin)(void *context, enum plan_phase phase, bool back);
    void (*phase_end)(void *context, enum plan_phase phase, bool back, double seconds);
    void (*step_begin)(void *context, const struct step *step, bool back);
    void (*step_end)(void *context, const struct step *step, bool back, double seconds);
    void (*walk)(void *context, const struct run_walk *walk);
    /* The step waits for these sessions since waited_seconds; n = 0 when they cannot be named. */
    void (*blocked)(void *context, const struct step *step, const struct blocker *blockers, size_t n,
                    double waited_seconds);
    /* Anything else worth a line: paused, connection lost and found again. */
    void (*message)(void *context, const char *text);
};

#endif
