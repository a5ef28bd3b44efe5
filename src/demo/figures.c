#include "demo/figures.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"

static const struct {
    const char *name, *title;
} phase_words[DEMO_PHASES] = {
    [DEMO_SERVER] = {"server", "Start a throwaway PostgreSQL"},
    [DEMO_LOAD] = {"load", "Load the shop"},
    [DEMO_BASELINE] = {"baseline", "Measure a quiet baseline"},
    [DEMO_EXPAND] = {"expand", "Expand: hidden columns, triggers, views"},
    [DEMO_BACKFILL] = {"backfill", "Backfill the new shape"},
    [DEMO_VERIFY] = {"verify", "Verify that both shapes agree"},
    [DEMO_BOTH] = {"both versions", "Both versions live"},
    [DEMO_SWEEP] = {"sweep", "End the old version, compare every row"},
    [DEMO_FINISH] = {"complete", "Complete: the final shape"},
    [DEMO_AFTER] = {"new version", "The new version goes on alone"},
    [DEMO_COMPARE] = {"compare", "Compare the schema with psql's"},
};

void figures_init(struct demo_figures *figures, bool rollback)
{
    *figures = (struct demo_figures){.rollback = rollback};
    for (size_t i = 0; i < DEMO_PHASES; i++)
        figures->phases[i] = (struct demo_phase){.name = phase_words[i].name, .title = phase_words[i].title};
    if (!rollback)
        return;
    figures->phases[DEMO_SWEEP].title = "End the new version, compare every row";
    figures->phases[DEMO_FINISH].name = "rollback";
    figures->phases[DEMO_FINISH].title = "Roll back: as if nothing had been";
    figures->phases[DEMO_AFTER].name = "old version";
    figures->phases[DEMO_AFTER].title = "The old version goes on alone";
    figures->phases[DEMO_COMPARE].title = "Compare the schema with that before";
}

double demo_phase_seconds(const struct demo_phase *phase)
{
    if (phase->began_us == 0)
        return 0;
    return (double)((phase->ended_us != 0 ? phase->ended_us : clock_us()) - phase->began_us) / 1e6;
}

bool figures_clean(const struct demo_figures *figures)
{
    return figures->side[DRIVE_OLD].errors == 0 && figures->side[DRIVE_NEW].errors == 0 &&
           figures->mismatches == 0 && figures->schema_diff_lines == 0;
}

/* Milliseconds and seconds to three decimals: more would only be noise in the line. */
static json_t *rounded(double value)
{
    return json_real(round(value * 1000) / 1000);
}

static json_t *side_json(const struct demo_side *side)
{
    json_t *object = json_object();
    json_object_set_new(object, "requests", json_integer((json_int_t)side->requests));
    json_object_set_new(object, "errors", json_integer((json_int_t)side->errors));
    json_object_set_new(object, "baseline_p95_ms", rounded(side->baseline_p95));
    json_object_set_new(object, "p95_ms", rounded(side->p95));
    json_object_set_new(object, "longest_stall_ms", rounded(side->longest_stall));
    return object;
}

static json_t *phases_json(const struct demo_figures *figures)
{
    json_t *array = json_array();
    for (size_t i = 0; i < DEMO_PHASES; i++) {
        const struct demo_phase *phase = &figures->phases[i];
        if (phase->began_us == 0)
            continue;
        json_t *object = json_object();
        json_object_set_new(object, "name", json_string(phase->name));
        json_object_set_new(object, "seconds", rounded(demo_phase_seconds(phase)));
        json_array_append_new(array, object);
    }
    return array;
}

void figures_json(const struct demo_figures *figures, struct text *out)
{
    json_t *object = json_object();
    json_object_set_new(object, "rows", json_integer(figures->rows));
    json_object_set_new(object, "phases", phases_json(figures));
    json_object_set_new(object, "old", side_json(&figures->side[DRIVE_OLD]));
    json_object_set_new(object, "new", side_json(&figures->side[DRIVE_NEW]));
    json_object_set_new(object, "mismatches", json_integer((json_int_t)figures->mismatches));
    json_object_set_new(object, "schema_diff_lines", json_integer((json_int_t)figures->schema_diff_lines));
    json_object_set_new(object, "backfill_rows_per_s",
                        json_integer((json_int_t)llround(figures->backfill_rows_per_s)));
    /* Fifteen digits print 1.234 as such and not as 1.2339999999999999. */
    char *line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));
    text_append(out, line != NULL ? line : "{}");
    free(line);
    json_decref(object);
}
