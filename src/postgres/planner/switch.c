#include "postgres/planner/switch.h"

#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/steps_partition.h"

enum { STAGE_LIMIT = 6 };

struct stage {
    bool dropped; /* for the tables that go; else for those that stay */
    switch_function *functions[STAGE_LIMIT];
};

/* The order is what makes the switch right: each line may count on those above it for every table of the group. */
static const struct stage stages[] = {
    /* the new version's copies rest on its views */
    {false, {switch_live_away, switch_statements_away}},
    {true, {switch_live_away, switch_statements_away}},
    /* views first: clients lock the view, then the table; so do we */
    {false, {switch_drop_views}},
    {false, {switch_drop_triggers}},
    {false, {switch_table_statements_away}},
    {true, {switch_table_statements_away}},
    {true, {switch_drop_foreign_keys}},
    {false, {switch_drop_foreign_keys, switch_unbind_foreign_keys}},
    {false, {switch_take_sequences}},
    {false, {switch_drop_constraints, switch_drop_primary_key, switch_drop_columns}},
    {false, {switch_rebind_foreign_keys}},
    {false, {switch_drop_merged_columns}},
    {true, {switch_drop_table}},
    {false, {switch_name_sequences}},
    {false, {switch_rename_columns, switch_finish_columns, switch_change_sequences}},
    {false, {switch_finish_members}},
    {false, {switch_name_parts, switch_name_foreign_keys, switch_add_partitioned_key}},
    {false, {switch_add_primary_key, switch_finish_constraints}},
    {false, {switch_finish_indexes, switch_name_index_columns, switch_mark_indexes}},
    {false, {switch_statistics}},
    {false, {switch_recompile_triggers}},
    {false, {switch_rename_table}},
    {false, {switch_comments}},
    {false, {switch_partitions}},
    {false, {switch_statements_back}},
    {true, {switch_statements_back}},
};

void switch_act(struct switch_acts *acts, const char *sql)
{
    ARENA_PUSH(acts->steps->arena, acts->sql, acts->n, sql);
}

void switch_exclusive(struct switch_acts *acts, const struct model_table *table, const char *sql)
{
    switch_act(acts, sql);
    for (size_t i = 0; i < acts->n_tables; i++)
        acts->exclusive[i] = acts->exclusive[i] || acts->tables[i] == table;
}

void switch_noticed(struct switch_acts *acts, const struct model_table *table, const char *sql)
{
    switch_act(acts, sql);
    for (size_t i = 0; i < acts->n_tables; i++)
        acts->noticed[i] = acts->noticed[i] || acts->tables[i] == table;
}

void switch_index(struct switch_acts *acts, const struct model_table *table, const char *index,
                  const char *sql)
{
    const struct index_lock lock = {
        table, pg_format(acts->steps->arena, "%Q", acts->steps->model->catalog->schema, index)};
    switch_act(acts, sql);
    ARENA_PUSH(acts->steps->arena, acts->indexes, acts->n_indexes, lock);
}

void switch_alter(struct switch_acts *acts, const struct model_table *table, const char *what)
{
    switch_exclusive(acts, table, pg_format(acts->steps->arena, "ALTER TABLE %s %s", table->real, what));
}

void switch_lock(struct switch_acts *acts, const char *relation, const char *mode)
{
    struct step_lock lock = {relation, mode};
    ARENA_PUSH(acts->steps->arena, acts->locks, acts->n_locks, lock);
}

const char *switch_final_name(struct switch_acts *acts, const struct model_table *table)
{
    return pg_format(acts->steps->arena, "%Q", acts->steps->model->catalog->schema, table->name);
}

void switch_drop_views(struct switch_acts *acts, const struct model_table *table)
{
    if (table->versioned)
        switch_exclusive(
            acts, table,
            pg_format(acts->steps->arena, "DROP VIEW %s, %s", table->old_views, table->new_view));
}

void switch_drop_triggers(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    if (!table->sync_function)
        return;
    switch_exclusive(acts, table, pg_format(arena, "DROP TRIGGER %s ON %s", table->sync_insert, table->real));
    switch_exclusive(acts, table, pg_format(arena, "DROP TRIGGER %s ON %s", table->sync_update, table->real));
}

/* Dropping a foreign key, with its constraint, its column or its table, locks the other table as well. */
static void lock_referenced(struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct catalog_constraint *origin = table->constraints[i].origin;
        if (origin && origin->kind == 'f' && (table->dropped || switch_reads_leaving(table, origin)) &&
            strcmp(origin->ref_table, table->real) != 0)
            switch_lock(acts, origin->ref_table, "ACCESS EXCLUSIVE");
    }
}

void switch_drop_table(struct switch_acts *acts, const struct model_table *table)
{
    switch_exclusive(acts, table, pg_format(acts->steps->arena, "DROP TABLE %s", table->real));
}

void switch_rename_table(struct switch_acts *acts, const struct model_table *table)
{
    if (table->renamed)
        switch_alter(acts, table, pg_format(acts->steps->arena, "RENAME TO %I", table->name));
}

static void run_stages(struct switch_acts *acts)
{
    for (size_t s = 0; s < SEGUE_COUNT(stages); s++) {
        for (size_t t = 0; t < acts->n_tables; t++) {
            for (size_t f = 0; f < STAGE_LIMIT && stages[s].functions[f]; f++) {
                if (acts->tables[t]->dropped == stages[s].dropped)
                    stages[s].functions[f](acts, acts->tables[t]);
            }
        }
    }
}

/* Who locks a table so need not tell of its indexes. */
static bool is_exclusive(const struct switch_acts *acts, const struct model_table *table)
{
    for (size_t i = 0; i < acts->n_tables; i++)
        if (acts->tables[i] == table)
            return acts->exclusive[i];
    return false;
}

static void add_locks(struct switch_acts *acts)
{
    struct steps *steps = acts->steps;
    for (size_t i = 0; i < acts->n_tables; i++) {
        if (!acts->tables[i]->versioned || acts->tables[i]->dropped)
            continue;
        step_lock(steps, acts->tables[i]->old_view, "ACCESS EXCLUSIVE");
        for (size_t k = 0; k < steps->model->n_older_versions; k++)
            step_lock(
                steps,
                pg_format(steps->arena, "%Q", steps->model->older_versions[k], acts->tables[i]->origin->name),
                "ACCESS EXCLUSIVE");
        step_lock(steps, acts->tables[i]->new_view, "ACCESS EXCLUSIVE");
    }
    for (size_t i = 0; i < acts->n_tables; i++)
        if (acts->exclusive[i] || acts->noticed[i])
            step_lock(steps, acts->tables[i]->real,
                      acts->exclusive[i] ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE");
    for (size_t i = 0; i < acts->n_indexes; i++)
        if (!is_exclusive(acts, acts->indexes[i].table))
            step_lock(steps, acts->indexes[i].index, "SHARE UPDATE EXCLUSIVE");
    for (size_t i = 0; i < acts->n_locks; i++)
        step_lock(steps, acts->locks[i].relation, acts->locks[i].mode);
}

/* A table that stands alone and is dropped has a step of its own, after all the others (steps_contract.c). */
static bool switches(const struct model_table *table)
{
    return table->change && table->origin && (!table->dropped || table->group);
}

static void switch_group(struct steps *steps, const struct model_table **tables, size_t n)
{
    struct switch_acts acts = {.steps = steps, .tables = tables, .n_tables = n};
    acts.exclusive = arena_alloc(steps->arena, n * sizeof *acts.exclusive);
    acts.noticed = arena_alloc(steps->arena, n * sizeof *acts.noticed);
    run_stages(&acts);
    if (!acts.n)
        return;
    for (size_t i = 0; i < n; i++)
        lock_referenced(&acts, tables[i]);
    const char *name = tables[0]->origin->name;
    struct step *step =
        step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, name, "switch",
                   n > 1 ? arena_printf(steps->arena, "give %s and %zu more their final shape", name, n - 1)
                         : arena_printf(steps->arena, "give %s its final shape", name));
    step->flags = STEP_NO_RETURN;
    bool slow = acts.slow;
    for (size_t i = 0; i < n; i++)
        slow = slow || rewrite_may_be_long(steps->model, tables[i]);
    step->duration = slow ? DURATION_HELD : DURATION_INSTANT;
    step->acts = acts.sql;
    step->n_acts = acts.n;
    add_locks(&acts);
}

void steps_switch(struct steps *steps)
{
    const struct model *model = steps->model;
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *first = &model->tables[i], **tables = NULL;
        size_t n = 0;
        bool done = false;
        if (!switches(first))
            continue;
        for (size_t k = 0; k < model->n_tables; k++) {
            const struct model_table *table = &model->tables[k];
            bool together = k == i || (first->group && table->group == first->group);
            done = done || (k < i && together && switches(table));
            if (together && switches(table))
                ARENA_PUSH(steps->arena, tables, n, table);
        }
        if (!done)
            switch_group(steps, tables, n);
    }
}
