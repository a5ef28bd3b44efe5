/* `complete` of one table: it takes its final shape in one short transaction. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/views.h"

/* Acts of one table are gathered first: a table that needs none gets no step. */
struct acts {
    struct steps *steps;
    const struct model_table *table;
    const char **sql;
    size_t n;
    bool exclusive; /* some act needs ACCESS EXCLUSIVE */
};

static void act(struct acts *acts, bool exclusive, const char *sql)
{
    ARENA_PUSH(acts->steps->arena, acts->sql, acts->n, sql);
    acts->exclusive = acts->exclusive || exclusive;
}

static void alter(struct acts *acts, const char *what)
{
    act(acts, true, pg_format(acts->steps->arena, "ALTER TABLE %s %s", acts->table->real, what));
}

/* Views first: clients lock the view, then the table; so do we. */
static void drop_views(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    if (table->versioned)
        act(acts, true, pg_format(arena, "DROP VIEW %s, %s", table->old_view, table->new_view));
    if (table->sync_function) {
        act(acts, true, pg_format(arena, "DROP TRIGGER %s ON %s", table->sync_insert, table->real));
        act(acts, true, pg_format(arena, "DROP TRIGGER %s ON %s", table->sync_update, table->real));
    }
}

static bool reads_leaving(const struct model_table *table, const struct catalog_constraint *constraint)
{
    for (size_t i = 0; i < constraint->n_columns; i++) {
        const struct model_column *column = model_column_number(table, constraint->columns[i]);
        if (column && column_leaves(column))
            return true;
    }
    return false;
}

static void drop_what_leaves(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->origin && constraint->dropped && constraint->origin->kind == 'u' &&
            !reads_leaving(table, constraint->origin))
            alter(acts, pg_format(arena, "DROP CONSTRAINT %I", constraint->origin->name));
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        if (column_leaves(&table->columns[i]))
            alter(acts, pg_format(arena, "DROP COLUMN %I", table->columns[i].origin->name));
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

/* Renames run all at once in effect: a name that is still in use (a swap) is reached by way of an interim one. */
static void rename_columns(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    const char **present = arena_alloc(arena, table->n_columns * sizeof *present);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        present[i] = column->physical;
        if (column->dropped || column->hidden || strcmp(column->physical, column->name) == 0 ||
            !name_in_use(table, column->name))
            continue;
        present[i] = arena_printf(arena, "_segue_rename_%zu", i + 1);
        alter(acts, pg_format(arena, "RENAME COLUMN %I TO %I", column->physical, present[i]));
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->dropped && strcmp(present[i], column->name) != 0)
            alter(acts, pg_format(arena, "RENAME COLUMN %I TO %I", present[i], column->name));
    }
}

static void set_not_null(struct acts *acts, const struct model_column *column)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    alter(acts, pg_format(arena, "ALTER COLUMN %I SET NOT NULL", column->name));
    alter(acts, pg_format(arena, "DROP CONSTRAINT %I", steps_not_null_check(acts->steps, table, column)));
    const char *automatic = pg_object_name(arena, table->origin->name, column->name, "not_null");
    if (column->origin && column->origin->not_null_name &&
        strcmp(column->origin->not_null_name, automatic) != 0)
        alter(acts, pg_format(arena, "RENAME CONSTRAINT %I TO %I", automatic, column->origin->not_null_name));
}

/* What a replaced column's stand-in must still get to be the column it stands in for. */
static void column_properties(struct acts *acts, const struct model_column *column)
{
    struct arena *arena = acts->steps->arena;
    const struct column *origin = column->origin;
    if (!model_column_replaced(column))
        return;
    if (origin->statistics_target >= 0)
        alter(acts,
              pg_format(arena, "ALTER COLUMN %I SET STATISTICS %d", column->name, origin->statistics_target));
    if (origin->storage && strcmp(origin->type, column->type) == 0)
        alter(acts, pg_format(arena, "ALTER COLUMN %I SET STORAGE %s", column->name, origin->storage));
    if (origin->compression)
        alter(acts,
              pg_format(arena, "ALTER COLUMN %I SET COMPRESSION %s", column->name, origin->compression));
    if (origin->options)
        alter(acts, pg_format(arena, "ALTER COLUMN %I SET (%s)", column->name, origin->options));
    if (origin->comment && !column->comment)
        act(acts, false,
            pg_format(arena, "COMMENT ON COLUMN %s.%I IS %L", acts->table->real, column->name,
                      origin->comment));
}

static void finish_columns(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->dropped)
            continue;
        const char *expr = default_for_type(acts->steps->model, column);
        bool late_default = column->hidden ? column->up.expr && expr : column->default_changed;
        if (late_default && expr)
            alter(acts, pg_format(arena, "ALTER COLUMN %I SET DEFAULT %s", column->name, expr));
        else if (late_default)
            alter(acts, pg_format(arena, "ALTER COLUMN %I DROP DEFAULT", column->name));
        if (column->hidden ? column->not_null : column->not_null_set)
            set_not_null(acts, column);
        column_properties(acts, column);
    }
}

static void finish_constraints(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->dropped)
            continue;
        const char *present = steps_constraint_made(table, constraint)
                                  ? steps_constraint_interim(acts->steps, table, constraint)
                                  : constraint->origin->name;
        if (strcmp(present, constraint->name) != 0)
            alter(acts, pg_format(arena, "RENAME CONSTRAINT %I TO %I", present, constraint->name));
        if (steps_constraint_copied(table, constraint) && constraint->origin->comment && !constraint->comment)
            act(acts, false,
                pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint->name, table->real,
                          constraint->origin->comment));
    }
}

static void finish_indexes(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    const char *schema = acts->steps->model->catalog->schema;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (index->dropped || (index->origin && index->origin->constraint))
            continue;
        const char *present = index->origin && !steps_index_made(table, index)
                                  ? index->origin->name
                                  : steps_index_interim(acts->steps, table, index);
        if (strcmp(present, index->name) != 0)
            act(acts, false, pg_format(arena, "ALTER INDEX %Q RENAME TO %I", schema, present, index->name));
        if (index->origin && steps_index_copied(table, index) && index->origin->comment && !index->comment)
            act(acts, false,
                pg_format(arena, "COMMENT ON INDEX %Q IS %L", schema, index->name, index->origin->comment));
    }
}

/* The columns of an index keep the name that the table's column had when it was built. Nothing reads it, but \\d shows it. */
static void name_index_columns(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    SEGUE_CLEANUP(text_free) struct text names = {0};
    bool any = false;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->hidden && !column->dropped)
            pg_append(&names, "%s(%L, %L)", names.length ? ", " : "", column->physical, column->name);
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        bool unique =
            constraint->origin ? constraint->origin->kind == 'u' : constraint->def->kind == CONSTRAINT_UNIQUE;
        any = any ||
              (unique && steps_constraint_made(table, constraint) && constraint_on_hidden(table, constraint));
    }
    for (size_t i = 0; i < table->n_indexes; i++)
        any = any ||
              (steps_index_made(table, &table->indexes[i]) && index_on_hidden(table, &table->indexes[i]));
    if (!any)
        return;
    act(acts, true,
        pg_format(
            arena,
            "DO $segue$ DECLARE r record; BEGIN FOR r IN SELECT i.indexrelid::pg_catalog.regclass AS index, h.hidden, "
            "h.name FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indexrelid JOIN "
            "(VALUES %s) AS h (hidden, name) ON h.hidden = a.attname WHERE i.indrelid = %L::pg_catalog.regclass "
            "LOOP EXECUTE pg_catalog.format('ALTER TABLE %%s RENAME COLUMN %%I TO %%I', r.index, r.hidden, r.name); "
            "END LOOP; END $segue$",
            names.data, table->real));
}

static bool type_changes(const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (model_column_replaced(column) && strcmp(column->origin->type, column->type) != 0)
            return true;
    }
    return false;
}

/*
 * PL/pgSQL keeps a compiled trigger function with the types that NEW had, and a session that lives through the switch would
 * fail once ("type of parameter … does not match that when preparing the plan"). A new row version of pg_proc makes every
 * session compile anew; setting the cost that it has already changes nothing else.
 */
static void recompile_triggers(struct acts *acts)
{
    const struct table *origin = acts->table->origin;
    if (!type_changes(acts->table))
        return;
    for (size_t i = 0; i < origin->n_triggers; i++) {
        const struct catalog_trigger *trigger = &origin->triggers[i];
        bool again = false;
        if (!trigger->function || !trigger->function_owned)
            continue;
        for (size_t k = 0; k < i; k++)
            again = again || (origin->triggers[k].function &&
                              strcmp(origin->triggers[k].function, trigger->function) == 0);
        if (!again)
            act(acts, false,
                pg_format(acts->steps->arena, "ALTER FUNCTION %s COST %s", trigger->function,
                          trigger->function_cost));
    }
}

/* Comments that the file sets, under the final names. */
static void comments(struct acts *acts)
{
    struct arena *arena = acts->steps->arena;
    const struct model_table *table = acts->table;
    const char *schema = acts->steps->model->catalog->schema;
    const char *name = pg_format(arena, "%Q", schema, table->name);
    if (table->comment)
        act(acts, false, pg_format(arena, "COMMENT ON TABLE %s IS %L", name, table->comment->expr));
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->comment && !column->dropped)
            act(acts, false,
                pg_format(arena, "COMMENT ON COLUMN %s.%I IS %L", name, column->name, column->comment->expr));
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (constraint->comment && !constraint->dropped)
            act(acts, false,
                pg_format(arena, "COMMENT ON CONSTRAINT %I ON %s IS %L", constraint->name, name,
                          constraint->comment->expr));
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (index->comment && !index->dropped)
            act(acts, false,
                pg_format(arena, "COMMENT ON INDEX %Q IS %L", schema, index->name, index->comment->expr));
    }
}

/* Dropping a foreign key, with its constraint or its column, locks the other table as well. */
static void lock_referenced(struct steps *steps, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct catalog_constraint *origin = table->constraints[i].origin;
        if (origin && origin->kind == 'f' && reads_leaving(table, origin) &&
            strcmp(origin->ref_table, table->real) != 0)
            step_lock(steps, origin->ref_table, "ACCESS EXCLUSIVE");
    }
}

void steps_switch_table(struct steps *steps, const struct model_table *table)
{
    struct acts acts = {.steps = steps, .table = table};
    drop_views(&acts);
    drop_what_leaves(&acts);
    rename_columns(&acts);
    finish_columns(&acts);
    finish_constraints(&acts);
    finish_indexes(&acts);
    name_index_columns(&acts);
    recompile_triggers(&acts);
    if (table->renamed)
        alter(&acts, pg_format(steps->arena, "RENAME TO %I", table->name));
    comments(&acts);
    if (!acts.n)
        return;
    struct step *step =
        step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, table->origin->name, "switch",
                   arena_printf(steps->arena, "give %s its final shape", table->origin->name));
    step->flags = STEP_NO_RETURN;
    step->duration = DURATION_INSTANT;
    step->acts = acts.sql;
    step->n_acts = acts.n;
    if (table->versioned) {
        step_lock(steps, table->old_view, "ACCESS EXCLUSIVE");
        step_lock(steps, table->new_view, "ACCESS EXCLUSIVE");
    }
    step_lock(steps, table->real, acts.exclusive ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE");
    lock_referenced(steps, table);
}
