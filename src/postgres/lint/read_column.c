/* A column's definition, and the constraints of a table. */
#include <string.h>

#include "postgres/lint/statement_internal.h"

static bool begins_constraint(const struct sql *sql)
{
    static const char *const words[] = {"constraint", "null",    "default",     "generated", "unique",
                                        "primary",    "check",   "references",  "collate",   "deferrable",
                                        "initially",  "storage", "compression", NULL};
    for (size_t i = 0; words[i]; i++) {
        if (sql_is(sql, words[i]))
            return true;
    }
    return sql_is(sql, "not") && (sql_ahead(sql, 1, "null") || sql_ahead(sql, 1, "deferrable") ||
                                  sql_ahead(sql, 1, "enforced") || sql_ahead(sql, 1, "valid"));
}

/* A default goes on up to what begins another constraint. */
static struct lint_slice expression(struct sql *sql)
{
    size_t from = sql->at;
    do
        sql_skip(sql);
    while (!sql_ended(sql) && !begins_constraint(sql));
    return sql_slice(sql, from);
}

static void generated(struct sql *sql, struct lint_action *action)
{
    (void)(sql_take(sql, "always") || sql_takes(sql, "by default"));
    (void)sql_take(sql, "as");
    if (sql_take(sql, "identity")) {
        action->flags |= LINT_IDENTITY | LINT_NOT_NULL;
        if (sql_is(sql, "("))
            sql_skip(sql);
        return;
    }
    size_t from = sql->at;
    if (sql_is(sql, "("))
        sql_skip(sql);
    action->expr = sql_slice(sql, from);
    if (sql_take(sql, "stored"))
        action->flags |= LINT_STORED;
    else {
        (void)sql_take(sql, "virtual"); /* what PostgreSQL 18 takes where neither is said */
        action->flags |= LINT_VIRTUAL;
    }
}

static void references(struct sql *sql, struct lint_action *action)
{
    const char **columns;
    size_t n;
    action->flags |= LINT_REFERENCES;
    action->other = sql_name(sql);
    sql_columns(sql, &action->referred, &action->n_referred);
    for (;;) {
        if (sql_take(sql, "match"))
            (void)sql_identifier(sql);
        else if (sql_takes(sql, "on delete cascade"))
            action->flags |= LINT_ON_DELETE_CASCADE;
        else if (sql_takes(sql, "on delete") || sql_takes(sql, "on update")) {
            (void)sql_takes(sql, "no action");
            if (sql_take(sql, "set"))
                (void)sql_identifier(sql);
            else
                (void)(sql_take(sql, "cascade") || sql_take(sql, "restrict"));
            sql_columns(sql, &columns, &n);
        } else {
            return;
        }
    }
}

/* One constraint of a column; false where none begins. */
static bool column_constraint(struct sql *sql, struct lint_action *action)
{
    if (sql_take(sql, "constraint"))
        action->name = sql_identifier(sql);
    else if (sql_takes(sql, "not null"))
        action->flags |= LINT_NOT_NULL;
    else if (sql_takes(sql, "not enforced"))
        action->flags |= LINT_NOT_ENFORCED;
    else if (sql_takes(sql, "not valid"))
        action->flags |= LINT_NOT_VALID;
    else if (sql_take(sql, "default")) {
        action->flags |= LINT_HAS_DEFAULT;
        action->expr = expression(sql);
    } else if (sql_take(sql, "generated"))
        generated(sql, action);
    else if (sql_take(sql, "unique"))
        action->flags |= LINT_UNIQUE;
    else if (sql_takes(sql, "primary key"))
        action->flags |= LINT_PRIMARY | LINT_NOT_NULL;
    else if (sql_take(sql, "check"))
        action->flags |= LINT_CHECK;
    else if (sql_take(sql, "references"))
        references(sql, action);
    else if (sql_take(sql, "collate")) {
        action->flags |= LINT_COLLATE;
        (void)sql_name(sql);
    } else
        return false;
    return true;
}

void statement_column(struct sql *sql, struct lint_action *action)
{
    static const char *const serials[] = {"serial", "bigserial", "smallserial"};
    action->type = sql_type(sql);
    for (size_t i = 0; action->type && i < 3; i++) {
        if (strcmp(action->type, serials[i]) == 0)
            action->flags |= LINT_SERIAL | LINT_NOT_NULL;
    }
    while (!sql_ended(sql)) {
        if (!column_constraint(sql, action))
            sql_skip(sql);
    }
}

/* Behind a constraint they belong to it. */
static bool is_attribute(const struct sql *sql)
{
    return sql_is(sql, "deferrable") || sql_is(sql, "initially") ||
           (sql_is(sql, "not") && !sql_ahead(sql, 1, "null"));
}

static void add_part(struct sql *sql, struct column_part **out, size_t *n)
{
    size_t from = sql->at;
    struct lint_action one = {0};
    struct column_part part = {0};
    if (sql_take(sql, "constraint"))
        part.name = sql_identifier(sql);
    part.body = sql->tokens[sql->at].begin;
    if (!column_constraint(sql, &one))
        sql_skip(sql);
    while (!sql_ended(sql) && (!begins_constraint(sql) || is_attribute(sql)))
        sql_skip(sql);
    unsigned implied = one.flags & (LINT_PRIMARY | LINT_IDENTITY) ? LINT_NOT_NULL : 0U;
    part.flag = one.flags & ~(implied | (unsigned)LINT_ON_DELETE_CASCADE);
    part.place = sql_slice(sql, from);
    ARENA_PUSH(sql->arena, *out, *n, part);
}

void statement_column_parts(struct arena *arena, const char *text, struct lint_slice place,
                            struct column_part **out, size_t *n)
{
    struct lex_token *tokens = NULL;
    size_t n_tokens = 0;
    for (size_t at = place.begin; at < place.end;) {
        struct lex_token token = lex_next(text, &at);
        if (token.begin < place.end)
            ARENA_PUSH(arena, tokens, n_tokens, token);
    }
    const struct lex_token end = {.begin = place.end, .end = place.end, .kind = LEX_END};
    ARENA_PUSH(arena, tokens, n_tokens, end);
    struct sql sql = {.arena = arena, .text = text, .tokens = tokens, .last = n_tokens - 1};
    *out = NULL;
    *n = 0;
    (void)sql_take(&sql, "add");
    (void)sql_take(&sql, "column");
    (void)sql_take_if(&sql);
    (void)sql_identifier(&sql);
    (void)sql_type(&sql);
    while (!sql_ended(&sql)) {
        if (begins_constraint(&sql))
            add_part(&sql, out, n);
        else
            sql_skip(&sql);
    }
}

/* A key's columns, or the index that becomes it. */
static void key(struct sql *sql, struct lint_action *action)
{
    if (sql_takes(sql, "using index")) {
        action->flags |= LINT_USING_INDEX;
        action->type = sql_identifier(sql);
        return;
    }
    (void)(sql_takes(sql, "nulls not distinct") || sql_takes(sql, "nulls distinct"));
    size_t from = sql->at;
    sql_columns(sql, &action->columns, &action->n_columns);
    for (size_t i = from; i < sql->at; i++) {
        if (lex_is(sql->text, &sql->tokens[i], "without"))
            action->flags |= LINT_WITHOUT_OVERLAPS;
    }
}

static bool body(struct sql *sql, struct lint_action *action)
{
    size_t from = sql->at;
    if (sql_take(sql, "check")) {
        action->act = LINT_ADD_CHECK;
        sql_skip(sql);
        action->expr = sql_slice(sql, from + 1);
    } else if (sql_take(sql, "unique")) {
        action->act = LINT_ADD_UNIQUE;
        key(sql, action);
    } else if (sql_takes(sql, "primary key")) {
        action->act = LINT_ADD_PRIMARY_KEY;
        key(sql, action);
    } else if (sql_takes(sql, "foreign key")) {
        action->act = LINT_ADD_FOREIGN_KEY;
        sql_columns(sql, &action->columns, &action->n_columns);
        if (sql_take(sql, "references"))
            references(sql, action);
    } else if (sql_take(sql, "exclude")) {
        action->act = LINT_ADD_EXCLUDE;
    } else if (sql_takes(sql, "not null")) {
        action->act = LINT_ADD_NOT_NULL;
        action->column = sql_identifier(sql);
    } else {
        return false;
    }
    return true;
}

bool statement_constraint(struct sql *sql, struct lint_action *action)
{
    if (sql_take(sql, "constraint"))
        action->name = sql_identifier(sql);
    if (!body(sql, action))
        return false;
    if (action->n_columns)
        action->column = action->columns[0];
    while (!sql_ended(sql)) {
        if (sql_takes(sql, "not valid"))
            action->flags |= LINT_NOT_VALID;
        else if (sql_takes(sql, "not enforced"))
            action->flags |= LINT_NOT_ENFORCED;
        else
            sql_skip(sql);
    }
    return true;
}
