/* The source of a copy: its transaction, and what is there. */

#include "postgres/sample/sample.h"

#include <stdlib.h>
#include <string.h>

#include "postgres/array.h"
#include "postgres/format.h"
#include "postgres/replication.h"
#include "postgres/sample/sample_internal.h"
#include "postgres/session.h"
#include "postgres/state.h"
#include "sql.h"

/* What waits longer for a lock of the source gives up: a rehearsal is worth nobody's waiting. */
static const char begin_source[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '5s'";
/* Types and names are printed as they are understood anywhere. */
static const char no_path[] = "SET LOCAL search_path = ''", own_path[] = "SET LOCAL search_path TO DEFAULT";

static double number(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? strtod(value, NULL) : 0;
}

static const char *keep(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return arena_strdup(arena, value ? value : "");
}

static bool read_server(struct sampling *sample, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct arena *arena = sample->source->arena;
    if (!session_query(sample->source->session, sql_sample_server, 0, NULL, &rows, err))
        return false;
    const char **texts[] = {&sample->version, NULL,          &sample->database,
                            &sample->user,    &sample->like, &sample->snapshot,
                            &sample->system};
    for (size_t i = 0; i < SEGUE_COUNT(texts); i++)
        if (texts[i])
            *texts[i] = keep(arena, rows, 0, i);
    sample->major = (int)number(rows, 0, 1);
    return true;
}

/* The first column of a query. */
static bool read_list(struct sampling *sample, const char *sql, const char ***out, size_t *n,
                      struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(sample->source->session, sql, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        ARENA_PUSH(sample->source->arena, *out, *n, keep(sample->source->arena, rows, i, 0));
    return true;
}

static bool read_roles(struct sampling *sample, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct arena *arena = sample->source->arena;
    if (!session_query(sample->source->session, sql_sample_roles, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct sample_role role = {.statement = keep(arena, rows, i, 0),
                                         .name = keep(arena, rows, i, 1),
                                         .needed = *rows_get(rows, i, 2) == 't'};
        ARENA_PUSH(arena, sample->roles, sample->n_roles, role);
    }
    return true;
}

static bool read_own_schemas(struct sampling *sample, struct error *err)
{
    bool installed;
    if (!pg_state_installed(sample->source->session, &installed, err))
        return false;
    return !installed ||
           read_list(sample, sql_sample_own_schemas, &sample->own_schemas, &sample->n_own_schemas, err);
}

static bool read_columns(struct sampling *sample, struct sample_table *table, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct arena *arena = sample->source->arena;
    const char *values[] = {table->schema, table->name};
    if (!session_query(sample->source->session, sql_sample_columns, SEGUE_COUNT(values), values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct sample_column column = {.name = keep(arena, rows, i, 0),
                                             .type = keep(arena, rows, i, 1),
                                             .in_foreign_key = strcmp(rows_get(rows, i, 2), "t") == 0};
        ARENA_PUSH(arena, table->columns, table->n_columns, column);
    }
    return true;
}

static bool read_tables(struct sampling *sample, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text own = {0};
    struct arena *arena = sample->source->arena;
    const char *values[] = {pg_array(&own, sample->own_schemas, sample->n_own_schemas)};
    if (!session_query(sample->source->session, sql_sample_tables, SEGUE_COUNT(values), values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct sample_table table = {.schema = keep(arena, rows, i, 0),
                                     .name = keep(arena, rows, i, 1),
                                     .partitioned = strcmp(rows_get(rows, i, 2), "t") == 0,
                                     .rows = number(rows, i, 3),
                                     .bytes = number(rows, i, 4)};
        table.relation = pg_format(arena, "%Q", table.schema, table.name);
        if (!read_columns(sample, &table, err))
            return false;
        ARENA_PUSH(arena, sample->tables, sample->n_tables, table);
    }
    return true;
}

bool sample_activity(struct sampling *sample, bool first, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    double sign = first ? -1 : 1;
    if (!session_query(sample->source->session, sql_sample_activity, 0, NULL, &rows, err))
        return false;
    sample->read_seconds += sign * number(rows, 0, 0);
    sample->read_transactions += sign * number(rows, 0, 1);
    if (first || number(rows, 0, 2) > sample->read_sessions)
        sample->read_sessions = number(rows, 0, 2);
    return true;
}

static bool read_all(struct sampling *sample, struct error *err)
{
    struct session *session = sample->source->session;
    return session_run(session, begin_source, err) && session_run(session, replication_forms, err) &&
           session_run(session, no_path, err) && read_server(sample, err) &&
           read_list(sample, sql_sample_settings, &sample->settings, &sample->n_settings, err) &&
           read_roles(sample, err) && read_own_schemas(sample, err) && read_tables(sample, err) &&
           session_run(session, own_path, err) && sample_activity(sample, true, err);
}

bool pg_sample_open(const struct session_settings *settings, struct arena *arena, struct sampling **out,
                    struct error *err)
{
    struct sampling *sample = arena_alloc(arena, sizeof *sample);
    *out = NULL;
    *sample = (struct sampling){.source = arena_alloc(arena, sizeof *sample->source)};
    sample->source->arena = arena;
    sample->source->session = NULL;
    if (!pg_open(settings, &sample->source->session, err))
        return false;
    if (read_all(sample, err)) {
        *out = sample;
        return true;
    }
    pg_sample_close(sample);
    return false;
}

void pg_sample_close(struct sampling *sample)
{
    if (!sample)
        return;
    session_close(sample->source->session);
    sample->source->session = NULL;
}
