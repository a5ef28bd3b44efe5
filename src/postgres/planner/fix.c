#include "postgres/planner/fix.h"

#include <string.h>

#include "postgres/format.h"

static const struct model_table *table_of(const struct model *model, const struct model_fix *fix)
{
    return &model->tables[fix->table];
}

static const char *verb(const struct model_fix *fix)
{
    return fix->change->fix->remove ? "DELETE" : "UPDATE";
}

/* What the column is called when the fix runs; NULL: it is gone by then. */
static const char *name_then(const struct model_fix *fix, const struct model_column *column)
{
    if (fix->phase == PHASE_EXPAND)
        return column->origin ? column->origin->name : NULL;
    return column->dropped ? NULL : column->name;
}

static const char *real_then(struct steps *steps, const struct model_fix *fix)
{
    const struct model_table *table = table_of(steps->model, fix);
    return pg_format(steps->arena, "%Q", steps->model->catalog->schema,
                     fix->phase == PHASE_EXPAND ? table->origin->name : table->name);
}

static bool refuse_late(const struct steps *steps, const struct model_fix *fix, const char *name,
                        const char *what, struct error *err)
{
    refuse(steps->model, fix->change->place, err, "column \"%s\" %s before phase contract", name, what);
    return error_hint(
        err, "write -- segue: phase expand, or move the statement behind the one that changes the column");
}

/* The renames from the names at that point of the file to those at the time. */
static bool find_renames(struct steps *steps, const struct model_fix *fix, struct rename **renames, size_t *n,
                         struct error *err)
{
    const struct model_table *table = table_of(steps->model, fix);
    for (size_t i = 0; i < fix->n_columns; i++) {
        const struct fix_column *bound = &fix->columns[i];
        const struct model_column *column = &table->columns[bound->column];
        const char *name = name_then(fix, column);
        if (!name)
            return refuse_late(steps, fix, bound->name, "is dropped", err);
        if (fix->phase == PHASE_CONTRACT && strcmp(column->type, bound->type) != 0)
            return refuse_late(steps, fix, bound->name, "gets another type", err);
        struct rename rename = {bound->name, name};
        if (strcmp(bound->name, name) != 0)
            ARENA_PUSH(steps->arena, *renames, *n, rename);
    }
    return true;
}

static bool is_target(const struct model_fix *fix, size_t column)
{
    const struct data_fix *parsed = fix->change->fix;
    for (size_t i = 0; i < fix->n_columns; i++)
        for (size_t k = 0; fix->columns[i].column == column && k < parsed->n_targets; k++)
            if (strcmp(parsed->targets[k], fix->columns[i].name) == 0)
                return true;
    return false;
}

/* A key along which rows stay where they are while they are changed, and that is there at the time. */
static bool can_walk(const struct model_fix *fix, const struct model_table *table, size_t at)
{
    const struct catalog_index *index = &table->origin->indexes[at];
    if (!index->walkable)
        return false;
    for (size_t i = 0; i < table->n_indexes; i++)
        if (table->indexes[i].origin == index && table->indexes[i].dropped && fix->phase == PHASE_CONTRACT)
            return false;
    for (size_t i = 0; i < index->n_keys; i++) {
        const struct model_column *column = model_column_number(table, index->keys[i]);
        if (!column || !name_then(fix, column) || is_target(fix, (size_t)(column - table->columns)))
            return false;
    }
    return true;
}

static const struct catalog_index *walk_index(const struct model_fix *fix, const struct model_table *table)
{
    const struct catalog_index *best = NULL;
    for (size_t i = 0; i < table->origin->n_indexes; i++) {
        const struct catalog_index *index = &table->origin->indexes[i];
        if (can_walk(fix, table, i) && (!best || (index->primary && !best->primary)))
            best = index;
    }
    return best;
}

static void set_keys(struct steps *steps, const struct model_fix *fix, const struct catalog_index *index,
                     struct walk *walk)
{
    const struct model_table *table = table_of(steps->model, fix);
    for (size_t i = 0; i < index->n_keys; i++) {
        const struct model_column *column = model_column_number(table, index->keys[i]);
        size_t same = walk->n_keys;
        ARENA_PUSH(steps->arena, walk->keys, walk->n_keys,
                   pg_format(steps->arena, "%I", name_then(fix, column)));
        ARENA_PUSH(steps->arena, walk->key_types, same,
                   fix->phase == PHASE_EXPAND ? column->origin->type : column->type);
    }
}

static struct walk *new_walk(struct steps *steps, const struct model_fix *fix,
                             const struct catalog_index *index, const struct data_fix *parsed)
{
    struct walk *walk = arena_alloc(steps->arena, sizeof *walk);
    *walk = (struct walk){.table = real_then(steps, fix),
                          .set = parsed->set,
                          .where = parsed->where,
                          .remove = parsed->remove,
                          .alias = pg_format(steps->arena, "%I", parsed->alias),
                          .rows = table_of(steps->model, fix)->origin->rows};
    set_keys(steps, fix, index, walk);
    return walk;
}

static struct step *begin(struct steps *steps, const struct model_fix *fix, enum step_kind kind)
{
    const struct model_table *table = table_of(steps->model, fix);
    const char *name = fix->phase == PHASE_EXPAND ? table->origin->name : table->name;
    struct step *step =
        step_begin(steps, fix->phase, kind, name, fix->change->fix->remove ? "delete" : "update",
                   arena_printf(steps->arena, "%s of line %d: the rows of %s", verb(fix),
                                fix->change->place.line, name));
    step->duration = DURATION_CHUNKS;
    step->flags = fix->phase == PHASE_CONTRACT ? STEP_NO_RETURN : 0;
    step_lock(steps, real_then(steps, fix), "ROW EXCLUSIVE");
    return step;
}

static void say(struct steps *steps, const struct model_fix *fix, const char *how)
{
    const char *note = arena_printf(
        steps->arena, "%s of line %d runs %s, %s; triggers of %s fire%s", verb(fix), fix->change->place.line,
        fix->phase == PHASE_EXPAND ? "before the new shape is made" : "at complete", how,
        table_of(steps->model, fix)->name,
        fix->phase == PHASE_CONTRACT ? ""
        : fix->undo                  ? ". A rollback takes it back by its undo"
                                     : ". A rollback leaves the rows as it made them");
    ARENA_PUSH(steps->arena, steps->plan->notes, steps->plan->n_notes, note);
}

/* As one statement: its rows stay locked until it ends. */
static bool run_whole(struct steps *steps, const struct model_fix *fix, const char *why, size_t n_renames,
                      struct error *err)
{
    const struct model_table *table = table_of(steps->model, fix);
    bool renamed = n_renames || (table->renamed && fix->phase == PHASE_CONTRACT) ||
                   (fix->phase == PHASE_EXPAND && strcmp(fix->change->table.name, table->origin->name) != 0);
    if (renamed) {
        refuse(steps->model, fix->change->place, err,
               "%s is run as it stands, because %s, but its names are others in phase %s", verb(fix), why,
               plan_phase_name(fix->phase));
        return error_hint(
            err, "write it where its names hold: for expand above the renames, for contract below them");
    }
    struct step *step = begin(steps, fix, STEP_TRANSACTION);
    step_why(steps, arena_printf(steps->arena, "in one transaction, because %s", why));
    step->flags |= STEP_NO_LOCKS;
    step_act(steps, fix->change->sql);
    if (fix->undo)
        step_undo(steps, fix->undo);
    say(steps, fix, arena_printf(steps->arena, "as one statement, because %s", why));
    return true;
}

bool steps_fix(struct steps *steps, const struct model_fix *fix, struct error *err)
{
    struct rename *renames = NULL;
    size_t n = 0;
    struct data_fix *parsed = arena_alloc(steps->arena, sizeof *parsed);
    const struct catalog_index *index = walk_index(fix, table_of(steps->model, fix));
    if (!find_renames(steps, fix, &renames, &n, err))
        return false;
    if (fix->change->fix->whole)
        return run_whole(steps, fix, fix->change->fix->whole, n, err);
    if (table_of(steps->model, fix)->origin->kind == 'p' || table_of(steps->model, fix)->origin->has_children)
        return run_whole(steps, fix, "the rows of the table are in others below it", n, err);
    if (!index)
        return run_whole(steps, fix, "the table has no key by which its rows could be walked", n, err);
    if (!sql_fix_parse(steps->arena, fix->change->sql, renames, n, parsed, err))
        return refuse(steps->model, fix->change->place, err, "%s", err->message);
    struct data_fix *undo = arena_alloc(steps->arena, sizeof *undo);
    if (fix->undo && !sql_fix_parse(steps->arena, fix->undo, renames, n, undo, err))
        return refuse(steps->model, fix->change->place, err, "%s", err->message);
    struct step *step = begin(steps, fix, STEP_WALK);
    step->walk = new_walk(steps, fix, index, parsed);
    if (fix->undo)
        step->undo_walk = new_walk(steps, fix, index, undo);
    step_why(steps, "each row that is there when it begins is touched once; a chunk and how far it has come "
                    "commit together");
    say(steps, fix, "in chunks");
    if (fix->phase == PHASE_EXPAND)
        steps_vacuum(steps, table_of(steps->model, fix), PHASE_EXPAND);
    return true;
}

bool steps_fixes_contract(struct steps *steps, struct error *err)
{
    for (size_t i = 0; i < steps->model->n_fixes; i++)
        if (steps->model->fixes[i].phase == PHASE_CONTRACT && !steps_fix(steps, &steps->model->fixes[i], err))
            return false;
    return true;
}

/* A statement of phase expand that may write any rows. */
static bool writes_rows(const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    return statement->stage == STAGE_EXPAND && (def->object == OBJECT_ROWS || def->object == OBJECT_OTHER);
}

bool fix_comes_before(const struct model *model, const struct model_table *table, const struct change *change)
{
    for (size_t i = 0; change && i < model->n_fixes; i++) {
        const struct model_fix *fix = &model->fixes[i];
        if (fix->phase == PHASE_EXPAND && table_of(model, fix) == table && fix->change < change)
            return true;
    }
    for (size_t i = 0; change && i < model->n_statements; i++)
        if (writes_rows(&model->statements[i]) && model->statements[i].change < change)
            return true;
    return false;
}
