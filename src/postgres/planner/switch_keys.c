/* The switch: keys. Foreign keys that point to what goes are taken away first; the new key takes its name last. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"

/* A foreign key that was made anew, or that goes with its column, would keep the key that it points to from going. */
void switch_drop_foreign_keys(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        const struct catalog_constraint *origin = constraint->origin;
        if (!origin || origin->kind != 'f' || origin->inherited ||
            !(table->dropped || steps_constraint_copied(table, constraint) ||
              switch_reads_leaving(table, origin)))
            continue;
        switch_alter(acts, table, pg_format(acts->steps->arena, "DROP CONSTRAINT %I", origin->name));
        if (strcmp(origin->ref_table, table->real) != 0)
            switch_lock(acts, origin->ref_table, "ACCESS EXCLUSIVE");
    }
}

/* Beside the old key, the new foreign key was bound to that one. */
void switch_unbind_foreign_keys(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        if (table->constraints[i].rebound)
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "DROP CONSTRAINT %I",
                                   steps_constraint_interim(acts->steps, table, &table->constraints[i])));
    }
}

/* All rows were checked, but the server knows of that only when they are validated once more (steps_contract.c). */
void switch_rebind_foreign_keys(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->rebound)
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "ADD CONSTRAINT %I %s",
                                   steps_constraint_interim(acts->steps, table, constraint),
                                   constraint->bound));
    }
}

void switch_drop_primary_key(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->origin && constraint->origin->kind == 'p' &&
            (constraint->dropped || steps_constraint_copied(table, constraint)))
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "DROP CONSTRAINT %I", constraint->origin->name));
    }
}

/* The index gets the constraint's name with it. Foreign keys that rest on the index stay. */
void switch_add_primary_key(struct switch_acts *acts, const struct model_table *table)
{
    const struct model_constraint *key = model_primary_key(table);
    if (!key || !steps_constraint_made(table, key) || family_is_partitioned(table))
        return; /* switch_add_partitioned_keys */
    switch_alter(acts, table,
                 pg_format(acts->steps->arena, "ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I%s", key->name,
                           steps_constraint_interim(acts->steps, table, key),
                           steps_key_options(key->definition)));
}

/* Whether an index of the catalog was made anew, alone or with its constraint. */
static bool made_anew(const struct model_table *table, const struct model_index *index)
{
    if (index->dropped || !index->origin)
        return false;
    for (size_t i = 0; index->origin->constraint && i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->origin && constraint->origin->index &&
            strcmp(constraint->origin->index, index->origin->name) == 0)
            return steps_constraint_copied(table, constraint);
    }
    return steps_index_copied(table, index);
}

void switch_mark_indexes(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (!made_anew(table, index))
            continue;
        if (index->origin->clustered)
            switch_alter(acts, table, pg_format(arena, "CLUSTER ON %I", index->name));
        if (index->origin->replica_identity)
            switch_alter(acts, table, pg_format(arena, "REPLICA IDENTITY USING INDEX %I", index->name));
    }
}
