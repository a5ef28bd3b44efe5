#include "postgres/snapshot.h"

#include "postgres/versions_internal.h"
#include "sql.h"

/* Names are printed as seen from the search path, so it is set to the one that the plan's statements will have. */
static bool set_path(struct session *session, const char *schema, const struct version_schemas *versions,
                     struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {schema, versions->names};
    if (!session_query(session, sql_catalog_path, 2, values, &rows, err))
        return false;
    const char *path = rows_get(rows, 0, 0);
    if (!path) {
        error_set(err, ERROR_REFUSED, "schema \"%s\" does not exist", schema);
        return error_hint(err, "name the schema that the migration changes with --schema");
    }
    return session_query(session, "SELECT set_config('search_path', $1, true)", 1, &path, NULL, err);
}

/* Without a state, or without the right to read it, nothing is known to be under way. */
static bool read_live(struct session *session, const struct version_schemas *versions, struct arena *arena,
                      struct catalog *catalog, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!versions->current)
        return true;
    return session_query(session, sql_catalog_live, 0, NULL, &rows, err) &&
           catalog_live_from_json(arena, rows_get(rows, 0, 0), catalog, err);
}

static bool read_catalog(struct session *session, const char *schema, bool can_silence, struct arena *arena,
                         struct catalog **out, struct error *err)
{
    struct version_schemas versions;
    if (!pg_version_schemas(session, schema, arena, &versions, err) ||
        !set_path(session, schema, &versions, err))
        return false;
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {schema, versions.names, versions.current, can_silence ? "true" : "false"};
    if (!session_query(session, sql_catalog, SEGUE_COUNT(values), values, &rows, err))
        return false;
    if (!rows_count(rows))
        return error_set(err, ERROR_REFUSED, "schema \"%s\" was dropped a moment ago", schema);
    return catalog_from_json(arena, rows_get(rows, 0, 0), out, err) &&
           read_live(session, &versions, arena, *out, err);
}

/* Outside a transaction the setting has no effect, but the right to it is checked all the same: superusers, and from
 * version 15 on whoever was granted SET on it. */
static bool ask_can_silence(struct session *session, bool *can, struct error *err)
{
    *can = session_run(session, "SET LOCAL session_replication_role = 'replica'", err);
    return *can || err->class == ERROR_DATABASE;
}

/* Sizes are read under a lock that queues behind an exclusive one: better busy than stuck. Compiling the catalog query takes
 * five times as long as running it for 3,000 tables. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                            "SET LOCAL lock_timeout = '10s'; SET LOCAL jit = off";

bool pg_snapshot(struct session *session, const char *schema, struct arena *arena, struct catalog **out,
                 struct error *err)
{
    bool can_silence;
    if (!ask_can_silence(session, &can_silence, err))
        return false;
    if (!session_run(session, begin, err))
        return false;
    return session_end(session, read_catalog(session, schema, can_silence, arena, out, err), err);
}
