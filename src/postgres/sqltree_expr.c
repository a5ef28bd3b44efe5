/* Expressions: what they read, and the same with other column names. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/sqltree_internal.h"

/* Whether a SELECT is nothing but a list of values. */
static bool is_bare(const PgQuery__SelectStmt *select)
{
    PgQuery__SelectStmt bare = *select;
    PgQuery__SelectStmt empty = PG_QUERY__SELECT_STMT__INIT;
    bare.n_target_list = 0;
    empty.limit_option = select->limit_option;
    empty.op = select->op;
    return select->op == PG_QUERY__SET_OPERATION__SETOP_NONE && parse_same(&bare.base, &empty.base);
}

/* A fault of the wrapped text as one of the expression. */
static bool unshift(struct parse_fault *fault, const char *expr)
{
    size_t length = strlen(expr);
    fault->offset = fault->offset > SQL_EXPR_SHIFT ? fault->offset - SQL_EXPR_SHIFT : 0;
    if (fault->offset > length)
        fault->offset = length;
    return false;
}

static bool open_wrapped(struct arena *arena, const char *wrapped, struct sql_expr *out,
                         struct parse_fault *fault)
{
    PgQuery__Node *statement;
    if (!parse_tokens(arena, wrapped, &out->text, fault))
        return false;
    for (size_t i = 0; i < out->text.n; i++) {
        if (parse_token_is(&out->text, i, ";"))
            return parse_fail(fault, out->text.tokens[i].begin, "syntax error at or near \";\"");
    }
    if (!parse_statement(arena, wrapped, &statement, fault))
        return false;
    if (statement->node_case != PG_QUERY__NODE__NODE_SELECT_STMT || !is_bare(statement->select_stmt))
        return parse_fail(fault, SQL_EXPR_SHIFT, "this is a query, not an expression");
    const PgQuery__SelectStmt *select = statement->select_stmt;
    if (select->n_target_list != 1)
        return parse_fail(fault, SQL_EXPR_SHIFT,
                          select->n_target_list ? "this is a list, not one expression"
                                                : "the expression is missing");
    const PgQuery__ResTarget *target = select->target_list[0]->res_target;
    if (parse_given(target->name) || !target->val)
        return parse_fail(fault, SQL_EXPR_SHIFT, "an expression has no name of its own (\"%s\")",
                          target->name);
    out->tree = target->val;
    return true;
}

bool sql_expr_open(struct arena *arena, const char *expr, struct sql_expr *out, struct parse_fault *fault)
{
    *out = (struct sql_expr){0};
    /* The line break ends a comment in the last line. */
    return open_wrapped(arena, arena_printf(arena, "SELECT %s\n", expr), out, fault) || unshift(fault, expr);
}

bool sql_expr_columns_at(struct arena *arena, const char *expr, const char *table, const char ***names,
                         size_t *n, bool *has_subquery, struct parse_fault *fault)
{
    struct sql_expr tree;
    struct sql_refs refs;
    if (!sql_expr_open(arena, expr, &tree, fault))
        return false;
    sql_refs_find(arena, &tree.tree->base, &refs);
    *has_subquery = refs.has_subquery;
    return sql_refs_columns(&refs, table, names, n, fault) || unshift(fault, expr);
}

bool sql_expr_columns(struct arena *arena, const char *expr, const char *table, const char ***names,
                      size_t *n, bool *has_subquery, struct error *err)
{
    struct parse_fault fault;
    return sql_expr_columns_at(arena, expr, table, names, n, has_subquery, &fault) ||
           sql_fault(err, &fault, "expression", expr);
}

/* Parses what was printed and compares it with the tree that was meant. */
static bool prove(const char *printed, const PgQuery__Node *meant, struct parse_fault *fault)
{
    struct sql_expr again;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    if (!sql_expr_open(scratch, printed, &again, fault))
        return false;
    if (!parse_same(&again.tree->base, &meant->base))
        return parse_fail(fault, 0, "the expression cannot be written with other column names");
    return true;
}

static bool rename_in(struct arena *arena, const char *expr, const struct rename *renames, size_t n,
                      const char **out, struct parse_fault *fault)
{
    struct sql_expr tree;
    struct sql_refs refs;
    struct sql_edits edits = {0};
    if (!sql_expr_open(arena, expr, &tree, fault))
        return false;
    sql_refs_find(arena, &tree.tree->base, &refs);
    if (!sql_refs_rename(&refs, &tree.text, renames, n, &edits, fault))
        return unshift(fault, expr);
    *out = sql_edit_print(arena, &tree.text, 1, tree.text.n, &edits);
    return prove(*out, tree.tree, fault);
}

bool sql_expr_rename(struct arena *arena, const char *expr, const struct rename *renames, size_t n,
                     const char **out, struct error *err)
{
    struct parse_fault fault;
    return rename_in(arena, expr, renames, n, out, &fault) || sql_fault(err, &fault, "expression", expr);
}

bool sql_expr_unqualify(struct arena *arena, const char *expr, const char *table, const char **out,
                        struct error *err)
{
    struct parse_fault fault;
    const char **names;
    size_t n;
    bool has_subquery;
    if (!sql_expr_columns_at(arena, expr, table, &names, &n, &has_subquery, &fault))
        return sql_fault(err, &fault, "expression", expr);
    if (!has_subquery)
        return sql_expr_rename(arena, expr, NULL, 0, out, err);
    struct sql_expr tree;
    struct sql_edits none = {0};
    if (!sql_expr_open(arena, expr, &tree, &fault))
        return sql_fault(err, &fault, "expression", expr);
    *out = sql_edit_print(arena, &tree.text, 1, tree.text.n, &none);
    return true;
}
