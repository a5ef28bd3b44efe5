/* What hangs on the tables of a migration. */
#include <string.h>

#include "catalog/carry.h"
#include "postgres/format.h"
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

static bool read_carry(struct session *session, struct table *table, struct arena *arena, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {pg_format(arena, "%Q", table->schema, table->name), "segue_rebuild"};
    return session_query(session, sql_carry, SEGUE_COUNT(values), values, &rows, err) &&
           carry_from_json(arena, rows_get(rows, 0, 0), &table->carry, err);
}

static bool read_all(struct session *session, const struct migration *migration, struct catalog *catalog,
                     struct arena *arena, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *path = pg_identifier_list(arena, catalog->search_path, catalog->n_search_path);
    if (!session_query(session, "SELECT set_config('search_path', $1, true)", 1, &path, &rows, err))
        return false;
    for (size_t i = 0; i < catalog->n_tables; i++)
        if (changes(migration, &catalog->tables[i]) && !read_carry(session, &catalog->tables[i], arena, err))
            return false;
    return true;
}

bool pg_carry(struct session *session, const struct migration *migration, struct catalog *catalog,
              struct arena *arena, struct error *err)
{
    struct error ignored;
    if (!session_run(session, "BEGIN READ ONLY; SET LOCAL lock_timeout = '10s'; SET LOCAL jit = off", err))
        return false;
    if (read_all(session, migration, catalog, arena, err))
        return session_run(session, "COMMIT", err);
    (void)!session_run(session, "ROLLBACK", &ignored);
    return false;
}
