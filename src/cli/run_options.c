#include "cli/run_options.h"

#include "cli/report.h"
#include "cli/state.h"

bool run_options(const struct invocation *call, struct run_view *view, struct run_settings *out,
                 struct error *err)
{
    double budget_ms = 0;
    double ceiling_ms = 0;
    run_settings_init(out, call->engine, call->url);
    run_view_init(view, call->json, given(call, "no-color"));
    out->schema = call->schema;
    out->observer = &view->observer;
    out->force = given(call, "force");
    budget_ms = out->lock_budget_seconds * 1000;
    ceiling_ms = out->lock_ceiling_ms;
    if (!given_duration_ms(call, "lock-budget", 0, 86400e3, &budget_ms, err) ||
        !given_duration_ms(call, "lock-ceiling", 1, 10e3, &ceiling_ms, err) ||
        !given_double(call, "pace", 1, 100, &out->pace_percent, err) ||
        !given_duration_ms(call, "chunk-time", 1, 10e3, &out->chunk_ms, err))
        return false;
    out->lock_budget_seconds = budget_ms / 1000;
    out->lock_ceiling_ms = (int)ceiling_ms;
    return true;
}

bool run_ended(struct run_view *view, bool done, const char *again, struct error *err)
{
    run_view_end(view);
    if (done || *err->hint)
        return done;
    switch (err->class) {
    case ERROR_INTERRUPTED:
        return error_hint(err, "nothing is lost: go on with: %s; or go back with: segue rollback", again);
    case ERROR_BUSY:
    case ERROR_LOST:
    case ERROR_RESOURCE: return error_hint(err, "what was done is kept: go on with: %s", again);
    default: return false;
    }
}

json_t *run_phases_json(const struct run_view *view)
{
    json_t *list = json_array();
    for (size_t i = 0; i < view->n_phases; i++) {
        const struct run_view_phase *phase = &view->phases[i];
        json_array_append_new(list, json_pack("{s:s, s:b, s:f}", "name", plan_phase_name(phase->phase),
                                              "back", phase->back, "seconds", phase->seconds));
    }
    return list;
}

bool run_last(const struct invocation *call, struct state_migration **out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct state_migration *list = NULL;
    size_t n = 0;
    *out = NULL;
    if (!call_open(call, "segue", false, &session, err) ||
        !call->engine->state_history(session, call->arena, &list, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!*out || list[i].id > (*out)->id)
            *out = &list[i];
    return true;
}
