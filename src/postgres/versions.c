#include "postgres/versions.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/versions_internal.h"
#include "sql.h"

bool pg_versions_readable(struct session *session, bool *readable, struct error *err)
{
    char value[8];
    bool null;
    if (!session_value(session, sql_version_readable, 0, NULL, value, sizeof value, &null, err))
        return false;
    *readable = value[0] == 't';
    return true;
}

bool pg_version_schemas(struct session *session, const char *schema, struct arena *arena,
                        struct version_schemas *out, struct error *err)
{
    bool readable;
    *out = (struct version_schemas){.names = "{}"};
    if (!pg_versions_readable(session, &readable, err))
        return false;
    if (!readable)
        return true;
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {schema};
    if (!session_query(session, sql_version_schemas, 1, values, &rows, err))
        return false;
    const char *names = rows_get(rows, 0, 0);
    const char *current = rows_get(rows, 0, 1);
    if (names)
        out->names = arena_strdup(arena, names);
    if (current)
        out->current = arena_strdup(arena, current);
    return true;
}

bool pg_version_stack(struct session *session, const struct version_schemas *schemas, const char *schema,
                      const char *version, struct arena *arena, const char **out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {schema, version};
    *out = "{}";
    if (!schemas->current)
        return true;
    if (!session_query(session, sql_version_stack, 2, values, &rows, err))
        return false;
    *out = arena_strdup(arena, rows_get(rows, 0, 0));
    return true;
}

bool pg_version_missing(const struct version_schemas *schemas, const char *version, struct error *err)
{
    error_set(err, ERROR_REFUSED, "there is no version \"%s\"", version);
    if (schemas->current)
        error_detail(err, "the current version is \"%s\"", schemas->current);
    return error_hint(
        err,
        "`segue status` and `segue history` show the versions; one that was completed away or rolled back is "
        "gone");
}

/* What a role that may not change another one is told by the server is right, but the general hint of this code is not. */
static bool explain_privilege(struct error *err)
{
    if (strcmp(err->sqlstate, "42501") == 0)
        return error_hint(
            err,
            "a role may do this for itself; for another one connect as a role with CREATEROLE, or put the "
            "version into the application's connection string (`segue url`)");
    return false;
}

bool pg_use_version(struct session *session, const char *schema, const char *version, const char *role,
                    const char *database, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct version_schemas schemas;
    if (!pg_version_schemas(session, schema, arena, &schemas, err))
        return false;
    const char *stack;
    if (!pg_version_stack(session, &schemas, schema, version, arena, &stack, err))
        return false;
    const char *values[] = {schema, version, role, database, schemas.names, stack};
    if (!session_query(session, sql_version_use, SEGUE_COUNT(values), values, &rows, err))
        return false;
    const char *role_exists = rows_get(rows, 0, 1);
    if (!rows_get(rows, 0, 0))
        return pg_version_missing(&schemas, version, err);
    if (!role_exists || role_exists[0] != 't')
        return error_set(err, ERROR_REFUSED, "role \"%s\" does not exist", role);
    return session_run(session, rows_get(rows, 0, 2), err) || explain_privilege(err);
}

bool pg_sample_users(struct session *session, int64_t id, const char *version, struct error *err)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRId64, id);
    const char *values[] = {number, version};
    return session_query(session, sql_version_sample, SEGUE_COUNT(values), values, NULL, err);
}

static const char *copy(struct arena *arena, const char *value)
{
    return value ? arena_strdup(arena, value) : NULL;
}

bool pg_version_users(struct session *session, int64_t id, const char *version, double seconds,
                      struct arena *arena, struct version_user **out, size_t *n, struct error *err)
{
    char number[24];
    char limit[32];
    (void)snprintf(number, sizeof number, "%" PRId64, id);
    (void)snprintf(limit, sizeof limit, "%.3f", seconds);
    const char *values[] = {number, version, limit};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_version_users, SEGUE_COUNT(values), values, &rows, err))
        return false;
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct version_user){
            .version = copy(arena, rows_get(rows, i, 0)),
            .pid = (int)strtol(rows_get(rows, i, 1), NULL, 10),
            .user = copy(arena, rows_get(rows, i, 2)),
            .application = copy(arena, rows_get(rows, i, 3)),
            .address = copy(arena, rows_get(rows, i, 4)),
            .seen_at = copy(arena, rows_get(rows, i, 5)),
            .seconds_ago = strtod(rows_get(rows, i, 6), NULL),
        };
    return true;
}
