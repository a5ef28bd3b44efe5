/* What the parameters of a statement stand for, by its parse tree. */

#include <string.h>

#include "base/must.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/replay/replay_internal.h"

static struct replay_meaning *meaning(struct replay_reading *reading, int number)
{
    while (reading->n_meanings < (size_t)number) {
        const struct replay_meaning none = {0};
        ARENA_PUSH(reading->arena, reading->meanings, reading->n_meanings, none);
    }
    return &reading->meanings[number - 1];
}

/* What is said of a parameter first stays. */
static void means(struct replay_reading *reading, const PgQuery__ParamRef *parameter,
                  const struct replay_meaning *what)
{
    if (parameter->number < 1)
        return;
    struct replay_meaning *known = meaning(reading, parameter->number);
    if (known->kind == MEANS_TYPE)
        *known = *what;
}

/* Functions behind which a value of the column's is still one. */
static bool keeps_value(const PgQuery__FuncCall *call)
{
    static const char *const names[] = {"lower", "upper", "btrim", "trim"};
    const char *name = call->n_funcname ? parse_string(call->funcname[call->n_funcname - 1]) : NULL;
    for (size_t i = 0; name && call->n_args == 1 && i < SEGUE_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static const PgQuery__Node *bare(const PgQuery__Node *node)
{
    for (;;) {
        if (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
            node = node->type_cast->arg;
        else if (node && node->node_case == PG_QUERY__NODE__NODE_COLLATE_CLAUSE)
            node = node->collate_clause->arg;
        else if (node && node->node_case == PG_QUERY__NODE__NODE_FUNC_CALL && keeps_value(node->func_call))
            node = node->func_call->args[0];
        else
            return node;
    }
}

static bool column_of(const PgQuery__Node *node, struct replay_meaning *out)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || node->column_ref->n_fields == 0)
        return false;
    const PgQuery__ColumnRef *ref = node->column_ref;
    out->column = parse_string(ref->fields[ref->n_fields - 1]);
    out->qualifier = ref->n_fields > 1 ? parse_string(ref->fields[ref->n_fields - 2]) : NULL;
    return out->column != NULL;
}

/* The parameters of a value, or of a list of values. */
static void all_mean(struct replay_reading *reading, const PgQuery__Node *node,
                     const struct replay_meaning *what)
{
    node = bare(node);
    if (!node)
        return;
    if (node->node_case == PG_QUERY__NODE__NODE_PARAM_REF)
        means(reading, node->param_ref, what);
    for (size_t i = 0; node->node_case == PG_QUERY__NODE__NODE_LIST && i < node->list->n_items; i++)
        all_mean(reading, node->list->items[i], what);
    for (size_t i = 0;
         node->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR && i < node->a_array_expr->n_elements; i++)
        all_mean(reading, node->a_array_expr->elements[i], what);
}

static void compared(struct replay_reading *reading, const PgQuery__Node *left, const PgQuery__Node *right);

/* (a, b) = ($1, $2) */
static void rows_compared(struct replay_reading *reading, const PgQuery__RowExpr *left,
                          const PgQuery__RowExpr *right)
{
    for (size_t i = 0; i < left->n_args && i < right->n_args; i++)
        compared(reading, left->args[i], right->args[i]);
}

static bool is_row(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_ROW_EXPR;
}

static void compared(struct replay_reading *reading, const PgQuery__Node *left, const PgQuery__Node *right)
{
    struct replay_meaning what = {.kind = MEANS_COMPARED};
    left = bare(left);
    right = bare(right);
    if (column_of(left, &what))
        all_mean(reading, right, &what);
    else if (column_of(right, &what))
        all_mean(reading, left, &what);
    if (is_row(left) && is_row(right))
        rows_compared(reading, left->row_expr, right->row_expr);
    for (size_t i = 0;
         is_row(left) && right && right->node_case == PG_QUERY__NODE__NODE_LIST && i < right->list->n_items;
         i++)
        if (is_row(right->list->items[i]))
            rows_compared(reading, left->row_expr, right->list->items[i]->row_expr);
}

/* Operators that reckon: what stands beside the column need not be a value of it. */
static bool reckons(const PgQuery__AExpr *expr)
{
    const char *name = expr->n_name ? parse_string(expr->name[expr->n_name - 1]) : NULL;
    return expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP &&
           (!name || strcmp(name, "||") == 0 || (strlen(name) == 1 && strchr("+-*/%^#&|", *name)) ||
            strncmp(name, "->", 2) == 0 || strncmp(name, "#>", 2) == 0);
}

static void written(struct replay_reading *reading, const PgQuery__RangeVar *relation, const char *column,
                    size_t place, const PgQuery__Node *value)
{
    if (!relation)
        return;
    const struct replay_meaning what = {
        .kind = MEANS_WRITTEN,
        .relation =
            pg_format(reading->arena, "%Q", parse_given(relation->schemaname) ? relation->schemaname : NULL,
                      relation->relname),
        .column = column,
        .place = place};
    value = bare(value);
    if (value && value->node_case == PG_QUERY__NODE__NODE_PARAM_REF)
        means(reading, value->param_ref, &what);
}

static void targets_written(struct replay_reading *reading, const PgQuery__RangeVar *relation,
                            PgQuery__Node *const *targets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (targets[i]->node_case == PG_QUERY__NODE__NODE_RES_TARGET)
            written(reading, relation, targets[i]->res_target->name, 0, targets[i]->res_target->val);
}

/* The columns that an INSERT names, or all in their order. */
static void values_written(struct replay_reading *reading, const PgQuery__InsertStmt *insert,
                           const PgQuery__List *values)
{
    for (size_t i = 0; i < values->n_items; i++) {
        const PgQuery__Node *column = i < insert->n_cols ? insert->cols[i] : NULL;
        bool named = column && column->node_case == PG_QUERY__NODE__NODE_RES_TARGET;
        written(reading, insert->relation, named ? column->res_target->name : NULL, i + 1, values->items[i]);
    }
}

static void inserted(struct replay_reading *reading, const PgQuery__InsertStmt *insert)
{
    const PgQuery__Node *from = insert->select_stmt;
    const PgQuery__SelectStmt *select =
        from && from->node_case == PG_QUERY__NODE__NODE_SELECT_STMT ? from->select_stmt : NULL;
    reading->into = insert->relation;
    for (size_t i = 0; select && i < select->n_values_lists; i++)
        if (select->values_lists[i]->node_case == PG_QUERY__NODE__NODE_LIST)
            values_written(reading, insert, select->values_lists[i]->list);
    if (insert->on_conflict_clause)
        targets_written(reading, insert->relation, insert->on_conflict_clause->target_list,
                        insert->on_conflict_clause->n_target_list);
}

static void counted(struct replay_reading *reading, const PgQuery__SelectStmt *select)
{
    const struct replay_meaning what = {.kind = MEANS_COUNT};
    all_mean(reading, select->limit_count, &what);
    all_mean(reading, select->limit_offset, &what);
}

static void add_relation(struct replay_reading *reading, const PgQuery__RangeVar *relation)
{
    const struct replay_relation found = {
        .name = pg_format(reading->arena, "%Q",
                          parse_given(relation->schemaname) ? relation->schemaname : NULL, relation->relname),
        .alias = relation->alias ? relation->alias->aliasname : relation->relname};
    ARENA_PUSH(reading->arena, reading->relations, reading->n_relations, found);
}

static void visit(ProtobufCMessage *message, void *context)
{
    struct replay_reading *reading = context;
    const ProtobufCMessageDescriptor *kind = message->descriptor;
    if (kind == &pg_query__a__expr__descriptor) {
        const PgQuery__AExpr *expr = (const PgQuery__AExpr *)message;
        if (!reckons(expr))
            compared(reading, expr->lexpr, expr->rexpr);
    } else if (kind == &pg_query__select_stmt__descriptor) {
        counted(reading, (const PgQuery__SelectStmt *)message);
    } else if (kind == &pg_query__insert_stmt__descriptor) {
        reading->writes = true;
        inserted(reading, (const PgQuery__InsertStmt *)message);
    } else if (kind == &pg_query__update_stmt__descriptor) {
        const PgQuery__UpdateStmt *update = (const PgQuery__UpdateStmt *)message;
        reading->writes = true;
        targets_written(reading, update->relation, update->target_list, update->n_target_list);
    } else if (kind == &pg_query__delete_stmt__descriptor || kind == &pg_query__merge_stmt__descriptor) {
        reading->writes = reading->deletes = true;
    } else if (kind == &pg_query__range_var__descriptor) {
        if ((const PgQuery__RangeVar *)message != reading->into)
            add_relation(reading, (const PgQuery__RangeVar *)message);
    } else if (kind == &pg_query__func_call__descriptor) {
        const PgQuery__FuncCall *call = (const PgQuery__FuncCall *)message;
        if (call->n_funcname)
            ARENA_PUSH(reading->arena, reading->functions, reading->n_functions,
                       parse_string(call->funcname[call->n_funcname - 1]));
    } else if (kind == &pg_query__param_ref__descriptor) {
        if (((const PgQuery__ParamRef *)message)->number > 0)
            (void)meaning(reading, ((const PgQuery__ParamRef *)message)->number);
    }
}

/* What a session prepares: no DDL, no SELECT that makes a table. */
static bool runs(const PgQuery__Node *tree)
{
    switch (tree->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: return !tree->select_stmt->into_clause;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT: return true;
    default: return false;
    }
}

void replay_read(struct replay_reading *reading, PgQuery__Node *tree)
{
    reading->runs = runs(tree);
    parse_walk(&tree->base, visit, reading);
    if (reading->into)
        add_relation(reading, reading->into);
}
