/*
 * Generated columns. One that the file adds is a hidden column until `complete`, which the trigger computes at every write of either
 * version; only then does the server's own take its place, for which it rewrites the table (rewrite.h), builds its indexes and
 * checks its constraints once more. One that the file makes a plain column goes on computing itself for the old version, while the
 * new version has a plain one.
 */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/shape.h"

static bool is_generated(const struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->generated_expr && !column->dropped && strcmp(column->name, name) == 0)
            return true;
    }
    return false;
}

static bool reads_generated(const struct model_table *table, const char **columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_generated(table, columns[i]))
            return true;
    }
    return false;
}

static bool refuse_object(const struct model *model, struct place place, const char *name, struct error *err)
{
    refuse(model, place, err, "\"%s\" is on a generated column, which there is only from complete on", name);
    return error_hint(err, "make it in a migration of its own, after this one");
}

/* A key has rows of other tables to answer for, an index of a partitioned table those of its partitions. */
static bool shape_constraint(const struct model *model, const struct model_table *table,
                             struct model_constraint *constraint, struct error *err)
{
    if (constraint->origin || constraint->dropped ||
        !(reads_generated(table, constraint->def->columns, constraint->def->n_columns) ||
          reads_generated(table, constraint->def->included, constraint->def->n_included)))
        return true;
    char kind = model_constraint_kind(constraint);
    if (kind == 'f' || kind == 'p' || table->origin->has_children || table->member)
        return refuse_object(model, constraint->change->place, constraint->name, err);
    constraint->remade = true;
    return true;
}

static bool shape_index(const struct model *model, const struct model_table *table, struct model_index *index,
                        struct error *err)
{
    if (index->origin || index->dropped ||
        !reads_generated(table, index->def->columns, index->def->n_columns))
        return true;
    if (table->origin->has_children || table->member)
        return refuse_object(model, index->change->place, index->name, err);
    return sql_index_rename(model->arena, index->definition, NULL, 0, index->name, model->catalog->schema,
                            table->origin->name, false, &index->remade, err);
}

bool shape_on_generated(const struct model *model, struct model_table *table, struct error *err)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        if (!shape_constraint(model, table, &table->constraints[i], err))
            return false;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        if (!shape_index(model, table, &table->indexes[i], err))
            return false;
    }
    return true;
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
           map_sources(model, table, column, err);
}
