/* Phase expand, what both versions share: constraints tightened or loosened for either of them from `start` on, with the way back. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/not_null.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/steps_family.h"

static const char *validate(struct steps *steps, const struct model_table *table, const char *constraint)
{
    return pg_format(steps->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %I", table->real, constraint);
}

static const char *validated_probe(struct steps *steps, const struct model_table *table,
                                   const char *constraint)
{
    return pg_format(steps->arena,
                     "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                     "pg_catalog.to_regclass(%L) AND conname = %L AND convalidated)",
                     table->real, constraint);
}

/* A statement about a constraint, for an undo that may run when the constraint was never taken away. */
static const char *if_constraint(struct steps *steps, const struct model_table *table, const char *constraint,
                                 const char *statement)
{
    return pg_format(steps->arena,
                     "DO $segue$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                     "pg_catalog.to_regclass(%L) AND conname = %L) THEN %s; END IF; END $segue$",
                     table->real, constraint, statement);
}

/* A step whose act is nothing and whose undo is something: walked back, it comes after the undo of the step behind it. */
static struct step *way_back(struct steps *steps, const struct model_table *table, const char *what,
                             const char *title)
{
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, what, title);
    step->flags = STEP_NO_LOCKS;
    return step;
}

/* Loosening without down: both versions are freed from now on. */
static void shared_drop_not_null(struct steps *steps, const struct model_table *table,
                                 const struct model_column *column)
{
    struct arena *arena = steps->arena;
    const char *name = column->origin->name, *check = steps_not_null_check(steps, table, column);
    struct step *step =
        way_back(steps, table, "keep-not-null",
                 arena_printf(arena, "way back: %s.%s NOT NULL again", table->origin->name, name));
    step->flags = 0;
    const char *constraint = column->origin->not_null_name, *comment = column->origin->not_null_comment;
    step_undo(steps, pg_format(arena, "ALTER TABLE %s %s", table->real,
                               not_null_clause(steps->model, column, name, constraint)));
    if (comment)
        step_undo(steps,
                  pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint, table->real, comment));
    step_undo(steps, pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", table->real, check));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    step->duration = DURATION_INSTANT;
    way_back(steps, table, "validate-not-null",
             arena_printf(arena, "way back: check that %s.%s has no NULL", table->origin->name, name));
    step_undo(steps, if_constraint(steps, table, check, validate(steps, table, check)));
    steps->plan->steps[steps->plan->n_steps - 1].undo_alone = true;
    step = step_begin(
        steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "drop-not-null",
        arena_printf(arena, "drop NOT NULL of %s.%s for both versions", table->origin->name, name));
    step->duration = DURATION_INSTANT;
    step_why(steps, "without a down the change is shared: the old version may read NULL from now on");
    step_act(steps, pg_format(arena, "ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL", table->real, name));
    step_undo(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID",
                               table->real, check, name));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
}

static void shared_drop_constraint(struct steps *steps, const struct model_table *table,
                                   const struct model_constraint *constraint)
{
    struct arena *arena = steps->arena;
    const struct catalog_constraint *origin = constraint->origin;
    const char *not_valid = origin->valid ? " NOT VALID" : "";
    bool by_partition = origin->kind == 'f' && family_is_partitioned(table) && origin->valid;
    if (by_partition) {
        family_foreign_key_back(steps, table, origin);
    } else if (origin->valid) {
        struct step *back = way_back(steps, table, "validate-constraint",
                                     arena_printf(arena, "way back: validate constraint %s", origin->name));
        step_undo(steps, if_constraint(steps, table, origin->name, validate(steps, table, origin->name)));
        back->undo_alone = true;
    }
    struct step *step = step_begin(
        steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "drop-constraint",
        arena_printf(arena, "drop constraint %s of %s for both versions", origin->name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_act(steps, pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT %I", table->real, origin->name));
    if (by_partition)
        family_foreign_key_undo(steps, table, origin);
    else
        step_undo(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I %s%s", table->real, origin->name,
                                   origin->definition, not_valid));
    if (origin->comment && !by_partition)
        step_undo(steps, pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", origin->name, table->real,
                                   origin->comment));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    if (origin->ref_table && strcmp(origin->ref_table, table->real) != 0)
        step_lock(steps, origin->ref_table, "ACCESS EXCLUSIVE");
}

static void shared_set_not_null(struct steps *steps, const struct model_table *table,
                                const struct model_column *column)
{
    struct arena *arena = steps->arena;
    const char *name = column->origin->name, *check = steps_not_null_check(steps, table, column);
    struct step *step = step_begin(
        steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "not-null",
        arena_printf(arena, "demand that %s.%s is not NULL, of both versions", table->origin->name, name));
    step->duration = DURATION_INSTANT;
    step_why(steps, "without an up the change is shared: the old version is bound from now on");
    step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID",
                              table->real, check, name));
    step_undo(steps, pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", table->real, check));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    step = step_begin(steps, PHASE_EXPAND, STEP_ALONE, table->origin->name, "validate-not-null",
                      arena_printf(arena, "validate it against the rows of %s", table->origin->name));
    step->duration = DURATION_SCAN;
    family_validate(steps, table, check);
    step->probe = validated_probe(steps, table, check);
    step_lock(steps, table->real, "SHARE UPDATE EXCLUSIVE");
}

/* The new version may write the column from now on, where only the sequence might. */
static void shared_identity(struct steps *steps, const struct model_table *table)
{
    struct arena *arena = steps->arena;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->origin || !column->origin->identity_always || column->dropped || column->hidden ||
            column->identity == 'a')
            continue;
        const char *alter =
            pg_format(arena, "ALTER TABLE %s ALTER COLUMN %I", table->real, column->origin->name);
        struct step *step = step_begin(
            steps, PHASE_EXPAND, STEP_TRANSACTION, table->origin->name, "identity",
            arena_printf(arena, "let both versions write %s.%s", table->origin->name, column->origin->name));
        step->duration = DURATION_INSTANT;
        step_act(steps, pg_format(arena, "%s SET GENERATED BY DEFAULT", alter));
        step_undo(steps, pg_format(arena, "%s SET GENERATED ALWAYS", alter));
        step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    }
}

void steps_shared_changes(struct steps *steps, const struct model_table *table)
{
    shared_identity(steps, table);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden || column->dropped || column->inherited)
            continue;
        if (column->not_null_dropped)
            shared_drop_not_null(steps, table, column);
        if (column->not_null_set)
            shared_set_not_null(steps, table, column);
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        /* A unique constraint stays until `complete`: the old version's ON CONFLICT needs it. So does an exclusion constraint: once
         * gone it could not be made again without keeping everybody out. One that reads a leaving column goes with the column. */
        if (!constraint->origin || !constraint->dropped || constraint->origin->kind == 'u' ||
            constraint->origin->kind == 'p' || constraint->origin->kind == 'x')
            continue;
        bool leaves = false;
        for (size_t k = 0; k < constraint->origin->n_columns; k++) {
            const struct model_column *column = model_column_number(table, constraint->origin->columns[k]);
            leaves = leaves || (column && column_leaves(column));
        }
        if (!leaves)
            shared_drop_constraint(steps, table, constraint);
    }
}
