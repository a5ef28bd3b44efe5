#include "postgres/recorded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse.h"

static const char where_is_it[] =
    "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = "
    "'pg_stat_statements'";

static bool is_end(const struct error *err)
{
    return err->class == ERROR_LOST || err->class == ERROR_INTERRUPTED;
}

/* Where the extension is; NULL: it is not. */
static bool find(struct session *session, struct arena *arena, const char **schema, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, where_is_it, 0, NULL, &rows, err))
        return false;
    *schema = rows_count(rows) ? arena_strdup(arena, rows_get(rows, 0, 0)) : NULL;
    return true;
}

/* Statements within functions are told by those that call them. */
static const char compose_recorded[] =
    "WITH s AS (SELECT r.query, sum(r.calls)::float8 AS calls, sum(r.total_exec_time)::float8 AS ms "
    "FROM %I.pg_stat_statements AS r WHERE r.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) "
    "AND to_jsonb(r) ->> 'toplevel' IS DISTINCT FROM 'false' AND strpos(r.query, '_segue_') = 0 GROUP BY r.query), "
    "ranked AS (SELECT s.*, row_number() OVER (ORDER BY ms DESC) AS by_time, row_number() OVER (ORDER BY calls DESC) AS by_calls "
    "FROM s WHERE s.query <> '<insufficient privilege>') "
    "SELECT query, calls, ms / greatest(calls, 1), query !~* '^\\s*[(]*\\s*(select|insert|update|delete|with|merge|values)\\M', "
    "(SELECT count(*) FROM ranked)::float8, (SELECT sum(calls) FROM ranked), "
    "(SELECT count(*) FROM s WHERE s.query = '<insufficient privilege>')::float8 "
    "FROM ranked WHERE least(by_time, by_calls) <= %zu ORDER BY by_time";

static double number(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? strtod(value, NULL) : 0;
}

static bool read_recorded(struct session *session, const char *schema, size_t limit, struct arena *arena,
                          struct recorded_statements *out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, pg_format(arena, compose_recorded, schema, limit), 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct recorded_statement statement = {
            .text = recorded_text(arena, arena_strdup(arena, rows_get(rows, i, 0))),
            .calls = number(rows, i, 1),
            .mean_ms = number(rows, i, 2),
            .utility = *rows_get(rows, i, 3) == 't'};
        ARENA_PUSH(arena, out->list, out->n, statement);
        out->all = number(rows, i, 4);
        out->calls = number(rows, i, 5);
        out->hidden = number(rows, i, 6);
    }
    return true;
}

/* Extensions before 1.9 do not tell since when. */
static bool read_rate(struct session *session, const char *schema, struct arena *arena,
                      struct recorded_statements *out, struct error *err)
{
    char seconds[40];
    bool null = true;
    struct error unknown;
    const char *sql = pg_format(
        arena,
        "SELECT extract(epoch FROM clock_timestamp() - stats_reset)::float8 FROM %I.pg_stat_statements_info",
        schema);
    if (!session_value(session, sql, 0, NULL, seconds, sizeof seconds, &null, &unknown)) {
        if (!is_end(&unknown))
            return true;
        *err = unknown;
        return false;
    }
    double since = null ? 0 : strtod(seconds, NULL);
    out->per_second = since > 0 ? out->calls / since : 0;
    return true;
}

bool pg_recorded_statements(struct session *session, size_t limit, struct arena *arena,
                            struct recorded_statements *out, struct error *err)
{
    const char *schema = NULL;
    *out = (struct recorded_statements){0};
    if (!find(session, arena, &schema, err) ||
        (schema && (!read_recorded(session, schema, limit, arena, out, err) ||
                    !read_rate(session, schema, arena, out, err)))) {
        if (is_end(err))
            return false;
        out->why = arena_printf(arena, "pg_stat_statements cannot be read: %s", err->message);
        return true;
    }
    if (!schema)
        out->why = "the target has no pg_stat_statements";
    else if (out->n == 0)
        out->why = "pg_stat_statements has recorded none that this role may see";
    return true;
}

bool pg_statements_in(struct arena *arena, const char *path, const char *content,
                      struct recorded_statements *out, struct error *err)
{
    struct parse_slice *slices = NULL;
    struct parse_fault fault;
    size_t n_slices = 0;
    *out = (struct recorded_statements){0};
    if (!parse_split(arena, content, &slices, &n_slices, &fault)) {
        error_set(err, ERROR_USAGE, "%s", fault.message);
        return error_where(err, "%s", path);
    }
    for (size_t i = 0; i < n_slices; i++) {
        const struct recorded_statement statement = {
            .text = arena_strndup(arena, content + slices[i].begin, slices[i].end - slices[i].begin)};
        ARENA_PUSH(arena, out->list, out->n, statement);
    }
    out->all = (double)out->n;
    if (out->n == 0)
        out->why = arena_printf(arena, "%s has no statement", path);
    return true;
}

bool pg_enter_version(struct session *session, const char *version, const char *search_path,
                      struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const char *whole = version ? pg_format(arena, "%I, %s", version, search_path) : search_path;
    return session_query(session, "SELECT pg_catalog.set_config('search_path', $1, false)", 1, &whole, NULL,
                         err);
}

/* "EXECUTE name (NULL, NULL)": the plan is the one for any values. */
static bool compose(struct session *session, struct text *sql, struct error *err)
{
    char value[24];
    bool null = false;
    if (!session_value(
            session,
            "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = '_segue_shape'", 0,
            NULL, value, sizeof value, &null, err))
        return false;
    long n = null ? 0 : strtol(value, NULL, 10);
    text_append(sql, "EXPLAIN EXECUTE _segue_shape");
    for (long i = 0; i < n; i++)
        text_append(sql, i == 0 ? " (NULL" : ", NULL");
    text_append(sql, n > 0 ? ")" : "");
    return true;
}

/* A line that names a node: the first, and those behind an arrow. Estimates and aliases are taken off. */
static void append_node(struct text *shape, const char *line, bool first)
{
    const char *arrow = strstr(line, "->  ");
    const char *cost = strstr(line, "  (cost=");
    if ((!arrow && !first) || !cost)
        return;
    const char *begin = arrow ? arrow + 4 : line;
    size_t length = (size_t)(cost - begin), indent = (size_t)(begin - line);
    const char *on = strstr(begin, " on ");
    if (on && on < cost) {
        const char *alias = memchr(on + 4, ' ', (size_t)(cost - on) - 4);
        length = alias ? (size_t)(alias - begin) : length;
    }
    text_printf(shape, "%*s%.*s\n", (int)(indent > 60 ? 60 : indent), "", (int)length, begin);
}

static bool explain(struct session *session, struct arena *arena, struct plan_shape *out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    SEGUE_CLEANUP(text_free) struct text shape = {0};
    if (!compose(session, &sql, err) || !session_query(session, text_string(&sql), 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        append_node(&shape, rows_get(rows, i, 0), i == 0);
    const char *total = rows_count(rows) ? strstr(rows_get(rows, 0, 0), "..") : NULL;
    out->cost = total ? strtod(total + 2, NULL) : 0;
    out->nodes = arena_strdup(arena, text_string(&shape));
    return true;
}

bool pg_plan_shape(struct session *session, const char *version, const char *search_path,
                   const char *statement, struct arena *arena, struct plan_shape *out, struct error *err)
{
    struct error ignored;
    *out = (struct plan_shape){0};
    if (!session_run(session, "SET plan_cache_mode = force_generic_plan", err) ||
        !pg_enter_version(session, version, search_path, err) ||
        !session_query(session, arena_printf(arena, "PREPARE _segue_shape AS %s", statement), 0, NULL, NULL,
                       err))
        return false;
    bool good = explain(session, arena, out, err);
    (void)!session_run(session, "DEALLOCATE _segue_shape", &ignored);
    return good;
}
