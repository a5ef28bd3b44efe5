/* Queries, what they read from, and the statements that write. */

#include <string.h>

#include "postgres/format.h"
#include "postgres/translate_internal.h"

/* --- WITH --- */

static void add_with(struct translator *translator, struct scope *scope, const PgQuery__CommonTableExpr *cte)
{
    struct source source = {.kind = SOURCE_LISTED, .name = cte->ctename};
    if (!output_names(translator->arena, cte->ctequery, &source.columns, &source.n_columns) ||
        cte->search_clause || cte->cycle_clause)
        source.kind = SOURCE_OPAQUE;
    for (size_t i = 0; i < cte->n_aliascolnames; i++)
        ARENA_PUSH(translator->arena, source.columns, source.n_columns, parse_string(cte->aliascolnames[i]));
    ARENA_PUSH(translator->arena, scope->with, scope->n_with, source);
}

/* The names of WITH, around the query that has it. */
static void translate_with(struct translator *translator, const PgQuery__WithClause *with,
                           struct scope *scope)
{
    for (size_t i = 0; with && with->recursive && i < with->n_ctes; i++)
        add_with(translator, scope, with->ctes[i]->common_table_expr);
    for (size_t i = 0; with && i < with->n_ctes; i++) {
        const PgQuery__CommonTableExpr *cte = with->ctes[i]->common_table_expr;
        translate_query(translator, cte->ctequery, scope,
                        cte->n_aliascolnames ? OUTPUT_PLACES : OUTPUT_NAMES);
        if (!with->recursive)
            add_with(translator, scope, cte);
    }
}

/* --- FROM --- */

static void add_source(struct translator *translator, struct scope *scope, struct source source,
                       const PgQuery__Alias *alias)
{
    if (alias && alias->n_colnames > 0 && source.kind != SOURCE_LISTED) {
        if (source.kind == SOURCE_VERSION)
            translator_unsure(translator, "the columns of %s have names of the statement's own", source.name);
        source.kind = SOURCE_OPAQUE;
    }
    for (size_t i = 0; alias && i < alias->n_colnames; i++)
        ARENA_PUSH(translator->arena, source.columns, source.n_columns, parse_string(alias->colnames[i]));
    ARENA_PUSH(translator->arena, scope->sources, scope->n, source);
}

/* A relation that another of the new version would hide. */
static void look_for_hiding(struct translator *translator, const PgQuery__RangeVar *relation)
{
    for (size_t i = 0; i < translator->map->n_relations; i++)
        if (strcmp(translator->map->relations[i].to, relation->relname) == 0) {
            translator->touched = true;
            translator_unsure(translator, "%s is another table in the new version", relation->relname);
        }
}

void translate_relation(struct translator *translator, PgQuery__RangeVar *relation, struct scope *scope)
{
    struct source source = scope_relation(translator, scope, relation);
    add_source(translator, scope, source, relation->alias);
    if (source.kind == SOURCE_TABLE && !source.schema)
        look_for_hiding(translator, relation);
    if (source.kind != SOURCE_VERSION)
        return;
    const char *to = source.relation->to;
    translator->touched = true;
    if (strcmp(to, relation->relname) == 0)
        return;
    /* Columns are qualified by the name that it had. */
    translator_need(translator, relation->relname, to);
    translator_edit(translator, parse_token_at(&translator->text, (size_t)relation->location),
                    relation->alias ? pg_format(translator->arena, "%I", to)
                                    : pg_format(translator->arena, "%I AS %I", to, relation->relname));
    if (!relation->alias) {
        relation->alias = arena_alloc(translator->arena, sizeof *relation->alias);
        pg_query__alias__init(relation->alias);
        relation->alias->aliasname = relation->relname;
    }
    relation->relname = arena_strdup(translator->arena, to);
}

static void add_opaque(struct translator *translator, struct scope *scope, const PgQuery__Alias *alias)
{
    const struct source source = {.kind = SOURCE_OPAQUE, .name = alias ? alias->aliasname : NULL};
    ARENA_PUSH(translator->arena, scope->sources, scope->n, source);
}

static void from_subquery(struct translator *translator, const PgQuery__RangeSubselect *from,
                          struct scope *scope, const struct scope *around)
{
    struct source source = {.kind = SOURCE_LISTED, .name = from->alias ? from->alias->aliasname : NULL};
    if (!output_names(translator->arena, from->subquery, &source.columns, &source.n_columns))
        source.kind = SOURCE_OPAQUE;
    translate_query(translator, from->subquery, from->lateral ? scope : around, OUTPUT_NAMES);
    add_source(translator, scope, source, from->alias);
}

static void from_item(struct translator *translator, PgQuery__Node *node, struct scope *scope,
                      const struct scope *around)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_RANGE_VAR: translate_relation(translator, node->range_var, scope); return;
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
        from_subquery(translator, node->range_subselect, scope, around);
        return;
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION:
        translate_exprs(translator, node->range_function->functions, node->range_function->n_functions,
                        scope);
        add_opaque(translator, scope, node->range_function->alias);
        return;
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE:
        from_item(translator, node->range_table_sample->relation, scope, around);
        translate_exprs(translator, node->range_table_sample->args, node->range_table_sample->n_args, scope);
        translate_expr(translator, node->range_table_sample->repeatable, scope);
        return;
    case PG_QUERY__NODE__NODE_JOIN_EXPR:
        from_item(translator, node->join_expr->larg, scope, around);
        from_item(translator, node->join_expr->rarg, scope, around);
        if (node->join_expr->alias)
            add_opaque(translator, scope, node->join_expr->alias);
        return;
    default: translate_expr(translator, node, scope); add_opaque(translator, scope, NULL);
    }
}

/* What joins, when all that is joined is known. */
static void join(struct translator *translator, const PgQuery__Node *node, const struct scope *scope)
{
    if (node->node_case != PG_QUERY__NODE__NODE_JOIN_EXPR)
        return;
    const PgQuery__JoinExpr *expr = node->join_expr;
    if (expr->is_natural)
        translator_unsure(translator, "NATURAL JOIN goes by the names of columns");
    for (size_t i = 0; i < expr->n_using_clause; i++) {
        const char *name = parse_string(expr->using_clause[i]);
        if (map_concerns(translator->map, name))
            translator_unsure(translator, "USING (%s) joins columns by that name", name);
    }
    join(translator, expr->larg, scope);
    join(translator, expr->rarg, scope);
    translate_expr(translator, expr->quals, scope);
}

void translate_from(struct translator *translator, PgQuery__Node **items, size_t n, struct scope *scope,
                    const struct scope *around)
{
    for (size_t i = 0; i < n; i++)
        from_item(translator, items[i], scope, around);
    for (size_t i = 0; i < n; i++)
        join(translator, items[i], scope);
}

/* --- SELECT --- */

static void select_arms(struct translator *translator, PgQuery__SelectStmt *select,
                        const struct scope *around, enum output output);

static void sorted(struct translator *translator, const PgQuery__SelectStmt *select,
                   const struct scope *scope)
{
    for (size_t i = 0; i < select->n_sort_clause; i++)
        translate_sorted(translator, select->sort_clause[i]->sort_by->node, select->target_list,
                         select->n_target_list, scope);
    for (size_t i = 0; i < select->n_distinct_clause; i++)
        if (select->distinct_clause[i]->node_case != PG_QUERY__NODE__NODE__NOT_SET)
            translate_sorted(translator, select->distinct_clause[i], select->target_list,
                             select->n_target_list, scope);
}

static void select_rows(struct translator *translator, PgQuery__SelectStmt *select,
                        const struct scope *around, enum output output)
{
    struct scope scope = {.outer = around};
    if (select->into_clause)
        translator_unsure(translator, "SELECT INTO makes a table");
    translate_from(translator, select->from_clause, select->n_from_clause, &scope, around);
    /* Names of the result are those of before until it is translated itself, and are kept by that. */
    sorted(translator, select, &scope);
    for (size_t i = 0; i < select->n_group_clause; i++)
        translate_grouped(translator, select->group_clause[i], select->target_list, select->n_target_list,
                          &scope);
    translate_targets(translator, select->target_list, select->n_target_list, &scope, output);
    translate_expr(translator, select->where_clause, &scope);
    translate_expr(translator, select->having_clause, &scope);
    translate_exprs(translator, select->window_clause, select->n_window_clause, &scope);
    translate_exprs(translator, select->values_lists, select->n_values_lists, &scope);
    translate_expr(translator, select->limit_offset, &scope);
    translate_expr(translator, select->limit_count, &scope);
}

static void select_query(struct translator *translator, PgQuery__SelectStmt *select,
                         const struct scope *outer, enum output output)
{
    struct scope around = {.outer = outer};
    translate_with(translator, select->with_clause, &around);
    if (select->op == PG_QUERY__SET_OPERATION__SETOP_NONE)
        select_rows(translator, select, &around, output);
    else
        select_arms(translator, select, &around, output);
}

/* Their rows are sorted by names of the result, which are those of the first and stay. */
static void select_arms(struct translator *translator, PgQuery__SelectStmt *select,
                        const struct scope *around, enum output output)
{
    bool names = output == OUTPUT_RESULT || output == OUTPUT_NAMES;
    select_query(translator, select->larg, around, names ? OUTPUT_NAMES : OUTPUT_PLACES);
    select_query(translator, select->rarg, around, OUTPUT_PLACES);
    translate_expr(translator, select->limit_offset, around);
    translate_expr(translator, select->limit_count, around);
}

/* --- Statements that write --- */

static void conflict_key(struct translator *translator, PgQuery__InferClause *infer,
                         const struct scope *scope)
{
    const struct source *source = &scope->sources[0];
    struct rename *renames = NULL;
    size_t n = 0;
    for (size_t i = 0; i < infer->n_index_elems; i++) {
        const PgQuery__IndexElem *element = infer->index_elems[i]->index_elem;
        const struct named_column *column = source->kind == SOURCE_VERSION && parse_given(element->name)
                                                ? relation_column(source->relation, element->name)
                                                : NULL;
        translate_expr(translator, element->expr, scope);
        if (!column)
            continue;
        if (!column->to) {
            translator_unsure(translator, "the new version has no column %s of %s", column->from,
                              source->name);
            return;
        }
        const struct rename rename = {column->from, column->to};
        ARENA_PUSH(translator->arena, renames, n, rename);
        if (strcmp(column->from, column->to) != 0)
            translator_need(translator, column->from, column->to);
    }
    if (n > 0)
        sql_edit_elements(translator->arena, &translator->text,
                          parse_token_at(&translator->text, (size_t)infer->location), infer->index_elems,
                          infer->n_index_elems, renames, n, &translator->edits);
    translate_expr(translator, infer->where_clause, scope);
}

static void set(struct translator *translator, PgQuery__Node **targets, size_t n, const struct scope *scope)
{
    for (size_t i = 0; i < n; i++)
        translate_expr(translator, targets[i]->res_target->val, scope);
    translate_assigned(translator, targets, n, &scope->sources[0]);
}

static void on_conflict(struct translator *translator, PgQuery__OnConflictClause *clause,
                        const struct scope *scope)
{
    struct scope both = {.outer = scope->outer};
    struct source excluded = scope->sources[0];
    if (clause->infer)
        conflict_key(translator, clause->infer, scope);
    excluded.name = "excluded";
    ARENA_PUSH(translator->arena, both.sources, both.n, scope->sources[0]);
    ARENA_PUSH(translator->arena, both.sources, both.n, excluded);
    set(translator, clause->target_list, clause->n_target_list, &both);
    translate_expr(translator, clause->where_clause, &both);
}

static void insert_rows(struct translator *translator, PgQuery__InsertStmt *insert, const struct scope *outer,
                        enum output output)
{
    struct scope around = {.outer = outer}, scope = {.outer = &around};
    translate_with(translator, insert->with_clause, &around);
    translate_relation(translator, insert->relation, &scope);
    if (insert->n_cols == 0 && insert->select_stmt && scope.sources[0].kind == SOURCE_VERSION &&
        !relation_keeps_columns(scope.sources[0].relation))
        translator_unsure(translator, "INSERT goes by the order of columns");
    translate_assigned(translator, insert->cols, insert->n_cols, &scope.sources[0]);
    if (insert->select_stmt)
        translate_query(translator, insert->select_stmt, &around, OUTPUT_PLACES);
    if (insert->on_conflict_clause)
        on_conflict(translator, insert->on_conflict_clause, &scope);
    translate_targets(translator, insert->returning_list, insert->n_returning_list, &scope, output);
}

static void update_rows(struct translator *translator, PgQuery__UpdateStmt *update, const struct scope *outer,
                        enum output output)
{
    struct scope around = {.outer = outer}, scope = {.outer = &around};
    translate_with(translator, update->with_clause, &around);
    translate_relation(translator, update->relation, &scope);
    translate_from(translator, update->from_clause, update->n_from_clause, &scope, &around);
    set(translator, update->target_list, update->n_target_list, &scope);
    translate_expr(translator, update->where_clause, &scope);
    translate_targets(translator, update->returning_list, update->n_returning_list, &scope, output);
}

static void delete_rows(struct translator *translator, PgQuery__DeleteStmt *gone, const struct scope *outer,
                        enum output output)
{
    struct scope around = {.outer = outer}, scope = {.outer = &around};
    translate_with(translator, gone->with_clause, &around);
    translate_relation(translator, gone->relation, &scope);
    translate_from(translator, gone->using_clause, gone->n_using_clause, &scope, &around);
    translate_expr(translator, gone->where_clause, &scope);
    translate_targets(translator, gone->returning_list, gone->n_returning_list, &scope, output);
}

void translate_query(struct translator *translator, PgQuery__Node *query, const struct scope *outer,
                     enum output output)
{
    switch (query->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
        select_query(translator, query->select_stmt, outer, output);
        return;
    case PG_QUERY__NODE__NODE_INSERT_STMT: insert_rows(translator, query->insert_stmt, outer, output); return;
    case PG_QUERY__NODE__NODE_UPDATE_STMT: update_rows(translator, query->update_stmt, outer, output); return;
    case PG_QUERY__NODE__NODE_DELETE_STMT: delete_rows(translator, query->delete_stmt, outer, output); return;
    default:
        translator->touched = true;
        translator_unsure(translator, "it is of a kind that is not translated");
    }
}
