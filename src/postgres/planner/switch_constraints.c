/* The switch: constraints. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"

/* A constraint that reads a leaving column goes with the column, but for an EXCLUDE with an expression. */
void switch_drop_constraints(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->remade)
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "DROP CONSTRAINT %I",
                                   steps_constraint_interim(acts->steps, table, constraint)));
        if (!constraint->origin)
            continue;
        bool exclusion = constraint->origin->kind == 'x' &&
                         (constraint->dropped || steps_constraint_copied(table, constraint));
        bool unique = constraint->origin->kind == 'u' && constraint->dropped &&
                      !switch_reads_leaving(table, constraint->origin);
        if (exclusion || unique)
            switch_alter(acts, table,
                         pg_format(acts->steps->arena, "DROP CONSTRAINT %I", constraint->origin->name));
    }
}

static bool points_to_partitioned(const struct switch_acts *acts, const struct model_constraint *constraint)
{
    const char *name = constraint->origin ? constraint->origin->ref_name : constraint->def->references.name;
    const struct model_table *table = name ? model_table(acts->steps->model, name) : NULL;
    return table && table->origin && table->origin->kind == 'p';
}

/*
 * A foreign key to a partitioned table has one of the server's own to each partition, named after the column (before PostgreSQL 18), which
 * was a hidden one then. psql's are named after the constraint, with a number.
 */
static void name_server_keys(struct switch_acts *acts, const struct model_table *table,
                             const struct model_constraint *constraint)
{
    if (model_constraint_kind(constraint) != 'f' || !steps_constraint_made(table, constraint) ||
        !constraint_on_hidden(table, constraint) || !points_to_partitioned(acts, constraint))
        return;
    switch_exclusive(
        acts, table,
        pg_format(
            acts->steps->arena,
            "DO $segue$ DECLARE r record; n integer := 0; BEGIN FOR r IN SELECT c.conname FROM pg_catalog.pg_constraint c "
            "JOIN pg_catalog.pg_constraint p ON p.oid = c.conparentid WHERE c.conrelid = %L::pg_catalog.regclass AND "
            "p.conrelid = c.conrelid AND p.conname = %L AND c.conname LIKE '%%\\_segue\\_%%' ORDER BY c.conname LOOP LOOP n "
            ":= n + 1; EXIT WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
            "%L::pg_catalog.regclass AND conname = pg_catalog.left(%L, 59) || n); END LOOP; EXECUTE "
            "pg_catalog.format('ALTER TABLE %%s RENAME CONSTRAINT %%I TO %%I', %L, r.conname, pg_catalog.left(%L, 59) || n); END "
            "LOOP; END $segue$",
            table->real, constraint->name, table->real, constraint->name, table->real, constraint->name));
}

void switch_finish_constraints(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->dropped)
            continue;
        if (constraint->remade) {
            switch_alter(acts, table,
                         pg_format(arena, "ADD CONSTRAINT %I %s%s", constraint->name, constraint->definition,
                                   constraint->def->not_valid ? " NOT VALID" : ""));
            continue;
        }
        const char *present = steps_constraint_made(table, constraint)
                                  ? steps_constraint_interim(acts->steps, table, constraint)
                                  : constraint->origin->name;
        bool key = model_constraint_kind(constraint) == 'p' && steps_constraint_made(table, constraint);
        if (!key && strcmp(present, constraint->name) != 0)
            switch_alter(acts, table,
                         pg_format(arena, "RENAME CONSTRAINT %I TO %I", present, constraint->name));
        name_server_keys(acts, table, constraint);
        if (steps_constraint_copied(table, constraint) && constraint->origin->comment && !constraint->comment)
            switch_act(acts, pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint->name,
                                       table->real, constraint->origin->comment));
    }
}
