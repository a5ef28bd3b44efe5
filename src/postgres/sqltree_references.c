/* The foreign keys of a statement point elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

struct found {
    struct arena *arena;
    PgQuery__Constraint **list;
    size_t n;
};

static void collect(ProtobufCMessage *message, void *context)
{
    struct found *found = context;
    if (message->descriptor != &pg_query__constraint__descriptor)
        return;
    PgQuery__Constraint *constraint = (PgQuery__Constraint *)message;
    if (constraint->pktable)
        ARENA_PUSH(found->arena, found->list, found->n, constraint);
}

/* Edits of one foreign key's target in the text, the same in the tree. */
static void edit(struct arena *arena, const struct parse_text *text, PgQuery__Constraint *constraint,
                 const struct sql_target *target, struct sql_edits *edits)
{
    PgQuery__RangeVar *table = constraint->pktable;
    size_t first = parse_token_at(text, (size_t)table->location);
    size_t last = first + 1;
    while (parse_token_is(text, last, "."))
        last += 2;
    if (strcmp(table->relname, target->table.name) != 0) {
        sql_edit_add(arena, edits, last - 1, last, pg_format(arena, "%I", target->table.name));
        table->relname = arena_strdup(arena, target->table.name);
    }
    for (size_t i = 0; i < constraint->n_pk_attrs; i++) {
        if (strcmp(parse_string(constraint->pk_attrs[i]), target->columns[i]) == 0)
            continue;
        size_t at = last + 1 + 2 * i; /* names and commas behind the parenthesis */
        sql_edit_add(arena, edits, at, at + 1, pg_format(arena, "%I", target->columns[i]));
        constraint->pk_attrs[i] = parse_string_node(arena, target->columns[i]);
    }
}

static bool rewrite(struct arena *arena, const char *statement, sql_retarget *retarget, void *context,
                    const char **out, struct parse_fault *fault)
{
    struct parse_text text;
    PgQuery__Node *tree, *again;
    struct sql_edits edits = {0};
    struct found found = {.arena = arena};
    if (!parse_statement(arena, statement, &tree, fault) || !parse_tokens(arena, statement, &text, fault))
        return false;
    parse_walk(&tree->base, collect, &found);
    for (size_t i = 0; i < found.n; i++) {
        PgQuery__Constraint *constraint = found.list[i];
        const char *schema = constraint->pktable->schemaname;
        struct sql_target target = {
            .table = {parse_given(schema) ? schema : NULL, constraint->pktable->relname},
            .columns = parse_strings(arena, constraint->pk_attrs, constraint->n_pk_attrs),
            .n_columns = constraint->n_pk_attrs};
        retarget(&target, context);
        edit(arena, &text, constraint, &target, &edits);
    }
    *out = edits.n ? sql_edit_print(arena, &text, 0, text.n, &edits) : statement;
    if (!parse_statement(arena, *out, &again, fault))
        return false;
    return parse_same(&tree->base, &again->base) ||
           parse_fail(fault, 0, "the statement cannot be written with other names");
}

bool sql_references_rewrite(struct arena *arena, const char *statement, sql_retarget *retarget, void *context,
                            const char **out, struct error *err)
{
    struct parse_fault fault;
    return rewrite(arena, statement, retarget, context, out, &fault) ||
           sql_fault(err, &fault, "statement", statement);
}
