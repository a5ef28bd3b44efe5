#include <string.h>

#include "base/compare.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/not_null.h"

bool apply_add_column(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table)
        return true;
    if (model_column(table, change->column)) {
        if (change->if_not)
            return true;
        return refuse(model, change->place, err, "column \"%s\" of table \"%s\" already exists",
                      change->column, table->name);
    }
    const char *constraint = not_null_has_name(model) ? change->not_null_name : NULL;
    if (constraint && (model_constraint(table, constraint) || not_null_column(table, constraint)))
        return refuse(model, change->place, err, "constraint \"%s\" of table \"%s\" already exists",
                      constraint, table->name);
    struct model_column column = {
        .change = change,
        .name = change->column,
        .type = change->type,
        .collation = change->collation,
        .not_null = change->not_null,
        .default_expr = change->expr,
        .added_default = change->expr,
        .generated_expr = change->generated,
    };
    if (column.not_null)
        not_null_demand(model, table, &column, constraint);
    ARENA_PUSH(model->arena, table->columns, table->n_columns, column);
    if (change->sequence)
        return apply_number_column(model, change, table, &table->columns[table->n_columns - 1], err);
    return true;
}

/* What hangs on a column goes with it, as in DROP COLUMN, and what the file has made above: its names are free again. */
static void drop_what_hangs_on(struct model *model, struct model_table *table,
                               const struct model_column *column)
{
    int number = column->origin->number;
    for (size_t i = 0; i < table->n_constraints; i++) {
        struct model_constraint *constraint = &table->constraints[i];
        if (!constraint->dropped && model_constraint_reads(constraint, column)) {
            constraint->dropped = true;
            model_release_name(model, constraint->name);
        }
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        struct model_index *index = &table->indexes[i];
        bool hangs = index->origin ? number_is_among(index->origin->columns, index->origin->n_columns, number)
                                   : index->def && name_is_among(index->def->columns, index->def->n_columns,
                                                                 column->name);
        if (hangs && !index->dropped) {
            index->dropped = true;
            model_release_name(model, index->name);
        }
    }
}

bool apply_drop_column(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_column *column;
    if (change->cascade) {
        refuse(model, change->place, err, "DROP COLUMN … CASCADE does not say what else it drops");
        return error_hint(err, "write a DROP for each dependent object and leave CASCADE out");
    }
    if (change->if_not) {
        if (!apply_find_table(model, change, &table, err))
            return false;
        if (!table || !model_column(table, change->column))
            return true;
    }
    if (!apply_find_column(model, change, &table, &column, err))
        return false;
    if (!column)
        return true;
    if (!column->origin)
        return refuse(model, change->place, err,
                      "column \"%s\" of table \"%s\" is added and dropped in the same file", change->column,
                      table->name);
    if (column->name != column->origin->name && strcmp(column->name, column->origin->name) != 0)
        return refuse(model, change->place, err,
                      "column \"%s\" of table \"%s\" is renamed and dropped in the same file", change->column,
                      table->name);
    column->dropped = true;
    drop_what_hangs_on(model, table, column);
    return true;
}

static bool rename_in_generated(struct model *model, struct model_table *table, const struct rename *rename,
                                struct error *err)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        if (column->generated_expr &&
            !sql_expr_rename(model->arena, column->generated_expr, rename, 1, &column->generated_expr, err))
            return false;
    }
    return true;
}

/* The definitions that the file added name columns of the new version: they follow a later rename. */
static bool rename_in_definitions(struct model *model, struct model_table *table, const char *from,
                                  const char *to, struct error *err)
{
    struct arena *arena = model->arena;
    const struct rename rename = {from, to};
    if (!rename_in_generated(model, table, &rename, err))
        return false;
    for (size_t i = 0; i < table->n_constraints; i++) {
        struct model_constraint *constraint = &table->constraints[i];
        if (constraint->origin)
            continue;
        bool not_valid = constraint->def->not_valid; /* no part of the definition */
        bool to_itself = constraint->def->kind == CONSTRAINT_FOREIGN_KEY &&
                         strcmp(constraint->def->references.name, table->name) == 0;
        if (!sql_constraint_rename(arena, constraint->definition, &rename, 1, false, to_itself,
                                   &constraint->definition, err) ||
            !sql_constraint_parse(arena, constraint->definition, &constraint->def, err))
            return false;
        constraint->def->not_valid = not_valid;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        struct model_index *index = &table->indexes[i];
        struct name written;
        const char *name;
        if (index->origin)
            continue;
        if (!sql_index_rename(arena, index->definition, &rename, 1, index->name, NULL, table->name, false,
                              &index->definition, err) ||
            !sql_index_parse(arena, index->definition, &index->def, &written, &name, err))
            return false;
    }
    return true;
}

bool apply_rename_column(struct model *model, const struct change *change, struct model_table *table,
                         struct model_column *column, struct error *err)
{
    if (model_column(table, change->new_name))
        return refuse(model, change->place, err, "column \"%s\" of table \"%s\" already exists",
                      change->new_name, table->name);
    column->name = change->new_name;
    return rename_in_definitions(model, table, change->column, change->new_name, err) &&
           apply_rename_referenced(model, table, change->column, change->new_name, err);
}

bool apply_column_type(struct model *model, const struct change *change, struct model_table *table,
                       struct model_column *column, struct error *err)
{
    if (column->origin && !change->expr && strcmp(column->type, change->type) == 0 && !change->collation)
        return true; /* the type it has already */
    if (!apply_using(model, change, table, column, err))
        return false;
    column->type = change->type;
    column->collation = change->collation;
    column->type_changed = true;
    return true;
}

bool apply_set_not_null(struct model *model, const struct change *change, struct model_table *table,
                        struct model_column *column, struct error *err)
{
    (void)change;
    (void)err;
    if (!column->not_null && column->origin && !column->origin->not_null)
        column->not_null_set = true;
    column->not_null = true;
    column->not_null_dropped = false;
    not_null_demand(model, table, column, NULL);
    return true;
}

bool apply_drop_not_null(struct model *model, const struct change *change, struct model_table *table,
                         struct model_column *column, struct error *err)
{
    (void)model;
    (void)change;
    (void)table;
    (void)err;
    if (column->not_null && column->origin && column->origin->not_null)
        column->not_null_dropped = true;
    column->not_null = false;
    column->not_null_set = false;
    not_null_release(column);
    return true;
}

static bool change_default(struct model *model, const struct change *change, const struct model_table *table,
                           struct model_column *column, const char *expr, struct error *err)
{
    if (column->identity || (column->origin && column->origin->generated))
        return refuse(model, change->place, err,
                      "column \"%s\" of table \"%s\" is %s: its default cannot be changed", column->name,
                      table->name, column->identity ? "an identity column" : "generated");
    column->default_expr = expr;
    column->default_changed = column->origin != NULL;
    column->default_later = column->origin == NULL;
    return true;
}

bool apply_set_default(struct model *model, const struct change *change, struct model_table *table,
                       struct model_column *column, struct error *err)
{
    return change_default(model, change, table, column, change->expr, err);
}

bool apply_drop_default(struct model *model, const struct change *change, struct model_table *table,
                        struct model_column *column, struct error *err)
{
    return change_default(model, change, table, column, NULL, err);
}

bool apply_drop_expression(struct model *model, const struct change *change, struct model_table *table,
                           struct model_column *column, struct error *err)
{
    if (change->if_not && !(column->origin && column->origin->generation_expr))
        return true;
    if (!column->origin || !column->origin->generation_expr)
        return refuse(model, change->place, err,
                      "column \"%s\" of table \"%s\" is not a stored generated column", column->name,
                      table->name);
    column->expression_dropped = true;
    column->using_expr = column->origin->generation_expr;
    return true;
}
