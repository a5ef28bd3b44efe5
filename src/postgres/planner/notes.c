#include "postgres/planner/notes.h"

#include <string.h>

#include "postgres/planner/family.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"
#include "postgres/planner/sync.h"

static void note(struct steps *steps, struct plan_table *table, const char *text)
{
    ARENA_PUSH(steps->arena, table->notes, table->n_notes, text);
}

static void note_added(struct steps *steps, struct plan_table *out, const struct model_table *table,
                       const struct model_column *column)
{
    const struct model_sequence *sequence =
        column->number_function ? model_new_sequence(steps->model, table, column) : NULL;
    const char *rows =
        column->up.expr ? arena_printf(steps->arena, "rows of the old version get %s", column->up.expr)
        : sequence && column->fill.expr
            ? arena_printf(steps->arena, "rows already there get the next numbers of sequence %s",
                           sequence->name)
        : column->fill.expr    ? arena_printf(steps->arena, "rows already there get %s", column->fill.expr)
        : column->fast_default ? arena_printf(steps->arena, "rows already there get %s without being touched",
                                              column->fast_default)
                               : "rows already there get NULL";
    note(steps, out, arena_printf(steps->arena, "new: column %s %s; %s", column->name, column->type, rows));
}

static void note_leaving(struct steps *steps, struct plan_table *out, const struct model_column *column)
{
    struct arena *arena = steps->arena;
    if (column->dropped && column->down.expr)
        note(steps, out,
             arena_printf(arena, "old: column %s stays until complete; rows of the new version get %s",
                          column->origin->name, column->down.expr));
    else if (column->dropped)
        note(steps, out,
             arena_printf(arena, "old: column %s stays until complete; rows of the new version leave it %s",
                          column->origin->name, column->origin->default_expr ? "at its default" : "NULL"));
    else if (!column->down.expr)
        note(steps, out,
             arena_printf(arena, "both: %s is computed for the old version and written by the new one",
                          column->name));
    else
        note(steps, out,
             arena_printf(arena, "both: %s is %s for the old version (%s) and %s for the new one (%s)",
                          column->name, column->origin->type, column->down.expr, column->type,
                          column->up.expr));
}

static void note_shared(struct steps *steps, struct plan_table *out, const struct model_table *table)
{
    struct arena *arena = steps->arena;
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->origin || column->hidden || column->dropped)
            continue;
        if (column->not_null_set)
            note(steps, out,
                 arena_printf(arena,
                              "old: %s must not be NULL from start on (an up would spare the old version)",
                              column->origin->name));
        if (column->not_null_dropped)
            note(steps, out,
                 arena_printf(arena, "old: %s may be NULL from start on (a down would spare the old version)",
                              column->origin->name));
    }
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (model_constraint_kind(constraint) == 'x' && steps_constraint_made(table, constraint))
            note(steps, out,
                 arena_printf(
                     arena,
                     "both: nobody reads or writes the table while the index of exclusion constraint %s is "
                     "built, in start",
                     constraint->name));
        if (constraint_on_hidden(table, constraint))
            continue;
        if (!constraint->origin)
            note(steps, out,
                 arena_printf(arena, "old: constraint %s binds the old version, too, from start on",
                              constraint->name));
        else if (constraint->dropped && (constraint->origin->kind == 'u' || constraint->origin->kind == 'p'))
            note(steps, out,
                 arena_printf(
                     arena,
                     "new: key %s binds until complete, because ON CONFLICT of the old version needs it",
                     constraint->name));
        else if (constraint->dropped && constraint->origin->kind == 'x')
            note(steps, out,
                 arena_printf(
                     arena,
                     "new: exclusion constraint %s binds until complete, because it could not be made again",
                     constraint->name));
    }
}

static void note_shapes(struct steps *steps, const struct model_table *table, struct plan_table *out)
{
    struct model *model = steps->model;
    out->agree = sync_agreement(model, table);
    if (!out->agree)
        return;
    out->old_shape = sync_shape(model, table, true);
    out->new_shape = sync_shape(model, table, false);
    out->mend_old = sync_mend(model, table, true);
    out->mend_new = sync_mend(model, table, false);
    out->silence_triggers = model->catalog->can_silence_triggers;
}

/* Rows that are split are shown whole. They cannot be mended by one UPDATE of their table. */
static void note_split(struct steps *steps, const struct model_table *table, struct plan_table *out)
{
    const char *split = split_agreement(steps->model, table);
    if (!split)
        return;
    out->agree = out->agree ? arena_printf(steps->arena, "(%s) AND %s", out->agree, split) : split;
    split_shapes(steps->model, table, &out->old_shape, &out->new_shape);
    out->mend_old = out->mend_new = NULL;
}

static const char *because(struct steps *steps, const struct model_table *table, const char *what)
{
    return table->strategy_why ? arena_printf(steps->arena, "%s; %s", what, table->strategy_why) : what;
}

static void note_table(struct steps *steps, const struct model_table *table)
{
    struct plan_table out = {.schema = steps->model->catalog->schema,
                             .name = table->origin ? table->origin->name : table->name,
                             .new_name = table->name,
                             .old_view = table->old_view,
                             .new_view = table->new_view,
                             .rows = table->origin ? table->origin->rows : 0,
                             .bytes = table->origin ? (double)table->origin->bytes : 0};
    if (!table->origin) {
        out.strategy = "new table";
        out.strategy_why = "made at once; the old version may see it";
    } else if (table->dropped) {
        out.strategy = "dropped";
        out.strategy_why = "stays until complete";
        out.new_name = NULL;
    } else if (table->rebuilt) {
        out.strategy = "rebuild";
        out.strategy_why =
            because(steps, table, "rows are copied into a new table, which takes the old one's place");
    } else if (table->has_walk) {
        out.strategy = "in place";
        out.strategy_why = because(steps, table, "rows are filled in paced chunks of the key");
    } else {
        out.strategy = "metadata only";
        out.strategy_why = "no row is touched";
    }
    if (table->origin && !table->dropped) {
        steps_walk_key(steps, table, &out.keys, &out.key_types, &out.n_keys);
        note_shapes(steps, table, &out);
        if (table->renamed)
            note(steps, &out, arena_printf(steps->arena, "new: the table is called %s", table->name));
        for (size_t i = 0; i < table->n_columns; i++) {
            const struct model_column *column = &table->columns[i];
            if (!column->origin)
                note_added(steps, &out, table, column);
            else if (column_leaves(column))
                note_leaving(steps, &out, column);
            else if (strcmp(column->name, column->origin->name) != 0)
                note(steps, &out,
                     arena_printf(steps->arena, "new: %s is called %s", column->origin->name, column->name));
        }
        note_shared(steps, &out, table);
        if (table->versioned)
            note(
                steps, &out,
                arena_printf(
                    steps->arena,
                    "both: until complete it is a view to both versions; COPY … FROM, TRUNCATE and ON CONFLICT ON "
                    "CONSTRAINT need %s itself",
                    table->real));
        if (table->has_hidden)
            note(steps, &out,
                 "a session whose search_path names no version sees the hidden columns; a prepared SELECT * "
                 "of its fails once");
    }
    note_split(steps, table, &out);
    ARENA_PUSH(steps->arena, steps->plan->tables, steps->plan->n_tables, out);
}

/* A statement of which nobody but the file knows what it does: it runs for the first time where it counts. */
static void note_untried(struct steps *steps, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    bool unknown = def->place == STATEMENT_UNPLACED && !def->lock;
    if (!unknown && def->object != OBJECT_ROWS)
        return;
    const char *text = arena_printf(
        steps->arena, "%s of line %d is %s beforehand: it runs for the first time %s", def->what,
        statement->change->place.line, strcmp(def->what, "DO") == 0 ? "compiled but not tried" : "not tried",
        statement->stage == STAGE_EXPAND ? "in expand, by segue start" : "at complete");
    ARENA_PUSH(steps->arena, steps->plan->notes, steps->plan->n_notes, text);
}

void plan_notes(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_statements; i++)
        note_untried(steps, &steps->model->statements[i]);
    for (size_t i = 0; i < steps->model->n_tables; i++) {
        const struct model_table *table = &steps->model->tables[i];
        if (table->change && !(table->partition && !table->versioned))
            note_table(steps, &steps->model->tables[i]);
    }
}
