#include "postgres/planner/steps.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"

/* Letters, digits and a few marks stay; anything else would have to be quoted on a command line. */
static const char *plain(struct arena *arena, const char *name)
{
    char *copy = arena_strdup(arena, name);
    for (char *c = copy; *c; c++) {
        if (!isalnum((unsigned char)*c) && !strchr("_-.", *c))
            *c = '_';
    }
    return copy;
}

struct step *step_begin(struct steps *steps, enum plan_phase phase, enum step_kind kind, const char *table,
                        const char *what, const char *title)
{
    size_t number = ++steps->number[phase] * 10;
    struct step step = {.phase = phase, .kind = kind, .title = title};
    step.id = table ? arena_printf(steps->arena, "%s/%03zu/%s/%s", plan_phase_name(phase), number,
                                   plain(steps->arena, table), plain(steps->arena, what))
                    : arena_printf(steps->arena, "%s/%03zu/%s", plan_phase_name(phase), number,
                                   plain(steps->arena, what));
    ARENA_PUSH(steps->arena, steps->plan->steps, steps->plan->n_steps, step);
    return &steps->plan->steps[steps->plan->n_steps - 1];
}

static struct step *last(struct steps *steps)
{
    return &steps->plan->steps[steps->plan->n_steps - 1];
}

void step_act(struct steps *steps, const char *sql)
{
    struct step *step = last(steps);
    ARENA_PUSH(steps->arena, step->acts, step->n_acts, sql);
}

void step_undo(struct steps *steps, const char *sql)
{
    struct step *step = last(steps);
    ARENA_PUSH(steps->arena, step->undo, step->n_undo, sql);
}

void step_try_clean(struct steps *steps, const char *sql)
{
    struct step *step = last(steps);
    ARENA_PUSH(steps->arena, step->clean, step->n_clean, sql);
}

/* From the weakest to the strongest, as the manual lists them (table "Conflicting Lock Modes"). */
static size_t lock_strength(const char *mode)
{
    static const char *const modes[] = {
        "ACCESS SHARE", "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
        "SHARE",        "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};
    size_t i = 0;
    while (i < SEGUE_COUNT(modes) && strcmp(modes[i], mode) != 0)
        i++;
    return i;
}

void step_lock(struct steps *steps, const char *relation, const char *mode)
{
    struct step *step = last(steps);
    struct step_lock lock = {relation, mode};
    for (size_t i = 0; i < step->n_locks; i++) {
        if (strcmp(step->locks[i].relation, relation) != 0)
            continue;
        if (lock_strength(mode) > lock_strength(step->locks[i].mode))
            step->locks[i].mode = mode;
        return;
    }
    ARENA_PUSH(steps->arena, step->locks, step->n_locks, lock);
}

void step_why(struct steps *steps, const char *why)
{
    last(steps)->why = why;
}

static bool in_catalog(const struct catalog *catalog, const char *name)
{
    if (name_is_among(catalog->relation_names, catalog->n_relation_names, name))
        return true;
    for (size_t i = 0; i < catalog->n_tables; i++) {
        if (table_constraint(&catalog->tables[i], name))
            return true;
    }
    return false;
}

const char *steps_interim_name(struct steps *steps, const char *name, bool always)
{
    if (!always && !in_catalog(steps->model->catalog, name))
        return name;
    return pg_interim_name(steps->arena, "_segue", name);
}

void steps_physical_names(struct steps *steps, const struct model_table *table, struct rename **renames,
                          size_t *n)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        struct rename rename = {column->name, column->physical};
        if (!column->dropped && strcmp(column->name, column->physical) != 0)
            ARENA_PUSH(steps->arena, *renames, *n, rename);
    }
}

void steps_replaced_names(struct steps *steps, const struct model_table *table, struct rename **renames,
                          size_t *n)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!model_column_replaced(column))
            continue;
        struct rename rename = {column->origin->name, column->physical};
        ARENA_PUSH(steps->arena, *renames, *n, rename);
    }
}

void steps_definition_names(struct steps *steps, const struct model_table *table, bool from_origin,
                            struct rename **renames, size_t *n)
{
    if (from_origin)
        steps_replaced_names(steps, table, renames, n);
    else
        steps_physical_names(steps, table, renames, n);
}

const char *steps_not_null_check(struct steps *steps, const struct model_table *table,
                                 const struct model_column *column)
{
    (void)table;
    return pg_interim_name(steps->arena, "_segue_not_null", column->name);
}

static const struct catalog_index *walk_index(const struct table *table)
{
    const struct catalog_index *best = NULL;
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct catalog_index *index = &table->indexes[i];
        if (!index->walkable)
            continue;
        if (!best || (index->primary && !best->primary) ||
            (index->primary == best->primary && index->n_keys < best->n_keys))
            best = index;
    }
    return best;
}

void steps_walk_key(struct steps *steps, const struct model_table *table, const char ***keys,
                    const char ***types, size_t *n)
{
    const struct catalog_index *index = walk_index(table->origin);
    for (size_t i = 0; index && i < index->n_keys; i++) {
        const struct column *column = table_column_number(table->origin, index->keys[i]);
        size_t same = *n;
        ARENA_PUSH(steps->arena, *keys, *n, pg_format(steps->arena, "%I", column->name));
        ARENA_PUSH(steps->arena, *types, same, column->type);
    }
}

enum { LEAST_PAGES = 1024 };
static const double IN_ORDER = 0.9;

/*
 * A table that is not in memory is read from end to end, each page once. So is one that lies in the order of its key, where it is the
 * same and spares the look for a chunk's last key. Else the key is the better order: the rows of a page are then changed at
 * different times, each in the room that the one before has left, and indexes do not grow (decision 35).
 */
bool steps_walk_by_place(const struct steps *steps, const struct model_table *table)
{
    const struct table *origin = table->origin;
    const struct catalog_index *index = walk_index(origin);
    int64_t cache = steps->model->catalog->cache_pages;
    if (!index || !origin->is_heap || origin->pages < LEAST_PAGES)
        return false;
    const struct column *first = table_column_number(origin, index->keys[0]);
    return fabs(first->correlation) >= IN_ORDER || (cache > 0 && origin->pages > cache);
}

void steps_walk_names(struct arena *arena, const struct model_table *table, const char ***names, size_t *n)
{
    const struct catalog_index *index = walk_index(table->origin);
    for (size_t i = 0; index && i < index->n_keys; i++)
        ARENA_PUSH(arena, *names, *n, table_column_number(table->origin, index->keys[i])->name);
}

bool steps_constraint_copied(const struct model_table *table, const struct model_constraint *constraint)
{
    return constraint->origin && !constraint->origin->inherited && !constraint->dropped &&
           (constraint->ref_hidden || constraint_on_hidden(table, constraint));
}

bool steps_index_copied(const struct model_table *table, const struct model_index *index)
{
    /* The index of a constraint is made with the constraint. */
    return index->origin && !index->origin->parent && !index->dropped && !index->origin->constraint &&
           index_on_hidden(table, index);
}

bool steps_constraint_made(const struct model_table *table, const struct model_constraint *constraint)
{
    return !constraint->dropped && (!constraint->origin || steps_constraint_copied(table, constraint));
}

bool steps_index_made(const struct model_table *table, const struct model_index *index)
{
    return !index->dropped && (!index->origin || steps_index_copied(table, index));
}

const char *steps_constraint_interim(struct steps *steps, const struct model_table *table,
                                     const struct model_constraint *constraint)
{
    return steps_interim_name(steps, constraint->name, steps_constraint_copied(table, constraint));
}

const char *steps_index_interim(struct steps *steps, const struct model_table *table,
                                const struct model_index *index)
{
    return steps_interim_name(steps, index->name, steps_index_copied(table, index));
}
