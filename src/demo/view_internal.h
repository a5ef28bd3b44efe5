/* Between view.c, which gathers, and view_draw.c, which draws. */
#ifndef SEGUE_DEMO_VIEW_INTERNAL_H
#define SEGUE_DEMO_VIEW_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "demo/figures.h"
#include "drive/drive.h"

enum { STRIP_CELLS = 256, REMARK_SIZE = 128 };

/* One version's latest latencies: p95 of each half second, the oldest overwritten. */
struct strip {
    double cells[STRIP_CELLS]; /* milliseconds; 0: no request */
    size_t count;              /* cells ever written */
};

struct view_side {
    struct strip strip;
    struct drive_latency total;
    double p95; /* of the last two seconds */
    bool begun, running;
};

struct view_model {
    char title[REMARK_SIZE];
    const struct demo_figures *figures;
    char remarks[DEMO_PHASES][REMARK_SIZE];
    char doing[REMARK_SIZE];
    double done, total, per_second; /* of the running phase; total 0: no progress to show */
    const char *unit;
    double baseline_p95; /* 0: not yet known */
    bool has_traffic;
    struct view_side side[DRIVE_VERSIONS];
};

/* One picture of the model, every line cut at `width` columns and ended by a newline. Returns the number of lines. */
size_t view_draw(const struct view_model *model, size_t width, bool color, struct text *out);
/* The progress in words: "62%  124,000 of 220,000 rows · 41,000 a second · 2 s left"; empty when there is none. */
void view_progress_words(const struct view_model *model, struct text *out);

#endif
