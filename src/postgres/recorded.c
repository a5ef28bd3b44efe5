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

static bool read_recorded(struct session *session, const char *schema, size_t limit, struct arena *arena,
                          struct recorded_statement **out, size_t *n, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *sql = pg_format(
        arena,
        "SELECT s.query, sum(s.calls)::float8, (sum(s.total_exec_time) / greatest(sum(s.calls), 1))::float8 "
        "FROM %I.pg_stat_statements AS s WHERE s.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = "
        "current_database()) AND s.query ~* '^\\s*(select|insert|update|delete|with|merge)\\M' AND strpos(s.query, "
        "'_segue_') = 0 GROUP BY s.query ORDER BY sum(s.total_exec_time) DESC LIMIT %zu",
        schema, limit);
    if (!session_query(session, sql, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct recorded_statement statement = {.text = arena_strdup(arena, rows_get(rows, i, 0)),
                                                     .calls = strtod(rows_get(rows, i, 1), NULL),
                                                     .mean_ms = strtod(rows_get(rows, i, 2), NULL)};
        ARENA_PUSH(arena, *out, *n, statement);
    }
    return true;
}

bool pg_recorded_statements(struct session *session, size_t limit, struct arena *arena,
                            struct recorded_statement **out, size_t *n, const char **why, struct error *err)
{
    const char *schema = NULL;
    *why = NULL;
    if (!find(session, arena, &schema, err) ||
        (schema && !read_recorded(session, schema, limit, arena, out, n, err))) {
        if (is_end(err))
            return false;
        *why = arena_printf(arena, "pg_stat_statements cannot be read: %s", err->message);
        return true;
    }
    if (!schema)
        *why = "the target has no pg_stat_statements";
    else if (*n == 0)
        *why = "pg_stat_statements has recorded none that this role may see";
    return true;
}

bool pg_statements_in(struct arena *arena, const char *path, const char *content,
                      struct recorded_statement **out, size_t *n, struct error *err)
{
    struct parse_slice *slices = NULL;
    struct parse_fault fault;
    size_t n_slices = 0;
    if (!parse_split(arena, content, &slices, &n_slices, &fault)) {
        error_set(err, ERROR_USAGE, "%s", fault.message);
        return error_where(err, "%s", path);
    }
    for (size_t i = 0; i < n_slices; i++) {
        const struct recorded_statement statement = {
            .text = arena_strndup(arena, content + slices[i].begin, slices[i].end - slices[i].begin)};
        ARENA_PUSH(arena, *out, *n, statement);
    }
    return true;
}

static bool set_path(struct session *session, struct arena *arena, const char *version, const char *path,
                     struct error *err)
{
    const char *whole = version ? pg_format(arena, "%I, %s", version, path) : path;
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
        !set_path(session, arena, version, search_path, err) ||
        !session_query(session, arena_printf(arena, "PREPARE _segue_shape AS %s", statement), 0, NULL, NULL,
                       err))
        return false;
    bool good = explain(session, arena, out, err);
    (void)!session_run(session, "DEALLOCATE _segue_shape", &ignored);
    return good;
}
