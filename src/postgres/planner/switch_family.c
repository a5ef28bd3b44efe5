/* The switch: what partitions and children have for themselves, and the names of their parts of indexes and keys. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/not_null.h"
#include "postgres/planner/steps_family.h"
#include "postgres/planner/switch.h"
#include "postgres/planner/views.h"

/* A column that a child declares as well as its parent stays, as the child's own, when the parent's is dropped. */
void switch_drop_merged_columns(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->inherited && model_column_replaced(column) && column->origin->merged)
            switch_alter(acts, table, pg_format(acts->steps->arena, "DROP COLUMN %I", column->origin->name));
    }
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Statistics targets and storage set for a parent reach its children: where they have none of their own, it is taken back. */
static void unset_properties(struct switch_acts *acts, const struct model_table *table,
                             const struct model_column *column)
{
    struct arena *arena = acts->steps->arena;
    const struct column *own = column->origin, *parent = column->parent_origin;
    if (own->statistics_target < 0 && parent->statistics_target >= 0)
        switch_alter(acts, table, pg_format(arena, "ALTER COLUMN %I SET STATISTICS -1", column->name));
}

/* What a member has of its own in a replaced column: its default, its properties, its comment. */
void switch_finish_members(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->inherited || !model_column_replaced(column) || !column->parent_origin)
            continue;
        unset_properties(acts, table, column);
        if (column->own_not_null)
            not_null_switch(acts, table, column);
        switch_column_properties(acts, table, column);
        if (column->default_changed ||
            same(column->origin->default_expr, column->parent_origin->default_expr))
            continue;
        const char *expr = default_for_type(acts->steps->model, column);
        switch_alter(acts, table,
                     expr ? pg_format(arena, "ALTER COLUMN %I SET DEFAULT %s", column->name, expr)
                          : pg_format(arena, "ALTER COLUMN %I DROP DEFAULT", column->name));
    }
}

/* Built under an interim name because the old column's object still had the name. */
void switch_name_parts(struct switch_acts *acts, const struct model_table *table)
{
    struct steps *steps = acts->steps;
    const char *schema = steps->model->catalog->schema;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        bool copied = steps_index_copied(table, index);
        for (size_t k = 0; k < index->n_parts; k++) {
            const char *present = family_part_name(steps, &index->parts[k], copied);
            if (strcmp(present, index->parts[k].name) != 0)
                switch_index(acts, table, present,
                             pg_format(steps->arena, "ALTER INDEX %Q RENAME TO %I", schema, present,
                                       index->parts[k].name));
        }
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (model_constraint_kind(constraint) == 'p')
            continue;
        bool copied = steps_constraint_copied(table, constraint);
        for (size_t k = 0; k < constraint->n_parts; k++) {
            const struct model_part *part = &constraint->parts[k];
            const char *present = family_part_name(steps, part, copied);
            if (strcmp(present, part->name) != 0)
                switch_exclusive(acts, table,
                                 pg_format(steps->arena, "ALTER TABLE %s RENAME CONSTRAINT %I TO %I",
                                           steps->model->tables[part->table].real, present, part->name));
        }
    }
}

/* Renaming a partitioned table's foreign key leaves those of its partitions, which psql would have given its name. */
void switch_name_foreign_keys(struct switch_acts *acts, const struct model_table *table)
{
    struct steps *steps = acts->steps;
    const struct model_table **leaves = NULL;
    size_t n = 0;
    if (!family_is_partitioned(table) || table->member)
        return;
    for (size_t i = 0; i < table->n_children; i++)
        family_members(steps->model, &steps->model->tables[table->children[i]], steps->arena, &leaves, &n);
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->dropped || model_constraint_kind(constraint) != 'f' ||
            !steps_constraint_made(table, constraint))
            continue;
        const char *present = steps_constraint_interim(steps, table, constraint);
        for (size_t k = 0; strcmp(present, constraint->name) != 0 && k < n; k++)
            switch_exclusive(acts, table,
                             pg_format(steps->arena, "ALTER TABLE %s RENAME CONSTRAINT %I TO %I",
                                       leaves[k]->real, present, constraint->name));
    }
}

/* A primary key of a partitioned table: the partitions' indexes are there; the key itself is made of them. */
void switch_add_partitioned_key(struct switch_acts *acts, const struct model_table *table)
{
    struct steps *steps = acts->steps;
    struct arena *arena = steps->arena;
    const struct model_constraint *key = family_is_partitioned(table) ? model_primary_key(table) : NULL;
    if (!key || !steps_constraint_made(table, key))
        return;
    const struct constraint_def *def = key->def;
    struct error ignored;
    if (!def && !sql_constraint_parse(arena, key->definition, (struct constraint_def **)&def, &ignored))
        return;
    const char *columns = pg_identifier_list(arena, def->columns, def->n_columns);
    const char *options = steps_key_options(key->definition);
    switch_exclusive(acts, table,
                     pg_format(arena, "ALTER TABLE ONLY %s ADD CONSTRAINT %I PRIMARY KEY (%s)%s", table->real,
                               key->name, columns, options));
    for (size_t i = 0; i < key->n_parts; i++) {
        const struct model_part *part = &key->parts[i];
        const struct model_table *leaf = &steps->model->tables[part->table];
        const char *above = part->parent ? key->parts[part->parent - 1].name : key->name;
        if (family_is_partitioned(leaf))
            switch_exclusive(acts, table,
                             pg_format(arena, "ALTER TABLE ONLY %s ADD CONSTRAINT %I PRIMARY KEY (%s)%s",
                                       leaf->real, part->name, columns, options));
        else
            switch_exclusive(acts, table,
                             pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I%s",
                                       leaf->real, part->name,
                                       family_part_name(steps, part, steps_constraint_copied(table, key)),
                                       options));
        switch_act(acts, pg_format(arena, "ALTER INDEX %Q ATTACH PARTITION %Q", steps->model->catalog->schema,
                                   above, steps->model->catalog->schema, part->name));
    }
}
