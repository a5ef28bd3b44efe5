#include "cli/run_options.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/report.h"
#include "cli/state.h"
#include "cli/throttle_options.h"
#include "run/life.h"

static const struct {
    const char *name;
    enum strategy strategy;
} strategies[] = {{"auto", STRATEGY_AUTO}, {"in-place", STRATEGY_IN_PLACE}, {"rebuild", STRATEGY_REBUILD}};

static const struct {
    const char *name;
    enum capture_wish capture;
} captures[] = {{"auto", CAPTURE_AUTO}, {"trigger", CAPTURE_TRIGGER}, {"decoding", CAPTURE_DECODING}};

static bool capture_option(const struct invocation *call, struct run_settings *out, struct error *err)
{
    const char *given_name = given_value(call, "capture");
    for (size_t i = 0; given_name && i < SEGUE_COUNT(captures); i++) {
        if (strcmp(given_name, captures[i].name) == 0) {
            out->capture = captures[i].capture;
            return true;
        }
    }
    if (!given_name)
        return true;
    error_set(err, ERROR_USAGE, "--capture %s is none", given_name);
    return error_hint(err, "auto, trigger or decoding");
}

bool strategy_options(const struct invocation *call, struct run_settings *out, struct error *err)
{
    const char *strategy = given_value(call, "strategy");
    long jobs = out->jobs;
    for (size_t i = 0; strategy && i < SEGUE_COUNT(strategies); i++) {
        if (strcmp(strategy, strategies[i].name) == 0) {
            out->strategy = strategies[i].strategy;
            strategy = NULL;
        }
    }
    if (strategy) {
        error_set(err, ERROR_USAGE, "--strategy %s is none", strategy);
        return error_hint(err, "auto, in-place or rebuild");
    }
    if (!capture_option(call, out, err) || !given_long(call, "jobs", 1, 32, &jobs, err))
        return false;
    out->jobs = (int)jobs;
    return true;
}

bool run_options(const struct invocation *call, struct run_view *view, struct run_settings *out,
                 struct error *err)
{
    double budget_ms = 0;
    double ceiling_ms = 0;
    double settle_ms = 0;
    run_settings_init(out, call->engine, call->url);
    run_view_init(view, call->json, given(call, "no-color"));
    out->schema = call->schema;
    out->observer = &view->observer;
    out->ran = &view->migration;
    out->force = given(call, "force");
    out->unverified = given(call, "unverified");
    budget_ms = out->lock_budget_seconds * 1000;
    ceiling_ms = out->lock_ceiling_ms;
    settle_ms = out->settle_seconds * 1000;
    if (!given_duration_ms(call, "lock-budget", 0, 86400e3, &budget_ms, err) ||
        !given_duration_ms(call, "lock-ceiling", 1, 10e3, &ceiling_ms, err) ||
        !given_duration_ms(call, "settle", 0, 86400e3, &settle_ms, err) ||
        !given_double(call, "pace", 1, 100, &out->pace_percent, err) ||
        !given_duration_ms(call, "chunk-time", 1, 10e3, &out->chunk_ms, err) ||
        !throttle_options(call, out, err))
        return false;
    if (!strategy_options(call, out, err))
        return false;
    out->lock_budget_seconds = budget_ms / 1000;
    out->settle_seconds = settle_ms / 1000;
    out->lock_ceiling_ms = (int)ceiling_ms;
    return true;
}

const char *migration_name(const struct invocation *call, const char *given)
{
    const char *slash = given ? strrchr(given, '/') : NULL;
    const char *name = slash ? slash + 1 : given;
    const char *dot = name ? strrchr(name, '.') : NULL;
    bool is_file = dot && strcasecmp(dot, ".sql") == 0;
    return is_file ? arena_strndup(call->arena, name, (size_t)(dot - name)) : name;
}

enum { HINT_PART = 500 };

/* Puts what the server advises, which knows of its disk and its settings, before what it means for a migration. */
static bool join_hints(struct error *err, const char *server)
{
    char ours[sizeof err->hint];
    size_t length = strlen(server);
    while (length && (server[length - 1] == '.' || server[length - 1] == ' '))
        length--;
    if (!length)
        return false;
    (void)snprintf(ours, sizeof ours, "%s", err->hint);
    return error_hint(err, "%.*s; %.*s", length < HINT_PART ? (int)length : HINT_PART, server, HINT_PART,
                      ours);
}

bool run_ended(struct run_view *view, bool done, const char *again, struct error *err)
{
    char server[sizeof err->hint];
    run_view_end(view);
    if (done || strstr(err->hint, "segue ") || strstr(err->hint, "same command"))
        return done;
    (void)snprintf(server, sizeof server, "%s", err->hint);
    switch (err->class) {
    case ERROR_INTERRUPTED:
        error_hint(err, "nothing is lost: go on with: %s; or go back with: segue rollback", again);
        break;
    case ERROR_BUSY:
    case ERROR_LOST:
    case ERROR_RESOURCE: error_hint(err, "what was done is kept: go on with: %s", again); break;
    case ERROR_DATABASE:
        if (!view->migration)
            return false;
        error_hint(err, "what was done is kept: %s tries again, segue rollback undoes everything", again);
        break;
    default: return false;
    }
    return join_hints(err, server);
}

static json_t *phases_json(const struct run_view *view)
{
    json_t *list = json_array();
    for (size_t i = 0; i < view->n_phases; i++) {
        json_t *phase = json_object();
        json_object_set_new(phase, "name", json_text(plan_phase_name(view->phases[i].phase)));
        json_object_set_new(phase, "back", json_boolean(view->phases[i].back));
        json_object_set_new(phase, "seconds", json_real(view->phases[i].seconds));
        json_array_append_new(list, phase);
    }
    return list;
}

/* The migration that was worked on. */
static bool ran_migration(const struct invocation *call, int64_t id, struct state_migration **out,
                          struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct state_migration *list = NULL;
    size_t n = 0;
    *out = NULL;
    if (!call_open(call, "segue", false, &session, err) ||
        !call->engine->state_history(session, call->arena, &list, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (list[i].id == id)
            *out = &list[i];
    if (!*out)
        return error_set(err, ERROR_BUG, "the migration is not in the state of segue");
    return true;
}

static void print_text(const struct state_migration *migration)
{
    enum life_state state = LIFE_NONE;
    struct error unknown;
    if (!life_state(migration->state, &state, &unknown))
        state = LIFE_NONE;
    switch (state) {
    case LIFE_ACTIVE:
        printf("\nBoth versions are live: %s (old) and %s (new).\n", migration->old_version,
               migration->new_version);
        printf("  new applications  segue url %s, or segue use %s --role ROLE\n", migration->new_version,
               migration->new_version);
        printf("  retire the old    segue complete\n");
        printf("  go back           segue rollback\n");
        return;
    case LIFE_COMPLETED:
        printf("\n%s is complete: %s is the version of schema %s now.\n", migration->name,
               migration->new_version, migration->schema);
        return;
    case LIFE_ROLLED_BACK:
        printf("\n%s is undone: schema %s is as it was before, and %s is its version.\n", migration->name,
               migration->schema, migration->old_version);
        return;
    default: printf("\n%s is %s.\n", migration->name, migration->state);
    }
}

/* The work is done even if the server has gone away since: a failure to look at it is none of the command. */
static bool cannot_look(const struct invocation *call, const struct error *err)
{
    if (err->class != ERROR_LOST && err->class != ERROR_RESOURCE)
        return false;
    if (!call->json)
        printf("\nThat is done. How it stands now cannot be read (%s): segue status tells it.\n",
               err->message);
    return true;
}

bool run_print_outcome(const struct invocation *call, const struct run_view *view, struct error *err)
{
    struct state_migration *migration = NULL;
    if (view->migration && !ran_migration(call, view->migration, &migration, err) && !cannot_look(call, err))
        return false;
    if (!call->json && !migration)
        return true;
    if (!call->json) {
        print_text(migration);
        return true;
    }
    json_t *document = json_object();
    json_object_set_new(document, "migration", migration ? state_json(migration) : json_null());
    json_object_set_new(document, "phases", phases_json(view));
    json_print(document);
    return true;
}

bool run_live(const struct invocation *call, bool (*run)(const struct run_settings *, struct error *),
              const char *again, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    if (!run_options(call, &view, &settings, err))
        return false;
    settings.migration = migration_name(call, argument_at(call, 0));
    return run_ended(&view, run(&settings, err), again, err) && run_print_outcome(call, &view, err);
}
