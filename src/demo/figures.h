/* What a demo found out: its phases and figures as data, and the same as one line of JSON. */
#ifndef SEGUE_DEMO_FIGURES_H
#define SEGUE_DEMO_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "drive/drive.h"

enum demo_phase_id {
    DEMO_SERVER,
    DEMO_LOAD,
    DEMO_BASELINE,
    DEMO_EXPAND,
    DEMO_BACKFILL,
    DEMO_VERIFY,
    DEMO_BOTH,   /* both versions have traffic */
    DEMO_SWEEP,  /* the traffic of one version ends, and every row is compared */
    DEMO_FINISH, /* complete or rollback */
    DEMO_AFTER,  /* one version goes on by itself */
    DEMO_COMPARE,
    DEMO_PHASES
};

enum demo_phase_state { DEMO_WAITING, DEMO_RUNNING, DEMO_DONE, DEMO_FAILED };

struct demo_phase {
    const char *name;  /* in JSON: "backfill" */
    const char *title; /* for a person: "Backfill the new shape" */
    enum demo_phase_state state;
    int64_t began_us, ended_us; /* clock_us; 0: not yet */
};

/* One version of the application. Times in milliseconds. */
struct demo_side {
    uint64_t requests, errors;
    double
        baseline_p95; /* of the old version alone, before anything happens: the new one's measure as well */
    double p95;       /* the old version's while backfilling; the new one's while both are live */
    double p50;
    double longest_stall; /* of any request from first to last */
};

struct demo_figures {
    bool rollback;
    long rows;
    struct demo_phase phases[DEMO_PHASES];
    struct demo_side side[DRIVE_VERSIONS];
    uint64_t mismatches; /* findings of the traffic's own checks, lost rows among them */
    size_t schema_diff_lines;
    double backfill_rows, backfill_rows_per_s;
};

/* The phases with their names, all waiting. */
void figures_init(struct demo_figures *figures, bool rollback);
double demo_phase_seconds(const struct demo_phase *phase);
/* No error, no mismatch, no difference. */
bool figures_clean(const struct demo_figures *figures);
/* One line of JSON without a newline. */
void figures_json(const struct demo_figures *figures, struct text *out);

#endif
