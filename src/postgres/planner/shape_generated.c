/*
 * Generated columns. One that the file adds is a hidden column until `complete`, which the trigger computes at every write of either
 * version; only then does the server's own take its place, for which it rewrites the table (rewrite.h). One that the file makes
 * a plain column goes on computing itself for the old version, while the new version has a plain one.
 */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/shape.h"

/* The server's column appears only in the transaction of the switch: nothing can be built on it before. */
static bool check_objects(const struct model *model, const struct model_table *table,
                          const struct model_column *column, struct error *err)
{
    const char *found = NULL;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        for (size_t k = 0; !constraint->origin && k < constraint->def->n_columns; k++)
            found = strcmp(constraint->def->columns[k], column->name) == 0 ? constraint->name : found;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        for (size_t k = 0; !index->origin && k < index->def->n_columns; k++)
            found = strcmp(index->def->columns[k], column->name) == 0 ? index->name : found;
    }
    if (!found)
        return true;
    refuse(model, column->change->place, err,
           "\"%s\" is on generated column \"%s\", which there is only from complete on", found, column->name);
    return error_hint(err, "make it in a migration of its own, after this one");
}

static bool map_sources(struct model *model, struct model_table *table, struct model_column *column,
                        struct error *err)
{
    struct conversion *up = &column->up;
    struct rename *renames = NULL;
    size_t n = 0;
    *up = (struct conversion){0};
    if (!sql_expr_columns(model->arena, column->generated_expr, table->name, &up->columns, &up->n_columns,
                          &up->has_subquery, err))
        return refuse(model, column->change->place, err, "column \"%s\": %s", column->name, err->message);
    for (size_t i = 0; i < up->n_columns; i++) {
        const struct model_column *source = model_column(table, up->columns[i]);
        if (!source || !source->origin || source->origin->generated || column_will_be_replaced(source)) {
            refuse(model, column->change->place, err,
                   "generated column \"%s\" reads \"%s\", which this file adds or changes", column->name,
                   up->columns[i]);
            return error_hint(err, "add it in a migration of its own, after this one");
        }
        struct rename rename = {up->columns[i], source->origin->name};
        ARENA_PUSH(model->arena, renames, n, rename);
        up->columns[i] = source->origin->name;
    }
    if (!sql_expr_rename(model->arena, column->generated_expr, renames, n, &up->expr, err))
        return refuse(model, column->change->place, err, "column \"%s\": %s", column->name, err->message);
    column->using_expr = up->expr;
    return true;
}

bool shape_generated(struct model *model, struct model_table *table, struct model_column *column,
                     struct error *err)
{
    if (column->up.expr || column->existing.expr) {
        const struct annotation *annotation =
            column->up.expr ? column->up.annotation : column->existing.annotation;
        refuse(model, annotation->place, err, "column \"%s\" of table \"%s\" is generated", column->name,
               table->name);
        return error_hint(err, "its expression gives every row its value; leave the annotation out");
    }
    return rewrite_allowed(model, table, column->change->place, "ADD COLUMN … GENERATED ALWAYS AS … STORED",
                           err) &&
           check_objects(model, table, column, err) && map_sources(model, table, column, err);
}
