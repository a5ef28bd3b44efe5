/* Phases backfill, verify and activate: rows are filled, the new shape gets its constraints and indexes, both shapes are
 * compared, and the new version's views appear. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/marks.h"
#include "postgres/planner/rebuild.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"
#include "postgres/planner/statement.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/steps_family.h"
#include "postgres/planner/sync.h"
#include "postgres/planner/views.h"

static struct walk *new_walk(struct steps *steps, const struct model_table *table)
{
    struct walk *walk = arena_alloc(steps->arena, sizeof *walk);
    walk->table = table->real;
    walk->rows = table->origin->rows;
    steps_walk_key(steps, table, &walk->keys, &walk->key_types, &walk->n_keys);
    walk->by_place = steps_walk_by_place(steps, table);
    return walk;
}

/* A row needs filling when a hidden column is NULL and its value is not. A row that was written since is in step already. */
static void backfill_walk(struct steps *steps, const struct model_table *table)
{
    struct arena *arena = steps->arena;
    SEGUE_CLEANUP(text_free) struct text set = {0};
    SEGUE_CLEANUP(text_free) struct text where = {0};
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool up = column->hidden && !column->dropped && column->up.expr;
        if (!up && !column->fill.expr)
            continue;
        const char *value = sync_value(steps->model, table, up ? &column->up : &column->fill, true, "");
        const char *operand = sync_operand(steps->model, table, "", column->physical);
        const char *as_text = operand[0] == '(' ? "::pg_catalog.text" : "";
        pg_append(&where, "%s(%s IS NULL", where.length ? " OR " : "", operand);
        if (up) {
            pg_append(&set, "%s%I = %s", set.length ? ", " : "", column->physical, value);
            pg_append(&where, " AND (%s)%s IS NOT NULL", value, as_text);
        } else {
            pg_append(&set, "%s%I = coalesce(%I, %s)", set.length ? ", " : "", column->physical,
                      column->physical, value);
        }
        text_append_char(&where, ')');
    }
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_WALK, table->origin->name, "rows",
                   arena_printf(arena, "fill the new shape of the rows of %s", table->origin->name));
    struct walk *walk = new_walk(steps, table);
    walk->set = arena_strdup(arena, set.data);
    walk->where = arena_strdup(arena, where.data);
    walk->silence_triggers = steps->model->catalog->can_silence_triggers;
    walk->leaves_stubborn = true;
    step->walk = walk;
    step->duration = DURATION_CHUNKS;
    step_lock(steps, table->real, "ROW EXCLUSIVE");
    step_why(
        steps,
        walk->by_place
            ? "in chunks of pages, in the order in which the rows lie, each a transaction of its own, paced"
        : walk->n_keys ? "in chunks of the key, each a transaction of its own, paced"
                       : "in chunks of pages (no usable key), each a transaction of its own, paced");
    steps_vacuum(steps, table, PHASE_BACKFILL);
}

void steps_validate(struct steps *steps, const struct model_table *table, enum plan_phase phase,
                    const char *real, const char *name, const char *referenced)
{
    struct arena *arena = steps->arena;
    struct step *step = step_begin(
        steps, phase, STEP_ALONE, table->origin->name, "validate",
        arena_printf(arena, "validate constraint %s against the rows of %s", name, table->origin->name));
    step->duration = DURATION_SCAN;
    if (referenced)
        step_act(steps, pg_format(arena, "ALTER TABLE %s VALIDATE CONSTRAINT %I", real, name));
    else
        family_validate(steps, table, name);
    step->probe = pg_format(arena,
                            "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                            "pg_catalog.to_regclass(%L) AND conname = %L AND convalidated)",
                            real, name);
    step_lock(steps, real, "SHARE UPDATE EXCLUSIVE");
    if (referenced && strcmp(referenced, real) != 0)
        step_lock(steps, referenced, "ROW SHARE");
}

/* NOT VALID under a lock of an instant, then a scan under one that nobody notices. */
void steps_add_constraint(struct steps *steps, const struct model_table *table, enum plan_phase phase,
                          const char *name, const char *definition, const char *undo, const char *referenced,
                          bool valid)
{
    struct arena *arena = steps->arena;
    struct step *step = step_begin(steps, phase, STEP_TRANSACTION, table->origin->name, "constraint",
                                   arena_printf(arena, "add constraint %s to %s", name, table->origin->name));
    step->duration = DURATION_INSTANT;
    step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I %s", table->real, name, definition));
    if (undo)
        step_undo(steps, undo);
    step_lock(steps, table->real, referenced ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE");
    if (referenced && strcmp(referenced, table->real) != 0)
        step_lock(steps, referenced, "SHARE ROW EXCLUSIVE");
    if (!valid)
        return;
    steps_validate(steps, table, phase, table->real, name, referenced);
}

static void hidden_not_null(struct steps *steps, const struct model_table *table)
{
    for (size_t i = 0; !table->rebuilt && i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped || !column->not_null || column->generated_expr ||
            (column->inherited && !column->own_not_null))
            continue;
        steps_add_constraint(steps, table, PHASE_BACKFILL, steps_not_null_check(steps, table, column),
                             pg_format(steps->arena, "CHECK (%s IS NOT NULL) NOT VALID",
                                       sync_operand(steps->model, table, "", column->physical)),
                             NULL, NULL, true);
    }
}

void steps_build_index(struct steps *steps, const struct model_table *table, const char *name,
                       const char *statement)
{
    struct arena *arena = steps->arena;
    const char *qualified = pg_format(arena, "%Q", steps->model->catalog->schema, name);
    const char *drop = pg_format(arena, "DROP INDEX CONCURRENTLY IF EXISTS %s", qualified);
    struct step *step = step_begin(steps, PHASE_BACKFILL, STEP_ALONE, table->origin->name, "index",
                                   arena_printf(arena, "build index %s on %s", name, table->origin->name));
    step->duration = DURATION_BUILD;
    step->probe = pg_format(arena,
                            "SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = "
                            "pg_catalog.to_regclass(%L) AND indisvalid)",
                            qualified);
    step_act(steps, statement);
    step_try_clean(steps, drop);
    step_lock(steps, table->real, "SHARE UPDATE EXCLUSIVE");
    step_undo(steps, drop);
    step->undo_alone = true;
}

bool rebuild_index(struct steps *steps, const struct model_table *table, const struct model_index *index,
                   const char *place, struct error *err)
{
    struct rename *renames = NULL;
    size_t n = 0;
    const char *statement, *name = steps_index_interim(steps, table, index);
    steps_definition_names(steps, table, index->origin != NULL, &renames, &n);
    if (!sql_index_rename(steps->arena, index->definition, renames, n, name, place, table->origin->name,
                          false, &statement, err))
        return false;
    step_act(steps,
             pg_format(steps->arena, "SELECT segue.rebuild_index(%L, %L, %L)", place, name, statement));
    return true;
}

static bool make_index(struct steps *steps, const struct model_table *table, const struct model_index *index,
                       struct error *err)
{
    struct rename *renames = NULL;
    size_t n = 0;
    const char *statement;
    const char *name = steps_index_interim(steps, table, index);
    steps_definition_names(steps, table, index->origin != NULL, &renames, &n);
    if (!sql_index_rename(steps->arena, index->definition, renames, n, name, steps->model->catalog->schema,
                          table->origin->name, true, &statement, err))
        return false;
    if (family_is_partitioned(table)) {
        const struct family_build build = {.table = table,
                                           .parts = index->parts,
                                           .n_parts = index->n_parts,
                                           .name = name,
                                           .copied = index->origin != NULL,
                                           .definition = statement};
        return family_index(steps, &build, err);
    }
    steps_build_index(steps, table, name, statement);
    return true;
}

/* Indexes and unique constraints first: foreign keys of this file may rest on them. */
static bool table_objects(struct steps *steps, struct model_table *table, bool foreign_keys,
                          struct error *err)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        struct model_constraint *constraint = &table->constraints[i];
        bool foreign = model_constraint_kind(constraint) == 'f';
        if (foreign == foreign_keys && steps_constraint_made(table, constraint) &&
            !steps_make_constraint(steps, table, constraint, err))
            return false;
    }
    for (size_t i = 0; !foreign_keys && !table->rebuilt && i < table->n_indexes; i++) {
        if (steps_index_made(table, &table->indexes[i]) && !make_index(steps, table, &table->indexes[i], err))
            return false;
    }
    return true;
}

/* A partitioned table has no rows of its own. */
static bool is_walked(const struct model_table *table)
{
    return table->change && table->origin && !table->dropped && table->has_walk &&
           !family_is_partitioned(table);
}

static bool changes_existing(const struct model_table *table)
{
    return table->change && table->origin && !table->dropped;
}

bool steps_backfill(struct steps *steps, struct error *err)
{
    struct model *model = steps->model;
    steps_split_backfill(steps); /* first: an up may read the rows */
    steps_backfill_domains(steps);
    for (size_t i = 0; i < model->n_tables; i++) {
        if (!is_walked(&model->tables[i]))
            continue;
        if (!model->tables[i].rebuilt)
            backfill_walk(steps, &model->tables[i]);
        else if (!steps_rebuild(steps, &model->tables[i], err))
            return false;
    }
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (!changes_existing(table))
            continue;
        hidden_not_null(steps, table);
        if (!table_objects(steps, table, false, err))
            return false;
    }
    for (size_t i = 0; i < model->n_tables; i++) {
        if (changes_existing(&model->tables[i]) && !table_objects(steps, &model->tables[i], true, err))
            return false;
    }
    return true;
}

void steps_verify(struct steps *steps)
{
    steps_split_verify(steps);
    for (size_t i = 0; i < steps->model->n_tables; i++) {
        const struct model_table *table = &steps->model->tables[i];
        const char *mismatch =
            is_walked(table) && !table->rebuilt ? sync_mismatch(steps->model, table) : NULL;
        if (!mismatch)
            continue;
        struct step *step = step_begin(
            steps, PHASE_VERIFY, STEP_WALK, table->origin->name, "rows",
            arena_printf(steps->arena, "compare both shapes of every row of %s", table->origin->name));
        step->walk = new_walk(steps, table);
        step->walk->mismatch = mismatch;
        step->duration = DURATION_CHUNKS;
        step_lock(steps, table->real, "ACCESS SHARE");
    }
}

void steps_activate(struct steps *steps)
{
    struct model *model = steps->model;
    struct step *step = step_begin(steps, PHASE_ACTIVATE, STEP_TRANSACTION, NULL, "views",
                                   arena_printf(steps->arena, "version %s goes live", model->new_version));
    step->duration = DURATION_NONE;
    step_why(steps, "its views appear together with the triggers that carry its writes to the old shape");
    steps_split_activate(steps);
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *table = &model->tables[i];
        const char **view = NULL;
        size_t n = 0;
        if (!changes_existing(table) || !table->versioned)
            continue;
        step_lock(steps, table->real, "ACCESS SHARE");
        if (table->sync_function)
            step_act(steps, sync_second_stage(model, table));
        view_new(model, table, &view, &n);
        for (size_t k = 0; k < n; k++)
            step_act(steps, view[k]);
    }
    for (size_t i = model->n_tables; i > 0; i--) {
        const struct model_table *table = &model->tables[i - 1];
        if (!changes_existing(table) || !table->versioned)
            continue;
        step_undo(steps, pg_format(steps->arena, "DROP VIEW IF EXISTS %s", table->new_view));
        if (table->sync_function)
            step_undo(steps, sync_first_stage(model, table));
    }
    steps_activate_marks(steps);
    steps_statements_live(steps);
}
