#include "postgres/statements.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/array.h"
#include "postgres/format.h"
#include "sql.h"

/* What the extension says when its library was not loaded with the server: it sums up nothing. */
static const char NOT_LOADED[] = "55000";

static bool fail(struct statement_figures *out, const struct error *err)
{
    if (err->class == ERROR_LOST || err->class == ERROR_INTERRUPTED)
        return false;
    out->there = strcmp(err->sqlstate, NOT_LOADED) != 0;
    out->readable = false;
    (void)snprintf(out->why, sizeof out->why, "%.199s", err->message);
    return true;
}

/* Its texts, by which statements are chosen, are read from a file, so that happens only before the work. Chosen ones are asked for
 * by number. Those of other roles have neither where this one may not see them. */
static void compose(struct text *sql, const struct statement_figures *known, bool choose)
{
    pg_append(
        sql,
        "SELECT s.queryid, sum(s.calls)::float8, sum(s.total_exec_time)::float8 / 1000, count(*)::float8 FROM ");
    pg_append(sql, "%I.pg_stat_statements(%s) AS s ", known->schema, choose ? "true" : "false");
    pg_append(sql, "WHERE s.toplevel AND s.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = "
                   "current_database()) AND ");
    if (choose)
        pg_append(sql, "(s.queryid IS NULL OR s.query ~* %L AND strpos(s.query, '_segue_') = 0)",
                  known->pattern);
    else
        pg_append(sql, "(s.queryid IS NULL OR s.queryid = ANY ($1::bigint[]))");
    pg_append(sql, " GROUP BY s.queryid");
}

static void hide(struct statement_figures *out, const char *n)
{
    out->readable = false;
    (void)snprintf(out->why, sizeof out->why,
                   "%s of them are hidden from this role; GRANT pg_read_all_stats shows them", n);
}

static struct statement_figure figure(const struct rows *rows, size_t row)
{
    return (struct statement_figure){.id = strtoll(rows_get(rows, row, 0), NULL, 10),
                                     .calls = strtod(rows_get(rows, row, 1), NULL),
                                     .seconds = strtod(rows_get(rows, row, 2), NULL)};
}

/* One that is not there any more stays as it was. */
static void refresh(struct statement_figures *out, const struct statement_figure *now)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->list[i].id == now->id)
            out->list[i] = *now;
}

/* arena: of a new list; NULL: the list stays. */
static void take(struct statement_figures *out, const struct rows *rows, struct arena *arena)
{
    size_t n = rows_count(rows);
    out->readable = true;
    if (arena) {
        out->n = 0;
        out->list = arena_alloc(arena, (n + 1) * sizeof *out->list);
    }
    for (size_t i = 0; i < n; i++) {
        if (!rows_get(rows, i, 0)) {
            hide(out, rows_get(rows, i, 3));
            continue;
        }
        const struct statement_figure now = figure(rows, i);
        if (arena)
            out->list[out->n++] = now;
        else
            refresh(out, &now);
    }
}

/* Where the extension is, and how the table is called in statements. */
static bool look(struct session *session, const char *table, struct arena *arena,
                 struct statement_figures *out, struct error *err)
{
    const char *values[] = {table};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *out = (struct statement_figures){0};
    if (!session_query(session, sql_statements_there, 1, values, &rows, err))
        return fail(out, err);
    out->there = rows_count(rows) > 0;
    if (!out->there)
        return true;
    out->schema = arena_strdup(arena, rows_get(rows, 0, 0));
    out->pattern = arena_strdup(arena, rows_get(rows, 0, 2));
    out->readable = strcmp(rows_get(rows, 0, 1), "t") == 0;
    if (!out->readable)
        (void)snprintf(out->why, sizeof out->why,
                       "the extension is older than its library: ALTER EXTENSION pg_stat_statements UPDATE");
    return true;
}

bool pg_read_statements(struct session *session, const char *table, bool choose, struct arena *arena,
                        struct statement_figures *out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0}, ids = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!out->schema || choose) {
        if (!look(session, table, arena, out, err))
            return false;
        choose = true;
        if (!out->there || !out->readable)
            return true;
    }
    for (size_t i = 0; i < out->n; i++)
        text_printf(&ids, "%s%" PRId64, i ? "," : "{", out->list[i].id);
    text_append(&ids, out->n ? "}" : "{}");
    const char *values[] = {text_string(&ids)};
    compose(&sql, out, choose);
    if (!session_query(session, text_string(&sql), choose ? 0 : 1, values, &rows, err))
        return fail(out, err);
    take(out, rows, choose ? arena : NULL);
    return true;
}
