/* The demo's migration: what `segue init`, `start`, and `complete` or `rollback` do, with the view as observer. */

#include "demo/demo_internal.h"
#include "demo/numbers.h"
#include "runbook/runbook.h"

/* Wide enough for the report's page. */
enum { PLAN_COLUMNS = 110 };

static void phase_begin(void *context, enum plan_phase phase, bool back)
{
    struct demo *demo = context;
    if (back)
        return;
    if (phase == PHASE_BACKFILL)
        view_begin(demo->view, DEMO_BACKFILL);
    else if (phase == PHASE_VERIFY)
        view_begin(demo->view, DEMO_VERIFY);
}

static void phase_end(void *context, enum plan_phase phase, bool back, double seconds)
{
    struct demo *demo = context;
    struct demo_figures *figures = demo->figures;
    char rate[NUMBER_SIZE];
    (void)seconds;
    if (back || phase != PHASE_BACKFILL || demo->backfill_seconds <= 0)
        return;
    figures->backfill_rows_per_s = figures->backfill_rows / demo->backfill_seconds;
    view_remark(demo->view, DEMO_BACKFILL, "%s rows a second",
                number_count(figures->backfill_rows_per_s, rate));
}

static void step_end(void *context, const struct step *step, bool back, double seconds)
{
    struct demo *demo = context;
    if (!back && step->phase == PHASE_BACKFILL && step->kind == STEP_WALK)
        demo->backfill_seconds += seconds;
    view_progress(demo->view, 0, 0, 0, "");
}

static void walk(void *context, const struct run_walk *walk)
{
    struct demo *demo = context;
    view_progress(demo->view, walk->rows_done, walk->rows_total, walk->rows_per_s, "rows");
    if (walk->slow_because)
        view_doing(demo->view, "%s", walk->slow_because);
    if (walk->finished && walk->step->phase == PHASE_BACKFILL)
        demo->figures->backfill_rows += walk->rows_done;
}

static void step_begin(void *context, const struct step *step, bool back)
{
    struct demo *demo = context;
    (void)back;
    view_doing(demo->view, "%s", step->title);
}

static void blocked(void *context, const struct step *step, const struct blocker *blockers, size_t n,
                    double seconds)
{
    struct demo *demo = context;
    (void)step;
    (void)blockers;
    view_doing(demo->view, "waits for %zu session%s since %.1f s", n, n == 1 ? "" : "s", seconds);
}

static struct run_observer observer_of(struct demo *demo)
{
    return (struct run_observer){.context = demo,
                                 .phase_begin = phase_begin,
                                 .phase_end = phase_end,
                                 .step_begin = step_begin,
                                 .step_end = step_end,
                                 .walk = walk,
                                 .blocked = blocked};
}

static struct run_settings settings_of(const struct demo *demo, const struct run_observer *observer)
{
    struct run_settings settings;
    run_settings_init(&settings, demo->options->engine, demo->url);
    settings.observer = observer;
    settings.pace_percent = demo->options->pace_percent;
    if (demo->options->max_p95_ratio > 0 || demo->options->unguarded)
        settings.max_p95_ratio = demo->options->max_p95_ratio;
    return settings;
}

static bool note_plan(struct demo *demo, const struct run_settings *settings, struct error *err)
{
    struct plan *plan = NULL;
    if (!run_plan(settings, demo->migration, demo->arena, NULL, &plan, err))
        return false;
    const struct runbook_request request = {.plan = plan, .lock_ceiling_ms = settings->lock_ceiling_ms};
    document_to_text(runbook_build(demo->arena, &request), false, PLAN_COLUMNS, &demo->plan);
    return true;
}

bool demo_start_migration(struct demo *demo, struct error *err)
{
    const struct run_observer observer = observer_of(demo);
    const struct run_settings settings = settings_of(demo, &observer);
    view_begin(demo->view, DEMO_EXPAND);
    if (!run_init(&settings, err) || !note_plan(demo, &settings, err) ||
        !run_start(&settings, demo->migration, err))
        return false;
    view_end(demo->view, true);
    return true;
}

bool demo_finish_migration(struct demo *demo, struct error *err)
{
    const struct run_observer observer = observer_of(demo);
    struct run_settings settings = settings_of(demo, &observer);
    /* That the old version was in use a moment ago is no reason to wait: we ended its traffic ourselves. */
    settings.force = true;
    view_begin(demo->view, DEMO_FINISH);
    if (!(demo->options->rollback ? run_rollback(&settings, err) : run_complete(&settings, err)))
        return false;
    view_end(demo->view, true);
    return true;
}
