/* Whether values of a column do not become another type. */
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/look/look_internal.h"
#include "postgres/sqltree.h"
#include "sql.h"

struct type_look {
    struct look *look;
    const struct look_table *table;
    const struct lint_action *action;
    struct arena *arena;
    const char *value; /* what is cast, in SQL */
};

/* varchar(n), char(n): n; else 0. Trailing blanks may be cut. */
static long length_of(const char *type)
{
    const char *bracket = strchr(type, '(');
    bool text = strncmp(type, "character", 9) == 0;
    return text && bracket ? strtol(bracket + 1, NULL, 10) : 0;
}

static const char *bounds(const char *type)
{
    if (strcmp(type, "smallint") == 0)
        return "BETWEEN -32768.5 AND 32767.4999";
    return strcmp(type, "integer") == 0 ? "BETWEEN -2147483648.5 AND 2147483647.4999" : NULL;
}

static bool is_number(const char *type)
{
    return strcmp(type, "bigint") == 0 || strcmp(type, "integer") == 0 || strcmp(type, "smallint") == 0 ||
           strncmp(type, "numeric", 7) == 0;
}

/* The server tries values one after another; the first that fails ends it. */
static struct lint_answer try_all(const struct type_look *t)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (look_is_large(t->look, t->table))
        return look_not_at(t->arena, "whether all values of %s become %s, as %s is large; --exact looks",
                           t->action->column, t->action->type, t->action->relation.name);
    pg_append(&sql, "SELECT count(CAST(%s AS %s)) FROM %s AS t", t->value, t->action->type,
              t->table->relation);
    if (look_ask(t->look, text_string(&sql), 0, NULL, &rows))
        return (struct lint_answer){0};
    /* What stands behind the colon is a value of somebody's row. */
    const char *value = strstr(t->look->why, ": \"");
    size_t length = value ? (size_t)(value - t->look->why) : strlen(t->look->why);
    return (struct lint_answer){.truth = LINT_YES, .words = arena_strndup(t->arena, t->look->why, length)};
}

static struct lint_answer by_type(const struct type_look *t, const char *was)
{
    const char *to = t->action->type;
    const char *what = arena_printf(t->arena, "rows of %s whose %s does not become %s",
                                    t->action->relation.name, t->action->column, to);
    long most = length_of(to);
    const char *condition = NULL;
    if (most > 0)
        condition = pg_format(t->arena, "char_length(rtrim((%s)::text, ' ')) > %ld", t->value, most);
    else if (bounds(to) && is_number(was) && !(t->action->flags & LINT_USING))
        condition = pg_format(t->arena, "%s NOT %s", t->value, bounds(to));
    else if (t->look->source.server_major >= 16)
        condition = pg_format(t->arena, "NOT pg_input_is_valid((%s)::text, %L)", t->value, to);
    return condition && (most > 0 || !(t->action->flags & LINT_USING))
               ? look_count(t->look, t->table, condition, what, t->arena)
               : try_all(t);
}

/* What a type is called stands in the file: only what is surely a type's name goes to the server. */
static bool is_plain(const char *type)
{
    for (const char *c = type; *c; c++) {
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_ (),.[]", *c))
            return false;
    }
    return true;
}

struct lint_answer look_type(struct look *look, const struct look_table *table,
                             const struct lint_statement *statement, const struct lint_action *action,
                             struct arena *arena)
{
    struct type_look t = {.look = look, .table = table, .action = action, .arena = arena};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {table->relation, action->column, action->type};
    if (!action->type || !action->column || !is_plain(action->type))
        return look_not_at(arena, "whether all values become the new type");
    if (!look_ask(look, sql_lint_column, SEGUE_COUNT(values), values, &rows) || !rows_count(rows))
        return look_not_at(arena, "whether all values become %s", action->type);
    const char *was = rows_get(rows, 0, 0), *becomes = rows_get(rows, 0, 4);
    if (action->flags & LINT_USING) {
        struct error err;
        const char *expr = look_expression(look, statement->text, action->expr, arena);
        if (!expr || !sql_expr_unqualify(arena, expr, action->relation.name, &t.value, &err))
            return look_not_at(arena,
                               "whether USING works for all values: it is more than columns and operators");
        t.value = arena_printf(arena, "(%s)", t.value);
        return by_type(&t, was);
    }
    if (!becomes || strcmp(was, action->type) == 0)
        return (struct lint_answer){0};
    if (strcmp(becomes, "n") == 0)
        return (struct lint_answer){
            .truth = LINT_YES,
            .words = arena_printf(arena, "%s does not become %s by itself: USING must say how", was,
                                  action->type)};
    bool fits = strcmp(becomes, "b") == 0 && !strchr(action->type, '(');
    bool wider = strcmp(becomes, "i") == 0 && !strchr(action->type, '(');
    if (fits || wider || strcmp(action->type, "text") == 0)
        return (struct lint_answer){0};
    t.value = pg_format(arena, "t.%I", action->column);
    return by_type(&t, was);
}
