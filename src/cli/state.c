#include "cli/state.h"

#include <string.h>

#include "cli/report.h"

bool state_required(const struct invocation *call, struct session *session, struct error *err)
{
    bool installed = false;
    if (!call->engine->state_installed(session, &installed, err))
        return false;
    if (installed)
        return true;
    error_set(err, ERROR_REFUSED, "segue has no state in this database yet");
    return error_hint(err, "run segue init first");
}

json_t *state_json(const struct state_migration *migration)
{
    return json_pack("{s:I, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                     (json_int_t)migration->id, "name", json_text(migration->name), "state",
                     json_text(migration->state), "paused", migration->paused, "schema",
                     json_text(migration->schema), "old_version", json_text(migration->old_version),
                     "new_version", json_text(migration->new_version), "goal", json_text(migration->goal),
                     "owner", json_text(migration->owner), "deadline", json_text(migration->deadline),
                     "digest", json_text(migration->digest), "started_at", json_text(migration->started_at),
                     "active_at", json_text(migration->active_at), "finished_at",
                     json_text(migration->finished_at), "message", json_text(migration->message));
}

const char *state_time(struct arena *arena, const char *iso)
{
    enum { TO_THE_SECOND = 19 };
    if (!iso)
        return "";
    char *time = arena_printf(arena, "%.*s UTC", TO_THE_SECOND, iso);
    char *t = strchr(time, 'T');
    if (t == time + strlen("2026-11-21"))
        *t = ' ';
    return time;
}
