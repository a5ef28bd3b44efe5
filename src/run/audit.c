/* segue audit: what became of a migration, held against its plan. */

#include <string.h>

#include "run/run.h"

/* What an instant step may take with what it waits for its locks, and how far a number of rows may be from the forecast. */
static const double INSTANT_SECONDS = 5, FEW_ROWS = 10000, ROWS_FACTOR = 2;

static void find(struct arena *arena, struct audit *out, const char *rule, const char *object,
                 const char *message, const char *hint)
{
    struct audit_finding finding = {.rule = rule, .object = object, .message = message, .hint = hint};
    ARENA_PUSH(arena, out->findings, out->n_findings, finding);
}

static double seconds_of(const struct journal_entry *journal, size_t n, const struct step *step)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(journal[i].step, step->id) == 0 && journal[i].status == JOURNAL_DONE)
            return journal[i].seconds;
    return -1;
}

static void judge(struct arena *arena, const struct audit_step *step, bool instant, struct audit *out)
{
    if (instant && step->seconds > INSTANT_SECONDS)
        find(arena, out, "forecast-missed", step->id,
             arena_printf(arena, "%s was to be instant, and took %.1f s with what it waited for its locks",
                          step->title, step->seconds),
             "look who held the table then; a larger --lock-budget or a quieter hour helps the next one");
    if (step->rows_forecast < 0 || (step->rows < FEW_ROWS && step->rows_forecast < FEW_ROWS))
        return;
    if (step->rows > step->rows_forecast * ROWS_FACTOR || step->rows * ROWS_FACTOR < step->rows_forecast)
        find(arena, out, "forecast-missed", step->id,
             arena_printf(arena, "%s: %.0f rows were forecast, and %.0f came", step->title,
                          step->rows_forecast, step->rows),
             "the forecast is the server's estimate: ANALYZE the table before the next plan");
}

static bool add_step(const struct engine *engine, struct session *session, int64_t id,
                     const struct step *step, double seconds, struct arena *arena, struct audit *out,
                     struct error *err)
{
    struct walk_progress walk = {0};
    bool walks = step->kind == STEP_WALK && step->walk;
    if (walks && !engine->walk_load(session, id, step, arena, &walk, err))
        return false;
    struct audit_step one = {.id = step->id,
                             .title = step->title,
                             .duration = step_duration_name(step->duration),
                             .rows_forecast = walks ? step->walk->rows : -1,
                             .rows = walk.rows_done,
                             .seconds = seconds};
    ARENA_PUSH(arena, out->steps, out->n_steps, one);
    judge(arena, &one, step->kind == STEP_TRANSACTION && step->duration <= DURATION_INSTANT, out);
    return true;
}

static bool add_steps(const struct engine *engine, struct session *session, int64_t id,
                      const struct plan *plan, struct arena *arena, struct audit *out, struct error *err)
{
    struct journal_entry *journal;
    size_t n;
    if (!engine->journal_load(session, id, arena, &journal, &n, err))
        return false;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];
        if (step->phase != PHASE_CHECK &&
            !add_step(engine, session, id, step, seconds_of(journal, n, step), arena, out, err))
            return false;
    }
    return true;
}

static void add_rows(const struct plan *plan, struct audit *out)
{
    for (size_t i = 0; i < out->n_tables; i++)
        for (size_t k = 0; k < plan->n_tables; k++)
            if (plan->tables[k].new_name && strcmp(plan->tables[k].new_name, out->tables[i].name) == 0)
                out->tables[i].rows_planned = (int64_t)plan->tables[k].rows;
}

/* Both shapes of the rows must have been found equal before the old one went. */
static bool judge_passes(const struct engine *engine, struct session *session,
                         const struct state_migration *migration, struct arena *arena, struct audit *out,
                         struct error *err)
{
    struct verification passes;
    if (!engine->verification(session, migration->id, arena, &passes, err))
        return false;
    if (passes.known && !passes.has_complete)
        find(arena, out, "unverified", migration->name,
             arena_printf(arena, "%s was completed without a comparison of both shapes of every row",
                          migration->name),
             "the old shape is gone: look at the rows themselves");
    if (passes.has_found)
        find(arena, out, "unverified", migration->name,
             arena_printf(arena, "the two shapes of %.0f rows differed when they were last compared, %s",
                          passes.found.differences - passes.found.mended, passes.found.ended_at),
             "the old shape is gone: look at the rows themselves");
    return true;
}

static bool look_back(const struct engine *engine, struct session *session, const char *schema,
                      const struct state_migration *migration, struct arena *arena, struct audit *out,
                      struct error *err)
{
    struct plan *plan;
    const char *json;
    if (!engine->state_plan(session, migration->id, arena, &json, err) ||
        !plan_from_json(arena, json, &plan, err) ||
        !add_steps(engine, session, migration->id, plan, arena, out, err))
        return false;
    out->plan = plan;
    add_rows(plan, out);
    return judge_passes(engine, session, migration, arena, out, err) &&
           engine->inventory_audit(session, migration->id, schema, arena, out, err);
}

bool run_audit(const struct engine *engine, struct session *session, const char *schema,
               const struct state_migration *migration, const struct audit_wish *wish, struct arena *arena,
               struct audit *out, struct error *err)
{
    *out = (struct audit){0};
    return engine->audit(session, schema, wish, arena, out, err) &&
           (!migration || look_back(engine, session, schema, migration, arena, out, err));
}
