/* Constraints and keys in steps of which none reads rows under a strong lock. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/lint/fix_internal.h"
#include "postgres/lint/lex.h"
#include "postgres/sqltree.h"

static bool is_taken(const char *name, const void *context)
{
    const struct fix *fix = context;
    const struct name relation = {.schema = fix->action->relation.schema, .name = name};
    return known_constraint(fix->relation, name) || known_relation(fix->known, relation);
}

const char *fix_name(const struct fix *fix, const char *name, const char *label)
{
    return pg_choose_name(fix->arena, fix->action->relation.name, name, label, is_taken, fix);
}

const char *fix_columns(const struct fix *fix)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < fix->action->n_columns; i++) {
        if (!fix->action->columns[i])
            return NULL;
        text_printf(&out, "%s%s", i ? "_" : "", fix->action->columns[i]);
    }
    return out.length ? arena_strdup(fix->arena, text_string(&out)) : NULL;
}

const char *fix_check_name(const struct fix *fix, const char *expr)
{
    struct error err;
    const char **columns;
    size_t n;
    bool subquery;
    if (!sql_expr_columns(fix->arena, expr, fix->action->relation.name, &columns, &n, &subquery, &err))
        return NULL;
    return fix_name(fix, n == 1 ? columns[0] : NULL, "check");
}

void fix_not_valid(struct fix *fix, const char *name, const char *definition)
{
    const char *quoted = pg_format(fix->arena, "%I", name);
    fix_add(fix, "%sADD CONSTRAINT %s %s NOT VALID", fix->head, quoted, definition);
    fix_add(fix, "%sVALIDATE CONSTRAINT %s", fix->head, quoted);
}

void fix_not_null(struct fix *fix, const char *column)
{
    const char *quoted = pg_format(fix->arena, "%I", column);
    const char *name = pg_format(fix->arena, "%I", fix_name(fix, column, "there"));
    fix_add(fix, "%sADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", fix->head, name, quoted);
    fix_add(fix, "%sVALIDATE CONSTRAINT %s", fix->head, name);
    fix_add(fix, "%sALTER COLUMN %s SET NOT NULL", fix->head, quoted);
    fix_add(fix, "%sDROP CONSTRAINT %s", fix->head, name);
}

void fix_key(struct fix *fix, const char *name, const char *kind, const char *columns, const char *tail)
{
    const char *quoted = pg_format(fix->arena, "%I", name);
    fix_add(fix, "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s %s", quoted, fix->table, columns);
    fix_add(fix, "%sADD CONSTRAINT %s %s USING INDEX %s%s", fix->head, quoted, kind, quoted, tail);
}

bool fix_set_not_null(struct fix *fix)
{
    /* Of a table that nobody has told of, a validated CHECK would not be known either. */
    if (fix->request->in_transaction || !fix->head || !known_column(fix->relation, fix->action->column))
        return false;
    fix_not_null(fix, fix->action->column);
    return fix_replace(fix);
}

/* The body of the action, from that word on. */
static const char *from_word(const struct fix *fix, const char *word)
{
    for (size_t at = fix->action->place.begin; at < fix->action->place.end;) {
        struct lex_token token = lex_next(fix->text, &at);
        if (lex_is(fix->text, &token, word))
            return fix_words(fix, (struct lint_slice){token.begin, fix->action->place.end});
    }
    return NULL;
}

static bool not_valid(struct fix *fix, const char *word, const char *automatic)
{
    const char *definition = from_word(fix, word);
    const char *name = fix->action->name ? fix->action->name : automatic;
    if (!definition || !name)
        return false;
    fix_not_valid(fix, name, definition);
    return fix_replace(fix);
}

static bool foreign_key(struct fix *fix)
{
    const char *columns = fix_columns(fix);
    bool parts = fix->relation && fix->relation->partitioned;
    if (!columns || fix->action->fails == LINT_YES || (parts && fix->request->settings->server_major < 18))
        return false;
    return not_valid(fix, "foreign", fix_name(fix, columns, "fkey"));
}

/* The columns in their parentheses, and what stands behind. False where an index cannot say it the same way. */
static bool key_parts(const struct fix *fix, const char **columns, const char **tail)
{
    const char *text = fix->text;
    size_t at = fix->action->place.begin, end = fix->action->place.end;
    struct lex_token open = {0};
    while (at < end && !lex_is(text, &open, "("))
        open = lex_next(text, &at);
    struct lex_token close = open;
    while (at < end && !lex_is(text, &close, ")"))
        close = lex_next(text, &at);
    *columns = fix_words(fix, (struct lint_slice){open.begin, close.end});
    *tail = fix_words(fix, (struct lint_slice){close.end, end});
    while (at < end) {
        struct lex_token token = lex_next(text, &at);
        if (token.begin >= end)
            break;
        if (!lex_is(text, &token, "deferrable") && !lex_is(text, &token, "initially") &&
            !lex_is(text, &token, "deferred") && !lex_is(text, &token, "immediate") &&
            !lex_is(text, &token, "not"))
            return false;
    }
    return lex_is(text, &open, "(");
}

static bool has_word(const struct fix *fix, const char *word)
{
    return from_word(fix, word) != NULL;
}

static void make_columns_not_null(struct fix *fix)
{
    for (size_t i = 0; i < fix->action->n_columns; i++) {
        const struct known_column *column = known_column(fix->relation, fix->action->columns[i]);
        if (!column || !column->not_null)
            fix_not_null(fix, fix->action->columns[i]);
    }
}

static bool key(struct fix *fix)
{
    const char *columns, *tail, *joined = fix_columns(fix);
    bool primary = fix->action->act == LINT_ADD_PRIMARY_KEY;
    bool parts = fix->relation && (fix->relation->partitioned || fix->relation->parent);
    unsigned not_so = LINT_ONLY | LINT_IF_EXISTS | LINT_USING_INDEX | LINT_WITHOUT_OVERLAPS;
    if (!joined || parts || (fix->action->flags & not_so) || has_word(fix, "distinct") ||
        !key_parts(fix, &columns, &tail))
        return false;
    if (primary && !fix->relation)
        return false;
    if (primary)
        make_columns_not_null(fix);
    const char *name = fix->action->name ? fix->action->name
                       : primary         ? fix_name(fix, NULL, "pkey")
                                         : fix_name(fix, joined, "key");
    fix_key(fix, name, primary ? "PRIMARY KEY" : "UNIQUE", columns, tail);
    return fix_replace(fix);
}

bool fix_constraint(struct fix *fix)
{
    if (fix->request->in_transaction || !fix->head)
        return false;
    switch (fix->action->act) {
    case LINT_ADD_CHECK:
        return not_valid(fix, "check",
                         fix->action->name ? NULL : fix_check_name(fix, fix_words(fix, fix->action->expr)));
    case LINT_ADD_FOREIGN_KEY: return foreign_key(fix);
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY: return key(fix);
    default: return false;
    }
}
