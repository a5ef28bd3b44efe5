/* The switch: columns. What leaves is dropped, hidden columns get their names, and what they still lack. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/not_null.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"
#include "postgres/planner/views.h"

bool switch_reads_leaving(const struct model_table *table, const struct catalog_constraint *constraint)
{
    for (size_t i = 0; i < constraint->n_columns; i++) {
        const struct model_column *column = model_column_number(table, constraint->columns[i]);
        if (column && column_leaves(column))
            return true;
    }
    return false;
}

void switch_drop_columns(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->generated_expr && !column->dropped && !column->inherited)
            switch_alter(acts, table, pg_format(acts->steps->arena, "DROP COLUMN %I", column->physical));
        if (column_leaves(&table->columns[i]) && !table->columns[i].inherited)
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "DROP COLUMN %I", table->columns[i].origin->name));
    }
}

/* Whether another column that stays is called so at the moment. */
static bool name_in_use(const struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->origin && !column_leaves(column) && strcmp(column->origin->name, name) == 0)
            return true;
    }
    return false;
}

static void rename_to_final(struct switch_acts *acts, const struct model_table *table, const char **present,
                            bool direct)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool is_direct = column->origin && !column->hidden && strcmp(present[i], column->physical) == 0;
        if (!column->dropped && !column->inherited && is_direct == direct &&
            strcmp(present[i], column->name) != 0)
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "RENAME COLUMN %I TO %I", present[i], column->name));
    }
}

/* Renames run all at once in effect: a name that is still in use (a swap, a chain) is reached by way of an interim one, when all
 * that need none have given up theirs. */
void switch_rename_columns(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    const char **present = arena_alloc(arena, table->n_columns * sizeof *present);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        present[i] = column->physical;
        if (column->generated_expr)
            present[i] = column->name;
        if (column->dropped || column->inherited || column->hidden ||
            strcmp(column->physical, column->name) == 0 || !name_in_use(table, column->name))
            continue;
        present[i] = arena_printf(arena, "_segue_rename_%zu", i + 1);
        switch_alter(acts, table, pg_format(arena, "RENAME COLUMN %I TO %I", column->physical, present[i]));
    }
    rename_to_final(acts, table, present, true);
    rename_to_final(acts, table, present, false);
}

void switch_column_properties(struct switch_acts *acts, const struct model_table *table,
                              const struct model_column *column)
{
    struct arena *arena = acts->steps->arena;
    const struct column *origin = column->origin;
    if (!model_column_replaced(column))
        return;
    if (origin->statistics_target >= 0)
        switch_alter(
            acts, table,
            pg_format(arena, "ALTER COLUMN %I SET STATISTICS %d", column->name, origin->statistics_target));
    if (origin->storage && strcmp(origin->type, column->type) == 0)
        switch_alter(acts, table,
                     pg_format(arena, "ALTER COLUMN %I SET STORAGE %s", column->name, origin->storage));
    if (origin->compression)
        switch_alter(
            acts, table,
            pg_format(arena, "ALTER COLUMN %I SET COMPRESSION %s", column->name, origin->compression));
    if (origin->options)
        switch_alter(acts, table,
                     pg_format(arena, "ALTER COLUMN %I SET (%s)", column->name, origin->options));
    if (origin->comment && !column->comment)
        switch_noticed(
            acts, table,
            pg_format(arena, "COMMENT ON COLUMN %s.%I IS %L", table->real, column->name, origin->comment));
}

/* The server's own in the place of the hidden one: the table is rewritten, which is why it must be small. */
static void add_generated(struct switch_acts *acts, const struct model_table *table,
                          const struct model_column *column)
{
    struct arena *arena = acts->steps->arena;
    acts->slow = true;
    const char *collation = column->collation ? pg_format(arena, " COLLATE %s", column->collation) : "";
    const char *not_null = column->not_null ? " NOT NULL" : "";
    if (column->not_null_name)
        not_null = pg_format(arena, " CONSTRAINT %I NOT NULL", column->not_null_name);
    switch_alter(acts, table,
                 pg_format(arena, "ADD COLUMN %I %s%s GENERATED ALWAYS AS (%s) STORED%s", column->name,
                           column->type, collation, column->generated_expr, not_null));
}

void switch_finish_columns(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->dropped || column->inherited)
            continue; /* what is done to a parent's column is done to its children's */
        if (column->generated_expr) {
            add_generated(acts, table, column);
            continue;
        }
        const char *expr = default_for_type(acts->steps->model, column);
        bool late_default =
            column->hidden ? ((column->up.expr || column->number_function) && expr) || column->old_default
                           : column->default_changed && !column->identity;
        late_default = late_default || shape_hides_domain_default(acts->steps->model, column);
        if (late_default && expr)
            switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I SET DEFAULT %s", column->name, expr));
        else if (late_default)
            switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I DROP DEFAULT", column->name));
        if (column->not_null)
            not_null_switch(acts, table, column);
        switch_column_properties(acts, table, column);
    }
}
