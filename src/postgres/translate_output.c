/* The names of a query's columns: FigureColname of PostgreSQL's parse_target.c. */

#include <string.h>

#include "postgres/translate_internal.h"

enum strength { UNNAMED, WEAK, STRONG, UNKNOWN };

static enum strength figure(const PgQuery__Node *node, const char **name);

static enum strength last_of(PgQuery__Node *const *nodes, size_t n, enum strength strength, const char **name)
{
    const char *last = n > 0 ? parse_string(nodes[n - 1]) : NULL;
    if (!last)
        return UNKNOWN;
    *name = last;
    return strength;
}

static enum strength constant(const char *is, const char **name)
{
    *name = is;
    return STRONG;
}

/* What is cast, or what is the ELSE of a CASE, gives its name first. */
static enum strength inner_or(const PgQuery__Node *inner, const char *otherwise, const char **name)
{
    const char *own = NULL;
    enum strength strength = inner ? figure(inner, &own) : UNNAMED;
    if (strength >= STRONG)
        *name = own;
    else
        *name = otherwise;
    return strength >= STRONG ? strength : *name ? WEAK : UNKNOWN;
}

static enum strength of_indirection(const PgQuery__AIndirection *node, const char **name)
{
    for (size_t i = node->n_indirection; i > 0; i--) {
        const char *field = parse_string(node->indirection[i - 1]);
        if (field)
            return constant(field, name);
        if (node->indirection[i - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR)
            return UNKNOWN;
    }
    return figure(node->arg, name);
}

static enum strength of_cast(const PgQuery__TypeCast *node, const char **name)
{
    const PgQuery__TypeName *type = node->type_name;
    const char *last = type && type->n_names > 0 ? parse_string(type->names[type->n_names - 1]) : NULL;
    return inner_or(node->arg, last, name);
}

static enum strength figure(const PgQuery__Node *node, const char **name)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return last_of(node->column_ref->fields, node->column_ref->n_fields, STRONG, name);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return last_of(node->func_call->funcname, node->func_call->n_funcname, STRONG, name);
    case PG_QUERY__NODE__NODE_A_INDIRECTION: return of_indirection(node->a_indirection, name);
    case PG_QUERY__NODE__NODE_TYPE_CAST: return of_cast(node->type_cast, name);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return figure(node->collate_clause->arg, name);
    case PG_QUERY__NODE__NODE_CASE_EXPR: return inner_or(node->case_expr->defresult, "case", name);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR: return constant("coalesce", name);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? constant("nullif", name)
                                                                           : UNNAMED;
    case PG_QUERY__NODE__NODE_A_CONST:
    case PG_QUERY__NODE__NODE_PARAM_REF:
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
    case PG_QUERY__NODE__NODE_NULL_TEST: return UNNAMED;
    default: return UNKNOWN;
    }
}

const char *output_name(const PgQuery__Node *node)
{
    const PgQuery__ResTarget *target = node->res_target;
    const char *name = NULL;
    if (parse_given(target->name))
        return target->name;
    enum strength strength = target->val ? figure(target->val, &name) : UNKNOWN;
    return strength == UNNAMED ? "?column?" : strength == UNKNOWN ? NULL : name;
}

static bool names_of(struct arena *arena, PgQuery__Node **targets, size_t n_targets, const char ***names,
                     size_t *n)
{
    for (size_t i = 0; i < n_targets; i++) {
        const char *name = output_name(targets[i]);
        if (!name)
            return false;
        /* The tree is changed later on. */
        ARENA_PUSH(arena, *names, *n, arena_strdup(arena, name));
    }
    return n_targets > 0;
}

bool output_names(struct arena *arena, const PgQuery__Node *query, const char ***names, size_t *n)
{
    *names = NULL;
    *n = 0;
    switch (query->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: {
        const PgQuery__SelectStmt *select = query->select_stmt;
        while (select->larg)
            select = select->larg;
        return names_of(arena, select->target_list, select->n_target_list, names, n);
    }
    case PG_QUERY__NODE__NODE_INSERT_STMT:
        return names_of(arena, query->insert_stmt->returning_list, query->insert_stmt->n_returning_list,
                        names, n);
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
        return names_of(arena, query->update_stmt->returning_list, query->update_stmt->n_returning_list,
                        names, n);
    case PG_QUERY__NODE__NODE_DELETE_STMT:
        return names_of(arena, query->delete_stmt->returning_list, query->delete_stmt->n_returning_list,
                        names, n);
    default: return false;
    }
}
