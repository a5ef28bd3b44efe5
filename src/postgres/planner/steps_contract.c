/* Phase contract: `complete`. Each table takes its final shape (switch.c); what only the old version used goes. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"
#include "postgres/planner/sequence.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/split.h"
#include "postgres/planner/statement.h"
#include "postgres/planner/steps.h"
#include "postgres/planner/steps_partition.h"
#include "postgres/planner/sync.h"
#include "postgres/planner/views.h"

static bool index_leaves_with_column(const struct model_table *table, const struct catalog_index *index)
{
    for (size_t i = 0; i < index->n_columns; i++) {
        const struct model_column *column = model_column_number(table, index->columns[i]);
        if (column && column_leaves(column))
            return true;
    }
    return false;
}

static void drop_indexes(struct steps *steps, const struct model_table *table)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        const struct model_index *index = &table->indexes[i];
        if (!index->origin || !index->dropped || index->origin->constraint ||
            index_leaves_with_column(table, index->origin))
            continue;
        const char *name = pg_format(steps->arena, "%Q", steps->model->catalog->schema, index->origin->name);
        bool partitioned = family_is_partitioned(table);
        struct step *step = step_begin(steps, PHASE_CONTRACT, partitioned ? STEP_TRANSACTION : STEP_ALONE,
                                       table->origin->name, "index",
                                       arena_printf(steps->arena, "drop index %s", index->origin->name));
        step->flags = STEP_NO_RETURN;
        step->duration = DURATION_NONE;
        if (partitioned) {
            /* It goes with its parts in an instant; CONCURRENTLY is not possible. */
            step_act(steps, pg_format(steps->arena, "DROP INDEX %s", name));
            step_lock(steps, table->real, "ACCESS EXCLUSIVE");
            step->duration = DURATION_INSTANT;
            continue;
        }
        step->probe = pg_format(steps->arena, "SELECT pg_catalog.to_regclass(%L) IS NULL", name);
        step_act(steps, pg_format(steps->arena, "DROP INDEX CONCURRENTLY IF EXISTS %s", name));
        step_lock(steps, table->real, "SHARE UPDATE EXCLUSIVE");
    }
}

static void drop_table(struct steps *steps, const struct model_table *table)
{
    struct step *step = step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, table->origin->name, "drop",
                                   arena_printf(steps->arena, "drop table %s", table->origin->name));
    step->flags = STEP_NO_RETURN;
    step->duration = DURATION_INSTANT;
    step_act(steps, pg_format(steps->arena, "DROP TABLE %s", table->real));
    step_lock(steps, table->real, "ACCESS EXCLUSIVE");
    for (size_t i = 0; table->origin->is_partition && i < table->origin->n_parents; i++)
        step_lock(steps, pg_format(steps->arena, "%Q", table->origin->schema, table->origin->parents[i]),
                  "ACCESS EXCLUSIVE");
    for (size_t i = 0; i < table->origin->n_constraints; i++) {
        const struct catalog_constraint *constraint = &table->origin->constraints[i];
        if (constraint->kind == 'f' && !constraint->inherited &&
            strcmp(constraint->ref_table, table->real) != 0)
            step_lock(steps, constraint->ref_table, "ACCESS EXCLUSIVE");
    }
}

static bool references(const struct model_table *table, const struct model_table *other)
{
    for (size_t i = 0; table != other && i < table->origin->n_constraints; i++) {
        const struct catalog_constraint *constraint = &table->origin->constraints[i];
        if (constraint->kind == 'f' && strcmp(constraint->ref_table, other->real) == 0)
            return true;
    }
    return false;
}

/* The table that nothing still to be dropped refers to; in a circle, any. */
static size_t next_to_drop(const struct model *model, const bool *waiting)
{
    size_t any = 0;
    for (size_t i = 0; i < model->n_tables; i++) {
        bool needed = false;
        for (size_t k = 0; waiting[i] && k < model->n_tables; k++)
            needed = needed || (waiting[k] && references(&model->tables[k], &model->tables[i]));
        if (waiting[i] && !needed)
            return i;
        any = waiting[i] ? i : any;
    }
    return any;
}

static void drop_tables(struct steps *steps)
{
    const struct model *model = steps->model;
    bool *waiting = arena_alloc(steps->arena, model->n_tables * sizeof *waiting);
    size_t n = 0;
    for (size_t i = 0; i < model->n_tables; i++) {
        waiting[i] = model->tables[i].origin && model->tables[i].dropped && !model->tables[i].group;
        n += waiting[i];
    }
    for (; n > 0; n--) {
        size_t i = next_to_drop(model, waiting);
        waiting[i] = false;
        drop_table(steps, &model->tables[i]);
    }
}

static void drop_functions(struct steps *steps)
{
    const char **signatures = NULL;
    size_t n = 0;
    for (size_t i = 0; i < steps->model->n_tables; i++) {
        struct model_table *table = &steps->model->tables[i];
        if (table->change && table->origin && !table->dropped)
            sequence_function_signatures(steps->model, table, &signatures, &n);
        if (table->change && table->origin && !table->dropped)
            sync_function_signatures(steps->model, table, &signatures, &n);
    }
    if (!n)
        return;
    struct step *step = step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, NULL, "functions",
                                   "drop the conversion functions");
    step->flags = STEP_NO_RETURN | STEP_NO_LOCKS;
    for (size_t i = n; i > 0; i--)
        step_act(steps, pg_format(steps->arena, "DROP FUNCTION %s", signatures[i - 1]));
}

/* The foreign keys that the switch has bound to a new key. */
static void validate_rebound(struct steps *steps, const struct model_table *table)
{
    const char *schema = steps->model->catalog->schema;
    for (size_t i = 0; i < table->n_constraints; i++) {
        const struct model_constraint *constraint = &table->constraints[i];
        if (!constraint->rebound || constraint->def->not_valid)
            continue;
        const struct model_table *parent = model_referenced(steps->model, constraint);
        steps_validate(steps, table, PHASE_CONTRACT, pg_format(steps->arena, "%Q", schema, table->name),
                       constraint->name, pg_format(steps->arena, "%Q", schema, parent->name));
    }
}

void steps_contract(struct steps *steps)
{
    struct model *model = steps->model;
    steps_split_contract(steps);
    steps_partition_prove(steps);
    /* Before the switch: an index of the file may take over the name of one that goes. */
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *table = &model->tables[i];
        if (table->change && table->origin && !table->dropped)
            drop_indexes(steps, table);
    }
    steps_switch(steps);
    for (size_t i = 0; i < model->n_tables; i++)
        validate_rebound(steps, &model->tables[i]);
    steps_partition_contract(steps);
    steps_statements_contract(steps);
    steps_alone_sequences(steps);
    drop_tables(steps);
    drop_functions(steps);
    steps_contract_types(steps);
    steps_statements_late(steps);
}
