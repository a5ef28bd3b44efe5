/* segue start: from a file to both versions live. */

#include <string.h>

#include "run/executor_internal.h"
#include "run/verb_internal.h"

bool run_init(const struct run_settings *settings, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    return verb_session(settings, &session, err) &&
           settings->engine->state_install(session, settings->schema, err);
}

static bool look(struct session *session, const struct run_settings *settings, struct arena *arena,
                 struct catalog **catalog, struct error *err)
{
    if (!settings->engine->snapshot(session, settings->schema, arena, catalog, err))
        return false;
    if (settings->sizes)
        catalog_take_sizes(*catalog, settings->sizes);
    return true;
}

/* What is walked are the rows that are here: chunks are cut by them. */
static void take_rows_back(struct plan *plan, const struct catalog *catalog)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct plan_table *named = plan_table_of(plan, &plan->steps[i]);
        const struct table *table = named ? catalog_table(catalog, named->name) : NULL;
        double share = table && table->rows > 0 ? table->own_rows / table->rows : 1;
        if (plan->steps[i].walk)
            plan->steps[i].walk->rows *= share;
        if (plan->steps[i].undo_walk)
            plan->steps[i].undo_walk->rows *= share;
    }
}

/* Everything that can be known without touching the database. */
static bool make_plan(struct session *session, const struct run_settings *settings,
                      const struct migration *migration, struct arena *arena, struct plan **plan,
                      struct error *err)
{
    const struct engine *engine = settings->engine;
    const struct session_settings connection = {.url = settings->url, .application_name = "segue"};
    const struct carry_wish wish = {.rebuild = settings->strategy == STRATEGY_REBUILD,
                                    .capture = settings->capture,
                                    .settings = &connection};
    struct catalog *catalog;
    if (!look(session, settings, arena, &catalog, err) ||
        !engine->print_conditions(session, arena, migration, catalog, err) ||
        !engine->marked_tables(session, arena, migration, catalog, err) ||
        (settings->strategy != STRATEGY_IN_PLACE &&
         !engine->carry(session, migration, &wish, catalog, arena, err)) ||
        !engine->plan(arena, migration, catalog, plan, err))
        return false;
    if (settings->sizes)
        take_rows_back(*plan, catalog);
    return engine->check_expressions(session, migration, catalog, err);
}

bool run_plan(const struct run_settings *settings, const char *file, struct arena *arena,
              struct migration **migration, struct plan **plan, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct migration *read;
    if (!settings->engine->read_migration(arena, file, &read, err) || !verb_session(settings, &session, err))
        return false;
    if (migration)
        *migration = read;
    return make_plan(session, settings, read, arena, plan, err);
}

bool run_facts(const struct run_settings *settings, const struct plan *plan, double seconds,
               struct arena *arena, struct facts **out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    *out = arena_alloc(arena, sizeof **out);
    return verb_session(settings, &session, err) &&
           settings->engine->facts(session, plan, seconds, arena, *out, err);
}

/* The file was changed since its migration began: the database follows the stored plan, so the file must not say otherwise. */
static bool refuse_edited(const struct verb *verb, const struct migration *migration, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s has changed since migration %s was started from it", migration->path,
              verb->live->name);
    error_detail(err, "digest then %.16s, now %.16s", verb->live->digest, migration->digest);
    return error_hint(err, "put the file back as it was, or segue rollback and start the new one");
}

static bool refuse_state(const struct verb *verb, struct error *err)
{
    const char *name = verb->live->name;
    if (verb->state == LIFE_ROLLING_BACK) {
        error_set(err, ERROR_REFUSED, "%s is being rolled back", name);
        return error_hint(err, "segue rollback ends it; then start it again");
    }
    error_set(err, ERROR_REFUSED, "%s is being completed", name);
    return error_hint(err, "segue complete ends it");
}

/* The same migration is under way: goes on with its stored plan. */
static bool go_on(struct verb *verb, const struct migration *migration, struct error *err)
{
    if (strcmp(verb->live->digest, migration->digest) != 0)
        return refuse_edited(verb, migration, err);
    if (verb->state == LIFE_ROLLING_BACK || verb->state == LIFE_COMPLETING)
        return refuse_state(verb, err);
    if (verb->live->paused) {
        error_set(err, ERROR_REFUSED, "%s is paused", verb->live->name);
        return error_hint(err, "segue resume goes on");
    }
    if (verb->state == LIFE_ACTIVE) {
        verb_message(verb->settings, "%s is active already: both versions are live", verb->live->name);
        return true;
    }
    verb_message(verb->settings, "going on with %s, which is %s", verb->live->name, verb->live->state);
    return verb_drive(verb, LIFE_WORK_DONE, NULL, err);
}

static bool refuse_completed(struct verb *verb, const struct migration *migration, struct error *err)
{
    struct state_migration *past;
    size_t n;
    if (!verb->settings->engine->state_history(verb->session, verb->arena, &past, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(past[i].name, migration->name) != 0 ||
            strcmp(past[i].schema, verb->settings->schema) != 0 ||
            strcmp(past[i].state, life_row(LIFE_COMPLETED)->word) != 0)
            continue;
        error_set(err, ERROR_REFUSED, "%s was completed on %s", migration->name, past[i].finished_at);
        return error_hint(err, "a new change needs a file of a new name");
    }
    return true;
}

/* What the baseline holds was there before segue. */
static bool refuse_adopted(struct verb *verb, const struct migration *migration, struct error *err)
{
    struct baseline baseline;
    if (!verb->settings->engine->baseline_load(verb->session, verb->settings->schema, verb->arena, &baseline,
                                               err))
        return false;
    for (size_t i = 0; i < baseline.n_adopted; i++) {
        if (strcmp(baseline.adopted[i].name, migration->name) != 0)
            continue;
        error_set(err, ERROR_REFUSED, "%s counts as applied: the baseline of %s has adopted it",
                  migration->name, baseline.made_at);
        return error_hint(err, "a new change needs a file of a new name; segue baseline --again --upto FILE "
                               "says anew which ones count");
    }
    return true;
}

static bool is_same(const struct state_migration *live, const struct run_settings *settings,
                    const struct migration *migration)
{
    return strcmp(live->name, migration->name) == 0 && strcmp(live->schema, settings->schema) == 0;
}

/* Stores the migration. When the connection is lost meanwhile, the server says whether it is stored: the lock is held, so nobody
 * else has stored one. */
static bool store(struct verb *verb, struct executor *executor, const struct migration *migration,
                  int64_t *id, struct error *err)
{
    const struct engine *engine = verb->settings->engine;
    struct state_migration *live;
    size_t n;
    while (!engine->state_create(executor->session, verb->plan, migration->content, id, err)) {
        do {
            if (!executor_survive(executor, err))
                return false;
        } while (!engine->state_live(executor->session, verb->arena, false, &live, &n, err));
        for (size_t i = 0; i < n; i++) {
            *id = live[i].id;
            if (is_same(&live[i], verb->settings, migration))
                return true;
        }
    }
    return true;
}

/* The plan was made without the lock: what is under way must still be what it was made beside. */
static bool still_beside(struct verb *verb, struct executor *executor, struct error *err)
{
    struct state_migration *live;
    size_t n;
    while (!executor->engine->state_live(executor->session, verb->arena, false, &live, &n, err))
        if (!executor_survive(executor, err))
            return false;
    bool same = n == verb->n_all;
    for (size_t i = 0; same && i < n; i++)
        same = live[i].id == verb->all[i].id && strcmp(live[i].state, verb->all[i].state) == 0;
    if (same)
        return true;
    error_set(err, ERROR_REFUSED, "another session has started or ended a migration in the meantime");
    return error_hint(err, "segue status shows how it stands; start again");
}

/* With the lock held: the checks of the rows present, then the migration is stored, and from there on it lives. */
static bool begin_life(struct verb *verb, struct executor *executor, const struct migration *migration,
                       struct error *err)
{
    int64_t id;
    if (!still_beside(verb, executor, err) || !executor_forward(executor, PHASE_CHECK, PHASE_CHECK, err) ||
        !store(verb, executor, migration, &id, err) || !executor_adopt(executor, id, err))
        return false;
    executor_take_inventory(executor, "before");
    return executor_drive(executor, life_row(LIFE_NONE)->next[LIFE_START], err);
}

static bool start_new(struct verb *verb, const struct migration *migration, struct error *err)
{
    if (!refuse_completed(verb, migration, err) || !refuse_adopted(verb, migration, err) ||
        !make_plan(verb->session, verb->settings, migration, verb->arena, &verb->plan, err))
        return false;
    session_close(verb->session);
    verb->session = NULL;
    struct executor executor;
    bool good = executor_open(&executor, verb->settings, verb->plan, err) &&
                begin_life(verb, &executor, migration, err);
    executor_close(&executor);
    return good;
}

/* One that is on its way must first come to where it waits: one session runs migrations, and a plan made beside a shape that
 * is being made would not hold. */
static bool refuse_moving(const struct state_migration *live, struct error *err)
{
    error_set(err, ERROR_REFUSED, "migration %s is under way (%s)", live->name, live->state);
    return error_hint(
        err, "another one can be started when both versions of this one are live; segue status shows it");
}

static bool start(struct verb *verb, const struct migration *migration, struct error *err)
{
    for (size_t i = 0; i < verb->n_all; i++)
        if (is_same(&verb->all[i], verb->settings, migration))
            return verb_mean(verb, &verb->all[i], err) && go_on(verb, migration, err);
    for (size_t i = 0; i < verb->n_all; i++)
        if (strcmp(verb->all[i].state, life_row(LIFE_ACTIVE)->word) != 0)
            return refuse_moving(&verb->all[i], err);
    return start_new(verb, migration, err);
}

bool run_start(const struct run_settings *settings, const char *file, struct error *err)
{
    SEGUE_CLEANUP(verb_close) struct verb verb = {0};
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct migration *migration;
    return settings->engine->read_migration(arena, file, &migration, err) && run_init(settings, err) &&
           verb_open(&verb, settings, err) && start(&verb, migration, err);
}
