/* What hangs on the tables of a migration. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/carry.h"
#include "postgres/disk.h"
#include "postgres/format.h"
#include "postgres/replication.h"
#include "postgres/session.h"
#include "postgres/snapshot.h"
#include "sql.h"

static bool changes(const struct migration *migration, const struct table *table)
{
    for (size_t i = 0; i < migration->n_changes; i++) {
        const char *name = migration->changes[i].table.name;
        if (name && strcmp(name, table->name) == 0)
            return true;
    }
    return false;
}

/* Tables below it are filled in place within seconds, without a second copy. */
static const int64_t least_bytes = (int64_t)64 << 20;

static bool weigh(struct session *session, const char *name, struct carry *carry, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_rebuild_weigh, 1, &name, &rows, err))
        return false;
    carry->free_bytes = -1;
    if (rows_count(rows) == 0)
        return true;
    carry->total_bytes = strtoll(rows_get(rows, 0, 0), NULL, 10);
    carry->writes_per_second = strtod(rows_get(rows, 0, 1), NULL);
    carry->free_bytes = pg_free_bytes(session, rows_get(rows, 0, 2));
    return true;
}

/* Whether the server lets this role have its log: only a try tells. */
static const char *try_replication(const struct session_settings *settings, struct arena *arena)
{
    struct replication *replication;
    struct error err;
    bool good = replication_open(settings, &replication, &err);
    replication_close(replication);
    return good ? NULL : arena_printf(arena, "no replication connection is to be had: %s", err.message);
}

static bool names(struct arena *arena, const char *json, struct carry *carry, struct error *err)
{
    json_error_t fault;
    json_t *list = json_loads(json, 0, &fault);
    if (!list)
        return error_set(err, ERROR_BUG, "the replica identity is no JSON: %s", fault.text);
    for (size_t i = 0; i < json_array_size(list); i++)
        ARENA_PUSH(arena, carry->identity_columns, carry->n_identity_columns,
                   arena_strdup(arena, json_string_value(json_array_get(list, i))));
    json_decref(list);
    return true;
}

static bool weigh_capture(struct session *session, const char *name, const struct carry_wish *wish,
                          struct carry *carry, struct arena *arena, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    carry->capture = wish->capture;
    if (wish->capture == CAPTURE_TRIGGER)
        return true;
    if (!session_query(session, sql_capture_weigh, 1, &name, &rows, err))
        return false;
    if (rows_count(rows) == 0)
        return true;
    const char *why_not = rows_get(rows, 0, 1);
    carry->slot = arena_strdup(arena, rows_get(rows, 0, 0));
    carry->unlogged = why_not ? arena_strdup(arena, why_not) : try_replication(wish->settings, arena);
    carry->identity = *rows_get(rows, 0, 2);
    return names(arena, rows_get(rows, 0, 3), carry, err);
}

static bool read_carry(struct session *session, struct table *table, const struct carry_wish *wish,
                       struct arena *arena, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *name = pg_format(arena, "%Q", table->schema, table->name);
    const char *values[] = {name, "segue_rebuild"};
    struct carry *carry;
    if (!session_query(session, sql_carry, SEGUE_COUNT(values), values, &rows, err) ||
        !carry_from_json(arena, rows_get(rows, 0, 0), &carry, err) || !weigh(session, name, carry, err) ||
        !weigh_capture(session, name, wish, carry, arena, err))
        return false;
    carry->wanted = wish->rebuild;
    table->carry = carry;
    return true;
}

static bool read_all(struct session *session, const struct migration *migration,
                     const struct carry_wish *wish, struct catalog *catalog, struct arena *arena,
                     struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *path = pg_identifier_list(arena, catalog->search_path, catalog->n_search_path);
    if (!session_query(session, "SELECT set_config('search_path', $1, true)", 1, &path, &rows, err))
        return false;
    for (size_t i = 0; i < catalog->n_tables; i++) {
        struct table *table = &catalog->tables[i];
        if (changes(migration, table) && (wish->rebuild || table->bytes >= least_bytes) &&
            !read_carry(session, table, wish, arena, err))
            return false;
    }
    return true;
}

bool pg_carry(struct session *session, const struct migration *migration, const struct carry_wish *wish,
              struct catalog *catalog, struct arena *arena, struct error *err)
{
    if (!session_run(session, "BEGIN READ ONLY; SET LOCAL lock_timeout = '10s'; SET LOCAL jit = off", err))
        return false;
    return session_end(session, read_all(session, migration, wish, catalog, arena, err), err);
}
