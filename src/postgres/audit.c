#include "postgres/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "sql.h"

static const char *keep(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? arena_strdup(arena, value) : NULL;
}

/* Values are printed alike in every session, so that they have one checksum. */
static const char look[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog; "
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = postgres; "
    "SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; "
    "SET LOCAL bytea_output = hex; SET LOCAL lc_monetary = 'C'; SET LOCAL row_security = off";

/* The query gives number and checksum. */
static bool look_at_rows(struct session *session, const struct audit_wish *wish, const char *relation,
                         const char *query, struct arena *arena, struct audit_table *table, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!wish->count && !wish->checksums)
        return true;
    if (!session_query(session,
                       wish->checksums ? query : pg_format(arena, "SELECT count(*) FROM ONLY %s", relation),
                       0, NULL, &rows, err))
        return false;
    table->rows = strtoll(rows_get(rows, 0, 0), NULL, 10);
    table->counted = true;
    table->checksum = wish->checksums ? keep(arena, rows, 0, 1) : NULL;
    return true;
}

static bool read_tables(struct session *session, const char *schema, const struct audit_wish *wish,
                        struct arena *arena, struct audit *out, struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_audit_tables, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct audit_table table = {.name = keep(arena, rows, i, 0),
                                    .rows = strtoll(rows_get(rows, i, 2), NULL, 10),
                                    .bytes = strtoll(rows_get(rows, i, 3), NULL, 10),
                                    .rows_planned = -1,
                                    .indexes = atoi(rows_get(rows, i, 4))};
        if (!look_at_rows(session, wish, rows_get(rows, i, 1), rows_get(rows, i, 5), arena, &table, err))
            return false;
        ARENA_PUSH(arena, out->tables, out->n_tables, table);
    }
    return true;
}

static bool read_findings(struct session *session, const char *schema, struct arena *arena, struct audit *out,
                          struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_audit_findings, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct audit_finding finding = {.rule = keep(arena, rows, i, 0),
                                        .object = keep(arena, rows, i, 1),
                                        .message = keep(arena, rows, i, 2),
                                        .hint = keep(arena, rows, i, 3)};
        ARENA_PUSH(arena, out->findings, out->n_findings, finding);
    }
    return true;
}

/* One sequence: the highest number of its column must be behind it. */
static bool look_at_sequence(struct session *session, const struct rows *all, size_t row, struct arena *arena,
                             struct audit *out, struct error *err)
{
    const char *sequence = rows_get(all, row, 0), *table = rows_get(all, row, 1),
               *column = rows_get(all, row, 2);
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, rows_get(all, row, 3), 0, NULL, &rows, err))
        return false;
    const char *behind = rows_count(rows) ? rows_get(rows, 0, 2) : NULL;
    if (!behind || strcmp(behind, "t") != 0)
        return true;
    struct audit_finding finding = {
        .rule = "sequence-behind",
        .object = arena_strdup(arena, sequence),
        .message =
            arena_printf(arena, "sequence %s is at %s, and %s of %s has come to %s: numbers would come twice",
                         sequence, rows_get(rows, 0, 1), column, table, rows_get(rows, 0, 0)),
        .hint = pg_format(arena, "SELECT setval(%L, %s)", sequence, rows_get(rows, 0, 0))};
    ARENA_PUSH(arena, out->findings, out->n_findings, finding);
    return true;
}

static bool read_sequences(struct session *session, const char *schema, struct arena *arena,
                           struct audit *out, struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_audit_sequences, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        if (!look_at_sequence(session, rows, i, arena, out, err))
            return false;
    return true;
}

bool pg_audit(struct session *session, const char *schema, const struct audit_wish *wish, struct arena *arena,
              struct audit *out, struct error *err)
{
    return session_run(session, look, err) &&
           session_end(session, read_tables(session, schema, wish, arena, out, err), err) &&
           read_findings(session, schema, arena, out, err) &&
           read_sequences(session, schema, arena, out, err);
}
