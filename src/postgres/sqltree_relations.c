/* The relations that an expression's subqueries read. */
#include <string.h>

#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

struct relations {
    struct arena *arena;
    struct name *list;
    size_t n;
};

static void collect(ProtobufCMessage *message, void *context)
{
    struct relations *relations = context;
    if (message->descriptor != &pg_query__range_var__descriptor)
        return;
    const PgQuery__RangeVar *found = (const PgQuery__RangeVar *)message;
    struct name name = {.name = arena_strdup(relations->arena, found->relname)};
    if (parse_given(found->schemaname))
        name.schema = arena_strdup(relations->arena, found->schemaname);
    ARENA_PUSH(relations->arena, relations->list, relations->n, name);
}

bool sql_expr_relations(struct arena *arena, const char *expr, struct name **out, size_t *n,
                        struct error *err)
{
    struct sql_expr parsed;
    struct parse_fault fault;
    struct relations relations = {.arena = arena};
    if (!sql_expr_open(arena, expr, &parsed, &fault))
        return sql_fault(err, &fault, "expression", expr);
    parse_walk(&parsed.tree->base, collect, &relations);
    *out = relations.list;
    *n = relations.n;
    return true;
}

void sql_add_name(struct arena *arena, const char ***names, size_t *n, const char *name)
{
    sql_add_distinct(arena, names, n, name);
}
