/* The steps of a rebuild: capture, copy, indexes, catching up, comparing, the swap. */
#include <string.h>

#include "base/text.h"
#include "catalog/carry.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"
#include "postgres/planner/sync.h"

#define APPLY_TYPES "pg_catalog.bool, pg_catalog.bool, pg_catalog.int8"
#define PART_TYPES "pg_catalog.text, pg_catalog.int8"

enum { PAGE_BYTES = 8192 }; /* of nearly every server; an estimate rests on it */

/* Columns that are computed compute themselves again. */
static void row_of_copy(struct rebuild *rebuild)
{
    const struct model_table *table = rebuild->table;
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    SEGUE_CLEANUP(text_free) struct text values = {0};
    for (size_t i = 0; i < table->origin->n_columns; i++) {
        if (table->origin->columns[i].generated)
            continue;
        pg_append(&columns, "%s%I", columns.length ? ", " : "", table->origin->columns[i].name);
        pg_append(&values, "%s%I", values.length ? ", " : "", table->origin->columns[i].name);
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped)
            continue;
        const char *value = "NULL"; /* not the default that rows to come get */
        if (column->up.expr || column->fill.expr)
            value = sync_value(rebuild->steps->model, table, column->up.expr ? &column->up : &column->fill,
                               true, "");
        else if (column->fast_default)
            value = column->fast_default;
        pg_append(&columns, ", %I", column->physical);
        pg_append(&values, ", %s", value);
    }
    rebuild->columns = arena_strdup(rebuild->arena, columns.data);
    rebuild->values = arena_strdup(rebuild->arena, values.data);
}

static void name_rebuild(struct rebuild *rebuild)
{
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    const char *ordinal = table->ordinal;
    rebuild->place = pg_object_name(arena, "segue_rebuild", ordinal, NULL);
    rebuild->copy = pg_format(arena, "%Q", rebuild->place, table->origin->name);
    rebuild->journal = pg_format(arena, "segue.%I", pg_object_name(arena, "journal", ordinal, NULL));
    rebuild->capture = pg_format(arena, "segue.%I", pg_object_name(arena, "capture", ordinal, NULL));
    rebuild->apply = pg_format(arena, "segue.%I", pg_object_name(arena, "apply", ordinal, NULL));
    rebuild->sift = pg_format(arena, "segue.%I", pg_object_name(arena, "sift", ordinal, NULL));
    rebuild->apply_part = pg_format(arena, "segue.%I", pg_object_name(arena, "apply_part", ordinal, NULL));
    rebuild->compare_part =
        pg_format(arena, "segue.%I", pg_object_name(arena, "compare_part", ordinal, NULL));
    steps_walk_key(rebuild->steps, table, &rebuild->keys, &rebuild->key_types, &rebuild->n_keys);
    row_of_copy(rebuild);
    rebuild->read = rebuild_capture_of(rebuild);
}

static void create(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct model_table copy = *table;
    copy.real = rebuild->copy;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "create",
                   arena_printf(arena, "make the new table of %s, in both shapes", table->origin->name));
    step->duration = DURATION_INSTANT;
    step_lock(steps, table->real, "ACCESS SHARE");
    rebuild->created = steps->plan->n_steps - 1;
    rebuild_reading(rebuild);
    step_act(steps, pg_format(arena, "CREATE SCHEMA %I", rebuild->place));
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_create(%L, %L)", table->real, rebuild->place));
    steps_hidden_columns(steps, &copy);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && !column->dropped && column->not_null && !column->generated_expr)
            step_act(steps, pg_format(arena, "ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s IS NOT NULL)",
                                      rebuild->copy, steps_not_null_check(steps, table, column),
                                      sync_operand(steps->model, table, "", column->physical)));
    }
    step_undo(steps, pg_format(arena, "DROP FUNCTION IF EXISTS %s(" APPLY_TYPES ")", rebuild->apply));
    step_undo(steps, pg_format(arena, "DROP FUNCTION IF EXISTS %s(pg_catalog.int8)", rebuild->sift));
    step_undo(steps, pg_format(arena, "DROP FUNCTION IF EXISTS %s(" PART_TYPES "), %s(" PART_TYPES ")",
                               rebuild->apply_part, rebuild->compare_part));
    step_undo(steps, pg_format(arena, "DROP TABLE IF EXISTS %s", rebuild->copy));
    step_undo(steps, pg_format(arena, "DROP SCHEMA IF EXISTS %I", rebuild->place));
    step_undo(steps, pg_format(arena, "DELETE FROM segue.carried WHERE place = %L", rebuild->place));
}

static void copy_rows(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    const struct model_table *table = rebuild->table;
    struct step *step = step_begin(steps, PHASE_BACKFILL, STEP_WALK, table->origin->name, "copy",
                                   arena_printf(rebuild->arena, "copy the rows of %s", table->origin->name));
    rebuild_reading(rebuild);
    step->walk = arena_alloc(rebuild->arena, sizeof *step->walk);
    *step->walk = (struct walk){
        .table = table->real,
        .keys = rebuild->keys,
        .key_types = rebuild->key_types,
        .n_keys = rebuild->n_keys,
        .by_place = true,
        .rows = table->origin->rows,
        .left_to =
            arena_printf(rebuild->arena, "%s (%s)", rebuild->journal, rebuild_journal_keys(rebuild, "")),
        .leaves_stubborn = true,
        .insert = rebuild_fill(rebuild),
    };
    step->duration = DURATION_CHUNKS;
    step_lock(steps, table->real, "ACCESS SHARE");
    step_why(steps,
             "in chunks of pages; several side by side and without indexes where nobody else is at work");
    rebuild->copying = step->id;
}

/* An index that grows row by row is scattered over its pages: beyond what the server keeps in memory it is better built in one piece. */
static bool fits_into_memory(const struct rebuild *rebuild)
{
    int64_t cache = rebuild->steps->model->catalog->cache_pages;
    return rebuild->table->origin->carry->total_bytes / PAGE_BYTES <= cache;
}

/* An index build cannot be paced. Where others are at work, indexes therefore grow with the chunks of the copy, which are. */
static bool indexes_ahead(struct rebuild *rebuild, struct error *err)
{
    struct steps *steps = rebuild->steps;
    const struct model_table *table = rebuild->table;
    if (!fits_into_memory(rebuild))
        return true;
    step_act(steps, pg_format(rebuild->arena, "SELECT segue.rebuild_indexes_ahead(%L)", rebuild->place));
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        bool unique = index->origin ? index->origin->unique : index->def->unique;
        if (steps_index_made(table, index) && !unique &&
            !rebuild_index(steps, table, index, rebuild->place, err))
            return false;
    }
    return true;
}

/* What is made with the copy, and lists rows where copying does. */
static void apply_functions(struct rebuild *rebuild)
{
    struct step *step = &rebuild->steps->plan->steps[rebuild->created];
    ARENA_PUSH(rebuild->arena, step->acts, step->n_acts, rebuild_sift_function(rebuild));
    ARENA_PUSH(rebuild->arena, step->acts, step->n_acts, rebuild_apply_function(rebuild));
    ARENA_PUSH(rebuild->arena, step->acts, step->n_acts, rebuild_apply_part_function(rebuild));
    ARENA_PUSH(rebuild->arena, step->acts, step->n_acts, rebuild_compare_part_function(rebuild));
}

static void catch_up(struct rebuild *rebuild, bool indexed, bool compared)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct step *step = step_begin(
        steps, PHASE_BACKFILL, STEP_CATCH_UP, table->origin->name, compared ? "compare" : "catch-up",
        compared
            ? arena_printf(arena, "compare the new table of %s with the old one, up to date",
                           table->origin->name)
            : arena_printf(arena, "copy again the rows of %s that changed meanwhile", table->origin->name));
    rebuild_reading(rebuild);
    step_act(steps, pg_format(arena, "SELECT %s(%s, false, $1)", rebuild->apply, indexed ? "true" : "false"));
    if (fits_into_memory(
            rebuild)) /* in the order of the key they would else be read from all over the disk */
        step->parts = pg_format(arena, "SELECT part.* FROM %s($1, $2) AS part",
                                compared ? rebuild->compare_part : rebuild->apply_part);
    step_try_clean(steps, pg_format(arena, "VACUUM (ANALYZE, TRUNCATE false) %s", rebuild->journal));
    step_lock(steps, table->real, "ACCESS SHARE");
    step->duration = DURATION_SCAN;
    if (!compared)
        return;
    step->check = arena_alloc(arena, sizeof *step->check);
    *step->check = (struct check){
        .count = rebuild_compare(rebuild),
        .message = arena_printf(arena, "the new table of %s does not hold the rows of the old one",
                                table->origin->name),
        .hint = "the old table was not touched: segue rollback removes the new one"};
}

/* Its undo comes after the swap's: keys that the swap made again are valid again, be it that they are not yet when the way back begins. */
static void settle(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct step *step = step_begin(
        steps, PHASE_BACKFILL, STEP_CATCH_UP, table->origin->name, "settle",
        arena_printf(arena, "let transactions end that began before %s was copied", table->origin->name));
    step->flags = STEP_SETTLES;
    rebuild_reading(rebuild);
    step->duration = DURATION_SCAN;
    step_why(steps, "they would not see rows of the new table");
    step_act(steps, pg_format(arena, "SELECT %s(true, false, $1)", rebuild->apply));
    step_lock(steps, table->real, "ACCESS SHARE");
    step_undo(steps,
              pg_format(arena, "SELECT segue.rebuild_validate(%L, %L, true)", table->real, rebuild->place));
}

static bool build(struct rebuild *rebuild, struct error *err)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_SIDE_BY_SIDE, table->origin->name, "indexes",
                   arena_printf(arena, "build the indexes of the new table of %s", table->origin->name));
    step->flags = STEP_NO_LOCKS;
    step->duration = DURATION_BUILD;
    rebuild_reading(rebuild);
    step_why(steps, "nobody uses it yet");
    for (size_t i = 0; i < table->origin->carry->n_indexes; i++)
        step_act(steps, pg_format(arena, "SELECT segue.rebuild_index(%L, %s)", rebuild->place,
                                  arena_printf(arena, "%zu", i)));
    for (size_t i = 0; i < table->n_indexes; i++)
        if (steps_index_made(table, &table->indexes[i]) &&
            !rebuild_index(steps, table, &table->indexes[i], rebuild->place, err))
            return false;
    step = step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "keys",
                      arena_printf(arena, "make the keys of the new table of %s", table->origin->name));
    step->flags = STEP_NO_LOCKS;
    rebuild_reading(rebuild);
    step->duration = DURATION_BUILD; /* of an exclusion constraint's index */
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_build(%L)", rebuild->place));
    step = step_begin(steps, PHASE_BACKFILL, STEP_ALONE, table->origin->name, "analyze",
                      arena_printf(arena, "vacuum and analyze the new table of %s", table->origin->name));
    step->flags = STEP_NO_LOCKS;
    step->duration = DURATION_SCAN;
    step_why(steps, "the server plans with its statistics from the first statement on");
    step->probe = "SELECT false"; /* once more does no harm */
    rebuild_reading(rebuild);
    step_act(steps, pg_format(arena, "VACUUM (ANALYZE) %s", rebuild->copy));
    return true;
}

/* What the file adds goes again, where it does not go with a hidden column. */
static void undo_indexes(struct rebuild *rebuild)
{
    const struct model_table *table = rebuild->table;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (steps_index_made(table, index))
            step_undo(rebuild->steps, pg_format(rebuild->arena, "DROP INDEX IF EXISTS %Q",
                                                rebuild->steps->model->catalog->schema,
                                                steps_index_interim(rebuild->steps, table, index)));
    }
}

/* Tables that the file makes and whose foreign keys point to this one: nobody uses them yet. */
static void lock_new_tables(const struct rebuild *rebuild, const char *mode)
{
    const struct model *model = rebuild->steps->model;
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *made = &model->tables[i];
        for (size_t k = 0; !made->origin && k < made->n_references; k++) {
            if (strcmp(made->references[k].name, rebuild->table->origin->name) == 0)
                step_lock(rebuild->steps, made->real, mode);
        }
    }
}

static void swap(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    const struct carry *carry = table->origin->carry;
    struct step *step =
        step_begin(steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "swap",
                   arena_printf(arena, "the new table of %s takes the old one's place", table->origin->name));
    step->duration = DURATION_INSTANT;
    step_why(steps, "with everything that hangs on it, its triggers and the running version's view together");
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    step->before = arena_printf(arena, "SELECT %s(true, false, $1)", rebuild->apply);
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_lock(%L, %L)", table->real, rebuild->place));
    for (size_t i = 0; i < carry->n_locks; i++)
        step_lock(steps, carry->locks[i], "ACCESS EXCLUSIVE");
    for (size_t i = 0; i < carry->n_views; i++)
        step_lock(steps, carry->views[i], "ACCESS EXCLUSIVE");
    for (size_t i = 0; i < carry->n_sequences; i++) /* who has drawn a number keeps it locked */
        step_lock(steps, carry->sequences[i], "SHARE ROW EXCLUSIVE");
    for (size_t i = 0; i < carry->n_identities; i++)
        step_lock(steps, carry->identities[i], "ACCESS EXCLUSIVE");
    lock_new_tables(rebuild, "ACCESS EXCLUSIVE");
    rebuild_locked(rebuild, step);
    step_act(steps, pg_format(arena, "SELECT %s(true, true, NULL)", rebuild->apply));
    if (rebuild->read)
        step_act(steps, rebuild_all_seen(rebuild));
    step_act(steps, pg_format(arena,
                              "DROP FUNCTION %s(" APPLY_TYPES "), %s(pg_catalog.int8), %s(" PART_TYPES
                              "), %s(" PART_TYPES ")",
                              rebuild->apply, rebuild->sift, rebuild->apply_part, rebuild->compare_part));
    step_act(steps, pg_format(arena, "SELECT segue.rebuild_swap(%L, %L)", table->real, rebuild->place));
    if (!rebuild->read)
        step_act(steps, pg_format(arena, "DROP FUNCTION %s()", rebuild->capture));
    step_act(steps, pg_format(arena, "DROP TABLE %s", rebuild->journal));
    steps_edge_views(steps, table);
    steps_edge_undo_columns(steps, table);
    undo_indexes(rebuild);
}

static void validate(struct rebuild *rebuild)
{
    struct steps *steps = rebuild->steps;
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    const struct carry *carry = table->origin->carry;
    struct step *step = step_begin(
        steps, PHASE_BACKFILL, STEP_TRANSACTION, table->origin->name, "validate",
        arena_printf(arena, "validate the foreign keys of %s that were made again", table->origin->name));
    step->duration = DURATION_SCAN;
    step_act(steps,
             pg_format(arena, "SELECT segue.rebuild_validate(%L, %L, false)", table->real, rebuild->place));
    for (size_t i = 0; i < carry->n_referred; i++)
        step_lock(steps, carry->referred[i], "ROW SHARE");
    for (size_t i = 0; i < carry->n_scanned; i++)
        step_lock(steps, carry->scanned[i], "SHARE UPDATE EXCLUSIVE");
    lock_new_tables(rebuild, "SHARE UPDATE EXCLUSIVE");
}

bool steps_rebuild(struct steps *steps, struct model_table *table, struct error *err)
{
    struct rebuild rebuild = {.steps = steps, .arena = steps->arena, .table = table};
    name_rebuild(&rebuild);
    rebuild_capture(&rebuild);
    create(&rebuild);
    copy_rows(&rebuild);
    if (!indexes_ahead(&rebuild, err))
        return false;
    apply_functions(&rebuild);
    catch_up(&rebuild, false, false);
    if (!build(&rebuild, err))
        return false;
    catch_up(&rebuild, true, true);
    settle(&rebuild);
    swap(&rebuild);
    rebuild_decode_end(&rebuild);
    validate(&rebuild);
    return true;
}
