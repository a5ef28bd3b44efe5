/* What the verbs share: the live migration, and driving it with the lock held. */

#include "run/verb_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };

void run_settings_init(struct run_settings *settings, const struct engine *engine, const char *url)
{
    *settings = (struct run_settings){.engine = engine,
                                      .url = url,
                                      .schema = "public",
                                      .lock_budget_seconds = 60,
                                      .settle_seconds = 300,
                                      .lock_ceiling_ms = 100,
                                      .chunk_ms = 5,
                                      .jobs = 2,
                                      .max_p95_ratio = 1.1,
                                      .max_lag_seconds = 10};
}

void verb_message(const struct run_settings *settings, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list args;
    if (!settings->observer || !settings->observer->message)
        return;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    settings->observer->message(settings->observer->context, message);
}

bool verb_session(const struct run_settings *settings, struct session **out, struct error *err)
{
    const struct session_settings session = {
        .url = settings->url, .application_name = "segue", .cancel_with_client = true};
    return settings->engine->open(&session, out, err);
}

bool verb_mean(struct verb *verb, struct state_migration *live, struct error *err)
{
    verb->live = live;
    if (live && verb->settings->ran)
        *verb->settings->ran = live->id;
    verb->plan = NULL;
    verb->state = LIFE_NONE;
    return !live || (life_state(live->state, &verb->state, err) &&
                     plan_from_json(verb->arena, live->plan, &verb->plan, err));
}

/* Whether it waits for nothing but a command. */
static bool is_waiting(const struct state_migration *migration)
{
    return strcmp(migration->state, life_row(LIFE_ACTIVE)->word) == 0;
}

/* The one named; else the only one; else the only one that is on its way from one state to another. */
static struct state_migration *choose(const struct verb *verb)
{
    const char *name = verb->settings->migration;
    struct state_migration *working = NULL, *named = NULL;
    size_t n_working = 0;
    for (size_t i = 0; i < verb->n_all; i++) {
        bool same = name && strcmp(verb->all[i].name, name) == 0;
        if (same && (!named || strcmp(verb->all[i].schema, verb->settings->schema) == 0))
            named = &verb->all[i];
        if (is_waiting(&verb->all[i]))
            continue;
        working = &verb->all[i];
        n_working++;
    }
    if (name)
        return named;
    if (verb->n_all == 1)
        return &verb->all[0];
    return n_working == 1 ? working : NULL;
}

bool verb_look(struct verb *verb, struct error *err)
{
    return verb->settings->engine->state_live(verb->session, verb->arena, true, &verb->all, &verb->n_all,
                                              err) &&
           verb_mean(verb, choose(verb), err);
}

bool verb_open(struct verb *verb, const struct run_settings *settings, struct error *err)
{
    bool installed;
    *verb = (struct verb){.settings = settings, .arena = arena_new()};
    if (!verb_session(settings, &verb->session, err) ||
        !settings->engine->state_installed(verb->session, &installed, err))
        return false;
    if (installed)
        return verb_look(verb, err);
    error_set(err, ERROR_REFUSED, "segue has no state in this database");
    return error_hint(err, "segue init makes it; segue start does so by itself");
}

void verb_close(struct verb *verb)
{
    session_close(verb->session);
    arena_free(verb->arena);
    *verb = (struct verb){0};
}

static void list_names(const struct verb *verb, struct text *out)
{
    for (size_t i = 0; i < verb->n_all; i++)
        text_printf(out, "%s%s (%s)", i ? ", " : "", verb->all[i].name, verb->all[i].state);
}

bool verb_needs_live(const struct verb *verb, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    if (verb->live)
        return true;
    list_names(verb, &names);
    if (verb->n_all && verb->settings->migration) {
        error_set(err, ERROR_REFUSED, "migration %s is not under way", verb->settings->migration);
        return error_hint(err, "under way: %s", text_string(&names));
    }
    if (verb->n_all) {
        error_set(err, ERROR_REFUSED, "%zu migrations are under way: say which", verb->n_all);
        return error_hint(err, "name one of %s", text_string(&names));
    }
    error_set(err, ERROR_REFUSED, "no migration is under way");
    return error_hint(err, "segue history lists those that were");
}

bool verb_unpause(struct verb *verb, struct error *err)
{
    if (!verb->live->paused)
        return true;
    verb->live->paused = false;
    return verb->settings->engine->state_pause(verb->session, verb->live->id, false, err);
}

/* The state may have changed between reading it and getting the lock; then the answer would be another one. */
static bool unchanged(struct verb *verb, struct error *err)
{
    int64_t id = verb->live->id;
    enum life_state state = verb->state;
    if (!verb_look(verb, err))
        return false;
    for (size_t i = 0; i < verb->n_all; i++)
        if (verb->all[i].id == id && !verb_mean(verb, &verb->all[i], err))
            return false;
    if (verb->live && verb->live->id == id && verb->state == state)
        return true;
    error_set(err, ERROR_REFUSED, "another session has moved the migration on in the meantime");
    return error_hint(err, "segue status shows how it stands");
}

static bool with_lock(struct verb *verb, struct executor *executor, enum life_event event,
                      bool (*before)(struct executor *executor, struct error *err), struct error *err)
{
    enum life_state state = verb->state;
    if (!unchanged(verb, err))
        return false;
    executor->plan = verb->plan;
    if (!executor_adopt(executor, verb->live->id, err) || (before && !before(executor, err)) ||
        (verb->unpauses && !verb_unpause(verb, err)))
        return false;
    /* The looking session would only stand idle during the work. */
    session_close(verb->session);
    verb->session = NULL;
    enum life_state next = life_row(state)->next[event];
    if (event != LIFE_WORK_DONE && !executor_move(executor, state, next, err))
        return false;
    return executor_drive(executor, event != LIFE_WORK_DONE ? next : state, err);
}

bool verb_drive(struct verb *verb, enum life_event event,
                bool (*before)(struct executor *executor, struct error *err), struct error *err)
{
    struct executor executor;
    bool good = executor_open(&executor, verb->settings, verb->plan, err) &&
                with_lock(verb, &executor, event, before, err);
    executor_close(&executor);
    return good;
}
