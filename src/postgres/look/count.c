/* Rows that fulfil a condition: how many, and which. A large table is read in part unless all of it is asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/layout.h"
#include "postgres/array.h"
#include "postgres/format.h"
#include "postgres/look/look_internal.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"
#include "sql.h"

static const double large = 64e6;  /* bytes */
static const double sample = 16e6; /* of a large one */
enum { MOST = 1000, SHOWN = 3 };

bool look_is_large(const struct look *look, const struct look_table *table)
{
    return !look->exact && table->told.bytes > large;
}

const char *look_key_of(const struct look_table *table, struct arena *arena)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!table->key)
        return "'row at ' || t.ctid::text";
    text_printf(&out, "%s", "'(");
    text_append(&out, table->key);
    text_append(&out, ") = (' || concat_ws(', '");
    for (const char *at = table->key; *at;) {
        /* A comma inside quotes belongs to the name. */
        size_t length = 0;
        for (bool quoted = false; at[length] && (quoted || at[length] != ','); length++)
            quoted = at[length] == '"' ? !quoted : quoted;
        text_append(&out, ", t.");
        text_append_n(&out, at, length);
        at += length + (at[length] == ',' ? 1 : 0);
    }
    text_append(&out, ") || ')'");
    return arena_strdup(arena, text_string(&out));
}

static struct lint_answer found(const struct rows *rows, double n, const char *what, struct arena *arena)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_count(&out, n);
    text_printf(&out, "%s %s", n >= MOST ? " or more" : "", what);
    for (size_t i = 1; i <= SHOWN && rows_get(rows, 0, i); i++)
        text_printf(&out, "%s%s", i == 1 ? ": " : ", ", rows_get(rows, 0, i));
    return (struct lint_answer){.truth = LINT_YES, .words = arena_strdup(arena, text_string(&out))};
}

struct lint_answer look_keys(struct look *look, const char *query, const char *what, struct arena *arena)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&sql,
                "SELECT count(*), (array_agg(key))[1], (array_agg(key))[2], (array_agg(key))[3] FROM (");
    text_append(&sql, query);
    pg_append(&sql, " LIMIT %d) AS found (key)", MOST);
    if (!look_ask(look, text_string(&sql), 0, NULL, &rows))
        return look_not_at(arena, "%s%s", look->why,
                           strstr(look->why, "statement timeout") ? "; --exact takes its time" : "");
    double n = look_number(rows, 0, 0);
    return n > 0 ? found(rows, n, what, arena) : (struct lint_answer){0};
}

struct lint_answer look_count(struct look *look, const struct look_table *table, const char *condition,
                              const char *what, struct arena *arena)
{
    SEGUE_CLEANUP(text_free) struct text query = {0};
    bool in_part = look_is_large(look, table);
    pg_append(&query, "SELECT %s FROM %s AS t", look_key_of(table, arena), table->relation);
    if (in_part)
        text_printf(&query, " TABLESAMPLE SYSTEM (%.6f)", 100 * sample / table->told.bytes);
    pg_append(&query, " WHERE %s", condition);
    struct lint_answer answer = look_keys(look, text_string(&query), what, arena);
    if (in_part && answer.truth == LINT_NO)
        return look_not_at(
            arena, "of all rows but a sample, in which there are no %s; --exact reads them all", what);
    return answer;
}

/* Collects the functions that a tree calls, and whether there is anything else that may do something. */
struct calls {
    struct text schemas, names;
    bool strange;
};

static void collect(ProtobufCMessage *message, void *context)
{
    struct calls *calls = context;
    calls->strange = calls->strange || message->descriptor == &pg_query__sub_link__descriptor;
    if (message->descriptor != &pg_query__func_call__descriptor)
        return;
    const PgQuery__FuncCall *call = (const PgQuery__FuncCall *)message;
    if (!call->n_funcname)
        return;
    pg_array_add(&calls->schemas, call->n_funcname > 1 ? parse_string(call->funcname[0]) : NULL);
    pg_array_add(&calls->names, parse_string(call->funcname[call->n_funcname - 1]));
}

/* Volatile functions may do anything. */
static bool does_nothing(struct look *look, struct calls *calls)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (calls->strange)
        return false;
    if (!calls->names.length)
        return true;
    const char *values[] = {pg_array_end(&calls->schemas), pg_array_end(&calls->names)};
    return look_ask(look, sql_check_volatile, SEGUE_COUNT(values), values, &rows) && !rows_get(rows, 0, 0);
}

const char *look_expression(struct look *look, const char *text, struct lint_slice slice, struct arena *arena)
{
    struct sql_expr parsed;
    struct parse_fault fault;
    struct calls calls = {0};
    const char *expr = arena_strndup(arena, text + slice.begin, slice.end - slice.begin);
    if (slice.end <= slice.begin || !sql_expr_open(arena, expr, &parsed, &fault))
        return NULL;
    parse_walk(&parsed.tree->base, collect, &calls);
    bool good = does_nothing(look, &calls);
    text_free(&calls.schemas);
    text_free(&calls.names);
    /* It is one whole expression: the parser has taken it between parentheses. */
    return good ? expr : NULL;
}
