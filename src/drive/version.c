#include "drive/version.h"

#include <string.h>

#include "sql.h"

const char *version_path(struct arena *arena, const struct drive *drive, const char *version)
{
    return arena_printf(arena, "%s, %s", shape_quote(arena, version), drive->path_bare);
}

static bool read_bare_path(struct drive *drive, struct error *err)
{
    char buffer[1000];
    bool null;
    const char *values[] = {drive->schema};
    if (!session_value(drive->session, sql_drive_path, 1, values, buffer, sizeof buffer, &null, err))
        return false;
    drive->path_bare = arena_strdup(drive->arena, buffer);
    return true;
}

/* The version that the last completed migration brought. */
static const char *last_completed(const struct drive *drive, const struct state_migration *history, size_t n)
{
    const struct state_migration *last = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(history[i].state, "completed") == 0 && strcmp(history[i].schema, drive->schema) == 0 &&
            (!last || history[i].id > last->id))
            last = &history[i];
    return last ? last->new_version : NULL;
}

bool version_find_old(struct drive *drive, const char **version, struct error *err)
{
    const struct engine *engine = drive->settings.engine;
    struct state_migration *history = NULL;
    size_t n = 0;
    bool installed = false;
    if (!read_bare_path(drive, err) || !engine->state_installed(drive->session, &installed, err))
        return false;
    if (drive->plan) {
        *version = drive->plan->old_version;
        return true;
    }
    if (installed && !engine->state_history(drive->session, drive->arena, &history, &n, err))
        return false;
    *version = last_completed(drive, history, n);
    if (!*version)
        *version = arena_printf(drive->arena, "%s_base", drive->schema);
    return true;
}

static bool is_strategy(const struct plan_table *table, const char *strategy)
{
    return table->strategy && strcmp(table->strategy, strategy) == 0;
}

bool version_old_names(struct drive *drive, const char ***names, size_t *n, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *names = NULL;
    *n = 0;
    for (size_t i = 0; i < drive->settings.n_tables; i++)
        ARENA_PUSH(drive->arena, *names, *n, drive->settings.tables[i]);
    for (size_t i = 0; drive->plan && !drive->settings.n_tables && i < drive->plan->n_tables; i++)
        if (!is_strategy(&drive->plan->tables[i], "new table"))
            ARENA_PUSH(drive->arena, *names, *n, drive->plan->tables[i].name);
    if (*n)
        return true;
    const char *values[] = {drive->schema};
    if (!session_query(drive->session, sql_drive_tables, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const char *name = arena_strdup(drive->arena, rows_get(rows, i, 0));
        ARENA_PUSH(drive->arena, *names, *n, name);
    }
    return true;
}

static const struct plan_table *planned(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->n_tables; i++)
        if (plan->tables[i].name && strcmp(plan->tables[i].name, name) == 0)
            return &plan->tables[i];
    return NULL;
}

void version_names(struct drive *drive, const char ***names, size_t *n)
{
    struct arena *arena = drive->plan_arena;
    *names = NULL;
    *n = 0;
    for (size_t i = 0; i < drive->n_names; i++) {
        const struct plan_table *table = planned(drive->plan, drive->names[i]);
        if (table && (is_strategy(table, "dropped") || is_strategy(table, "new table")))
            continue;
        const char *name = table && table->new_name ? table->new_name : drive->names[i];
        ARENA_PUSH(arena, *names, *n, name);
    }
    for (size_t i = 0; i < drive->plan->n_tables; i++) {
        const struct plan_table *table = &drive->plan->tables[i];
        const char *name = table->new_name ? table->new_name : table->name;
        if (is_strategy(table, "new table") && !drive->settings.n_tables)
            ARENA_PUSH(arena, *names, *n, name);
    }
}
