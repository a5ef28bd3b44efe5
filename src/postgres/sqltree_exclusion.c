/* Exclusion constraints: what they read, and their elements one by one. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* The elements as those of the index that carries the constraint. */
static void as_index(struct arena *arena, const PgQuery__Constraint *constraint, PgQuery__IndexStmt *out)
{
    pg_query__index_stmt__init(out);
    for (size_t i = 0; i < constraint->n_exclusions; i++)
        ARENA_PUSH(arena, out->index_params, out->n_index_params, constraint->exclusions[i]->list->items[0]);
    out->index_including_params = constraint->including;
    out->n_index_including_params = constraint->n_including;
}

bool sql_exclusion_define(struct arena *arena, const PgQuery__Constraint *constraint, const char *table,
                          struct constraint_def *def, struct parse_fault *fault)
{
    PgQuery__Constraint tree = *constraint;
    PgQuery__IndexStmt index;
    struct sql_refs refs;
    const char **read;
    size_t n_read;
    as_index(arena, constraint, &index);
    sql_refs_find(arena, &tree.base, &refs);
    if (!sql_refs_columns(&refs, table, &read, &n_read, fault))
        return false;
    for (size_t i = 0; i < index.n_index_params; i++) {
        const char *name = index.index_params[i]->index_elem->name;
        if (parse_given(name))
            sql_add_distinct(arena, &def->columns, &def->n_columns, name);
    }
    for (size_t i = 0; i < index.n_index_including_params; i++)
        sql_add_distinct(arena, &def->columns, &def->n_columns,
                         index.index_including_params[i]->index_elem->name);
    for (size_t i = 0; i < n_read; i++)
        sql_add_distinct(arena, &def->columns, &def->n_columns, read[i]);
    sql_index_name_parts(arena, &index, &def->name_parts, &def->n_name_parts);
    /* The table may have another name where the definition is used: its name goes from the columns. */
    struct error err;
    return sql_constraint_rename(arena, def->definition, NULL, 0, false, false, &def->definition, &err) ||
           parse_fail(fault, 0, "%s", err.message);
}

bool sql_exclusion_depends(struct arena *arena, const char *definition, const char *column, bool *out,
                           struct error *err)
{
    struct sql_definition d;
    struct parse_fault fault;
    struct sql_refs refs;
    const char **read;
    size_t n;
    *out = false;
    if (!sql_definition_open(arena, definition, &d, &fault))
        return sql_fault(err, &fault, "constraint", definition);
    sql_refs_find(arena, &d.tree->base, &refs);
    if (!sql_refs_columns(&refs, NULL, &read, &n, &fault))
        return sql_fault(err, &fault, "constraint", definition);
    for (size_t i = 0; i < n; i++)
        *out = *out || strcmp(read[i], column) == 0;
    return true;
}

static const char *print(struct arena *arena, const struct parse_text *text, size_t first, size_t last)
{
    struct sql_edits none = {0};
    return sql_edit_print(arena, text, first, last, &none);
}

/* Tokens up to one of two signs outside parentheses, or to the end. */
static size_t up_to(const struct parse_text *text, size_t at, const char *sign, const char *other)
{
    while (at < text->n && !parse_token_is(text, at, sign) && !parse_token_is(text, at, other)) {
        bool opens = parse_token_is(text, at, "(") || parse_token_is(text, at, "[");
        at = opens ? parse_token_closing(text, at) + 1 : at + 1;
    }
    return at;
}

/* column, function(…) or (expression), and its COLLATE: what is compared, without the operator class. */
static const char *value_of(struct arena *arena, const struct parse_text *text,
                            const PgQuery__IndexElem *element, size_t first, size_t last)
{
    size_t end = first + 1;
    if (!parse_given(element->name)) {
        size_t open = first;
        while (open < last && !parse_token_is(text, open, "("))
            open++;
        end = parse_token_closing(text, open) + 1;
    }
    size_t collate = up_to(text, end, "collate", ")");
    const char *value =
        parse_given(element->name) ? pg_format(arena, "%I", element->name) : print(arena, text, first, end);
    if (!element->n_collation || collate >= last)
        return value;
    size_t behind = collate + 2;
    while (parse_token_is(text, behind, "."))
        behind += 2;
    return arena_printf(arena, "%s %s", value, print(arena, text, collate, behind));
}

bool sql_exclusion_parse(struct arena *arena, const char *definition, struct sql_exclusion *out,
                         struct error *err)
{
    struct sql_definition d;
    struct parse_fault fault;
    *out = (struct sql_exclusion){0};
    if (!sql_definition_open(arena, definition, &d, &fault))
        return sql_fault(err, &fault, "constraint", definition);
    const struct parse_text *text = &d.text;
    size_t open = up_to(text, SQL_DEFINITION_TOKENS, "(", "("), at = open + 1;
    out->method = d.tree->access_method;
    for (size_t i = 0; i < d.tree->n_exclusions; i++) {
        size_t with = up_to(text, at, "with", ")");
        size_t end = up_to(text, with, ",", ")");
        const PgQuery__IndexElem *element = d.tree->exclusions[i]->list->items[0]->index_elem;
        struct sql_exclusion_element one = {
            .index = print(arena, text, at, with),
            .value = value_of(arena, text, element, at, with),
            .with = print(arena, text, with + 1, end),
        };
        ARENA_PUSH(arena, out->elements, out->n, one);
        at = end + 1;
    }
    size_t where = up_to(text, parse_token_closing(text, open) + 1, "where", "where");
    if (d.tree->where_clause && where < text->n)
        out->where = print(arena, text, where + 1, parse_token_closing(text, where + 1) + 1);
    return true;
}
