#include "postgres/planner/exclusion.h"

#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/shape.h"

/* The statement that makes it necessary: the one that adds it, or that replaces a column which it reads. */
static struct place place_of(const struct model_table *table, const struct model_constraint *constraint)
{
    const struct change *change = constraint->change;
    for (size_t i = 0; constraint->origin && i < constraint->origin->n_columns; i++) {
        const struct model_column *column = model_column_number(table, constraint->origin->columns[i]);
        if (column && column->hidden && column->change)
            change = column->change;
    }
    return change ? change->place : table->change->place;
}

bool exclusion_check_table(const struct model *model, const struct model_table *table, struct error *err)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (model_constraint_kind(constraint) != 'x' || !steps_constraint_made(table, constraint))
            continue;
        struct place place = place_of(table, constraint);
        if (family_is_partitioned(table)) {
            refuse(model, place, err, "exclusion constraint \"%s\" is on a partitioned table",
                   constraint->name);
            return error_hint(err, "add it to each partition, if its rows meet nobody else's");
        }
        if (!rewrite_build_allowed(
                model, table, place,
                constraint->origin
                    ? arena_printf(model->arena, "constraint \"%s\" of the new column", constraint->name)
                    : "ADD CONSTRAINT … EXCLUDE",
                err))
            return false;
    }
    return true;
}

bool exclusion_keeps(const struct model *model, const struct model_constraint *constraint,
                     const struct model_column *column)
{
    bool depends = false;
    struct error ignored;
    bool by_name = constraint->change && constraint->change->kind == CHANGE_DROP_CONSTRAINT;
    return constraint->origin && constraint->origin->kind == 'x' && column->dropped && !by_name &&
           sql_exclusion_depends(model->arena, constraint->origin->definition, column->origin->name, &depends,
                                 &ignored) &&
           depends;
}

/* The definition in the new version's names. */
static bool new_definition(struct steps *steps, const struct model_table *table,
                           const struct model_constraint *constraint, const char **out, struct error *err)
{
    struct rename *renames = NULL;
    size_t n = 0;
    for (size_t i = 0; constraint->origin && i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->origin || column->dropped || strcmp(column->origin->name, column->name) == 0)
            continue;
        struct rename rename = {column->origin->name, column->name};
        ARENA_PUSH(steps->arena, renames, n, rename);
    }
    return sql_constraint_rename(steps->arena, constraint->definition, renames, n, false, false, out, err);
}

/* The copy of the rows, with the values that are compared as columns e1, e2, … */
static const char *side(struct steps *steps, const char *copy, const struct sql_exclusion *exclusion)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_append(&out, "(SELECT _segue_row, _segue_label");
    for (size_t i = 0; i < exclusion->n; i++)
        pg_append(&out, ", %s AS _segue_e%zu", exclusion->elements[i].value, i + 1);
    pg_append(&out, " FROM %s)", copy);
    return arena_strdup(steps->arena, text_string(&out));
}

static const char *conflict(struct steps *steps, const struct sql_exclusion *exclusion)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < exclusion->n; i++)
        text_printf(&out, " AND a._segue_e%zu %s b._segue_e%zu", i + 1, exclusion->elements[i].with, i + 1);
    return arena_strdup(steps->arena, text_string(&out));
}

/*
 * A join of all rows with all others would take for ever: the copy has an index of the constraint's own kind, and the server is told to
 * use it. It has the table's name, by which an expression may call its columns.
 */
static const char **prepare(struct steps *steps, const struct sql_exclusion *exclusion, const char *copy,
                            const char *rows, size_t *n)
{
    struct arena *arena = steps->arena;
    const char **out = NULL;
    SEGUE_CLEANUP(text_free) struct text index = {0};
    for (size_t i = 0; i < exclusion->n; i++)
        text_printf(&index, "%s%s", i ? ", " : "", exclusion->elements[i].index);
    ARENA_PUSH(arena, out, *n,
               arena_printf(
                   arena,
                   "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT pg_catalog.row_number() OVER () AS "
                   "_segue_row, * FROM %s%s%s",
                   copy, rows, exclusion->where ? " WHERE " : "", exclusion->where ? exclusion->where : ""));
    ARENA_PUSH(
        arena, out, *n,
        pg_format(arena, "CREATE INDEX ON %s USING %I (%s)", copy, exclusion->method, text_string(&index)));
    ARENA_PUSH(
        arena, out, *n,
        "SELECT pg_catalog.set_config(name, 'off', true) FROM (VALUES ('enable_seqscan'), ('enable_hashjoin'), "
        "('enable_mergejoin')) AS off (name)");
    return out;
}

bool exclusion_check_rows(struct steps *steps, const struct model_table *table,
                          const struct model_constraint *constraint, struct error *err)
{
    struct arena *arena = steps->arena;
    const char *name = table->origin->name, *definition;
    struct sql_exclusion exclusion;
    if (model_constraint_kind(constraint) != 'x' || !steps_constraint_made(table, constraint))
        return true;
    const char *rows = steps_new_rows(steps, table, constraint);
    if (!rows)
        return true; /* the server will tell when it is made */
    if (!new_definition(steps, table, constraint, &definition, err) ||
        !sql_exclusion_parse(arena, definition, &exclusion, err))
        return false;
    const char *copy = pg_format(arena, "pg_temp.%I", table->name);
    const char *one = side(steps, copy, &exclusion), *meet = conflict(steps, &exclusion);
    bool hidden = constraint_on_hidden(table, constraint);
    steps_check_count(
        steps, table, constraint->name,
        arena_printf(arena, "no two rows of %s conflict under constraint %s", name, constraint->name),
        arena_printf(
            arena,
            "SELECT count(*) FROM %s AS a WHERE EXISTS (SELECT FROM %s AS b WHERE b._segue_row <> a._segue_row%s)",
            one, one, meet),
        arena_printf(
            arena,
            "SELECT a._segue_label || ' and ' || b._segue_label FROM %s AS a JOIN %s AS b ON b._segue_row > "
            "a._segue_row%s LIMIT 5",
            one, one, meet),
        arena_printf(arena, "%%s rows of %s violate constraint \"%s\"%s: they conflict with one another",
                     name, constraint->name, hidden ? " in their new shape" : ""),
        hidden ? "let up give values that do not conflict, or mend these rows first"
               : "mend these rows first, or write up for the column so that only the new version is bound");
    struct check *check = steps->plan->steps[steps->plan->n_steps - 1].check;
    check->prepare = prepare(steps, &exclusion, copy, rows, &check->n_prepare);
    return true;
}

bool exclusion_make(struct steps *steps, const struct model_table *table,
                    const struct model_constraint *constraint, struct error *err)
{
    struct arena *arena = steps->arena;
    const char *name = steps_constraint_interim(steps, table, constraint), *definition;
    struct rename *renames = NULL;
    size_t n = 0;
    steps_definition_names(steps, table, constraint->origin != NULL, &renames, &n);
    if (!sql_constraint_rename(arena, constraint->definition, renames, n, false, false, &definition, err))
        return false;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "exclusion",
                   arena_printf(arena, "build exclusion constraint %s of %s", name, table->origin->name));
    step->duration = DURATION_HELD;
    step_why(
        steps,
        "PostgreSQL builds its index neither concurrently nor later: the table is small, or the file allows it");
    step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I %s", table->real, name, definition));
    step_undo(steps, pg_format(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I", table->real, name));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    return true;
}
