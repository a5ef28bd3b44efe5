#include "postgres/inventory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "postgres/array.h"
#include "sql.h"

/* Definitions are printed as seen from the search path: from an empty one they are the same wherever they are read. */
static const char settings[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL search_path = ''; SET LOCAL jit = off; "
    "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '30s'";

/* The first column of a query over the schema, as an array's text. */
static bool read_lines(struct session *session, const char *query, const char *schema, struct text *out,
                       struct error *err)
{
    const char *values[] = {schema};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, query, 1, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        pg_array_add(out, rows_get(rows, i, 0));
    return true;
}

static bool take(struct session *session, const char *id, const char *schema, const char *moment,
                 struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text objects = {0};
    SEGUE_CLEANUP(text_free) struct text rights = {0};
    if (!read_lines(session, sql_baseline_objects, schema, &objects, err) ||
        !read_lines(session, sql_audit_rights, schema, &rights, err))
        return false;
    const char *values[] = {id, moment, pg_array_end(&objects), pg_array_end(&rights)};
    return session_query(session, sql_inventory_store, SEGUE_COUNT(values), values, NULL, err);
}

bool pg_inventory_take(struct session *session, int64_t id, const char *schema, const char *moment,
                       struct error *err)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRId64, id);
    return session_run(session, settings, err) &&
           session_end(session, take(session, number, schema, moment, err), err);
}

static void find(struct arena *arena, struct audit *out, const char *rule, const char *line,
                 const char *message, const char *hint)
{
    struct audit_finding finding = {.rule = rule, .object = line, .message = message, .hint = hint};
    ARENA_PUSH(arena, out->findings, out->n_findings, finding);
}

static void add(struct arena *arena, struct audit *out, const char *what, const char *line)
{
    line = arena_strdup(arena, line);
    if (strcmp(what, "removed") == 0 || strcmp(what, "added") == 0) {
        struct audit_change change = {.added = strcmp(what, "added") == 0, .line = line};
        ARENA_PUSH(arena, out->changes, out->n_changes, change);
    } else if (strcmp(what, "lost") == 0) {
        find(
            arena, out, "lost-meanwhile", line,
            arena_printf(arena, "lost while the migration was under way, which did not ask for it: %s", line),
            "make it anew, if nobody meant that");
    } else if (strcmp(what, "gone") == 0) {
        find(arena, out, "changed-since", line,
             arena_printf(arena, "not any more as the migration left it: %s", line),
             "put it back, if nobody meant that; the next migration starts from what is there");
    } else if (strcmp(what, "right") == 0) {
        find(arena, out, "right-lost", line, arena_printf(arena, "this right is gone: %s", line),
             "GRANT it again, if nobody meant that");
    }
}

static bool compare(struct session *session, const char *id, const char *schema, struct arena *arena,
                    struct audit *out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text objects = {0};
    SEGUE_CLEANUP(text_free) struct text rights = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!read_lines(session, sql_baseline_objects, schema, &objects, err) ||
        !read_lines(session, sql_audit_rights, schema, &rights, err))
        return false;
    const char *values[] = {id, pg_array_end(&objects), pg_array_end(&rights)};
    if (!session_query(session, sql_audit_changes, SEGUE_COUNT(values), values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        add(arena, out, rows_get(rows, i, 0), rows_get(rows, i, 1));
    return true;
}

/* Tables of an earlier segue have none. */
static bool are_kept(struct session *session, bool *kept, struct error *err)
{
    char value[8];
    bool null;
    if (!session_value(session, "SELECT pg_catalog.to_regclass('segue.inventories') IS NOT NULL", 0, NULL,
                       value, sizeof value, &null, err))
        return false;
    *kept = strcmp(value, "t") == 0;
    return true;
}

bool pg_inventory_audit(struct session *session, int64_t id, const char *schema, struct arena *arena,
                        struct audit *out, struct error *err)
{
    char number[24];
    bool kept;
    if (!are_kept(session, &kept, err))
        return false;
    (void)snprintf(number, sizeof number, "%" PRId64, id);
    return !kept || (session_run(session, settings, err) &&
                     session_end(session, compare(session, number, schema, arena, out, err), err));
}
