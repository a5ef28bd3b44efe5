/*
 * Phase check, for the new version's own columns: would the rows present satisfy their CHECK constraints? The rows are looked at as
 * the backfill is going to make them.
 */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/sync.h"

/* What a row already there has in a column of the new version; NULL when that is not known before the backfill. */
static const char *value_of(struct steps *steps, const struct model_table *table,
                            const struct model_column *column)
{
    struct arena *arena = steps->arena;
    if (!column->hidden)
        return column->origin ? pg_format(arena, "%I", column->origin->name) : NULL;
    const struct conversion *up = &column->up;
    if (!up->expr)
        return column->fill.expr ? NULL : column->fast_default ? column->fast_default : "NULL";
    if (up->through_text)
        return NULL;
    const char *expr = up->expr;
    struct error ignored;
    const char *named = up->annotation ? up->annotation->table.name : table->origin->name;
    if (!up->has_subquery && !sql_expr_unqualify(arena, expr, named, &expr, &ignored))
        return NULL;
    return up->has_subquery && strcmp(named, table->origin->name) != 0 ? NULL : expr;
}

const char *steps_new_rows(struct steps *steps, const struct model_table *table,
                           const struct model_constraint *constraint)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    pg_append(&out, "(SELECT %s AS _segue_label", steps_row_label(steps, table, ""));
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->dropped || !model_constraint_reads(constraint, column))
            continue;
        const char *value = value_of(steps, table, column);
        if (!value || steps_needs_new_type(steps->model, value) ||
            steps_needs_new_type(steps->model, column->type))
            return NULL;
        pg_append(&out, ", (%s)::%s AS %I", value, column->type, column->name);
    }
    pg_append(&out, " FROM %s AS %I) AS %I", steps_real_name(steps, table), table->origin->name, table->name);
    return arena_strdup(steps->arena, out.data);
}

bool steps_check_new_shape(struct steps *steps, const struct model_table *table,
                           const struct model_constraint *constraint, struct error *err)
{
    struct arena *arena = steps->arena;
    bool check =
        constraint->origin ? constraint->origin->kind == 'c' : constraint->def->kind == CONSTRAINT_CHECK;
    bool valid = constraint->origin ? constraint->origin->valid : !constraint->def->not_valid;
    bool inherited =
        constraint->origin && constraint->origin->inherited; /* the parent's rows are the child's too */
    if (!check || !valid || inherited || constraint->dropped || !constraint_on_hidden(table, constraint))
        return true;
    struct rename *renames = NULL;
    size_t n = 0;
    const char *definition;
    for (size_t i = 0; constraint->origin && i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->origin || strcmp(column->origin->name, column->name) == 0)
            continue;
        struct rename rename = {column->origin->name, column->name};
        ARENA_PUSH(arena, renames, n, rename);
    }
    if (!sql_constraint_rename(arena, constraint->definition, renames, n, false, false, &definition, err))
        return false;
    const char *rows = steps_new_rows(steps, table, constraint);
    if (!rows)
        return true; /* VALIDATE will tell */
    const char *name = table->origin->name;
    const char *bad =
        pg_format(arena, "FROM %s WHERE %s IS FALSE", rows, steps_check_expression(arena, definition));
    steps_check_count(steps, table, constraint->name,
                      arena_printf(arena, "the new shape of the rows of %s satisfies constraint %s", name,
                                   constraint->name),
                      arena_printf(arena, "SELECT count(*) %s", bad),
                      arena_printf(arena, "SELECT _segue_label %s LIMIT 5", bad),
                      arena_printf(arena, "%%s rows of %s violate constraint \"%s\" in their new shape", name,
                                   constraint->name),
                      "let up give values that the constraint allows, or mend these rows first");
    steps_check_may_fail(steps);
    return true;
}
