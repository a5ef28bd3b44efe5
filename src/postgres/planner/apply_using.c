/* USING of a change of type: it reads the row as the statements above have left it, and up reads the old version's. */
#include <string.h>

#include "postgres/planner/apply.h"
#include "postgres/planner/shape.h"
#include "postgres/sqltree.h"

/* Whether the statements above have given the column values that the old version's column does not have. */
static bool has_other_values(const struct model_column *column)
{
    return !column->origin || column->type_changed || column->retyped;
}

static bool refuse_unknown(const struct model *model, const struct change *change,
                           const struct model_table *table, const char *name, struct error *err)
{
    refuse(model, change->place, err, "USING of column \"%s\": column \"%s\" of table \"%s\" does not exist",
           change->column, name, table->name);
    return error_hint(err, "it takes the names that columns have at this point of the file");
}

bool apply_using(struct model *model, const struct change *change, struct model_table *table,
                 struct model_column *column, struct error *err)
{
    struct rename *renames = NULL;
    const char **names = NULL;
    size_t n_renames = 0, n = 0;
    bool has_subquery;
    bool converted =
        column->using_expr || (column->origin && column->type_changed && !shape_lossless(column));
    if (converted || (change->expr && has_other_values(column)))
        column->between = change;
    column->using_expr = change->expr;
    if (!change->expr || !table->origin)
        return true;
    if (!sql_expr_columns(model->arena, change->expr, table->name, &names, &n, &has_subquery, err))
        return refuse(model, change->place, err, "USING of column \"%s\": %s", column->name, err->message);
    for (size_t i = 0; i < n; i++) {
        const struct model_column *read = model_column(table, names[i]);
        if (!read)
            return refuse_unknown(model, change, table, names[i], err);
        if (has_other_values(read))
            column->between = change;
        else if (strcmp(names[i], read->origin->name) != 0) {
            struct rename rename = {names[i], read->origin->name};
            ARENA_PUSH(model->arena, renames, n_renames, rename);
        }
    }
    if (column->between || (!n_renames && strcmp(table->name, table->origin->name) == 0))
        return true;
    if (!sql_expr_rename(model->arena, change->expr, renames, n_renames, &column->using_expr, err))
        return refuse(model, change->place, err, "USING of column \"%s\": %s", column->name, err->message);
    return true;
}

bool apply_check_between(const struct model *model, const struct model_table *table,
                         const struct model_column *column, struct error *err)
{
    if (!column->between || column->up.expr || column->existing.expr)
        return true;
    refuse(model, column->between->place, err,
           "column \"%s\" of table \"%s\" is converted from values that the file makes above", column->name,
           table->name);
    return error_hint(err, "write what its rows take: -- segue: up %s.%s = <expression of the old columns>",
                      table->name, column->name);
}
