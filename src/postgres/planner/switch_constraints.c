/* The switch: constraints. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/switch.h"

/* A constraint that reads a leaving column goes with the column. */
void switch_drop_constraints(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->origin && constraint->dropped &&
            (constraint->origin->kind == 'u' || constraint->origin->kind == 'x') &&
            !switch_reads_leaving(table, constraint->origin))
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "DROP CONSTRAINT %I", constraint->origin->name));
    }
}

void switch_finish_constraints(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->dropped)
            continue;
        const char *present = steps_constraint_made(table, constraint)
                                  ? steps_constraint_interim(acts->steps, table, constraint)
                                  : constraint->origin->name;
        bool key = model_constraint_kind(constraint) == 'p' && steps_constraint_made(table, constraint);
        if (!key && strcmp(present, constraint->name) != 0)
            switch_alter(acts, table,
                         pg_format(arena, "RENAME CONSTRAINT %I TO %I", present, constraint->name));
        if (steps_constraint_copied(table, constraint) && constraint->origin->comment && !constraint->comment)
            switch_act(acts, pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint->name,
                                       table->real, constraint->origin->comment));
    }
}
