/*
 * The demonstration: a throwaway server, a shop full of rows, an old and a new version of its application at work, and a
 * migration in between. It proves what it shows: every request is checked, and the schema is compared at the end. Nothing of it
 * stays but the report.
 */
#ifndef SEGUE_DEMO_DEMO_H
#define SEGUE_DEMO_DEMO_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "demo/figures.h"
#include "engine/engine.h"

struct demo_options {
    const struct engine *engine;
    const char *pg_bin; /* NULL: searched */
    long rows;          /* orders */
    bool rollback;      /* the way back instead of the way on */
    double seconds;     /* how long each phase that only waits lasts */
    double rate;        /* requests a second of each version */
    /* As in run_settings; the first two 0: what a user gets who says nothing of it. unguarded: no probes. */
    double pace_percent, max_p95_ratio;
    bool unguarded;
    const char *report; /* path of the report; NULL: none */
    FILE *out;          /* where the view goes */
    bool live, color;   /* as in view_options */
};

/* Runs it. True when it came to its end, whatever it found: figures_clean tells. *summary gets some lines for a person.
 * ERROR_INTERRUPTED after Ctrl-C, otherwise the error of whatever failed; the server and its folder are gone in any case. */
bool demo_run(const struct demo_options *options, struct demo_figures *figures, struct text *summary,
              struct error *err) SEGUE_MUST_CHECK;

#endif
