#include "postgres/planner/steps_partition.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"

static const char bound_check[] = "_segue_bound";

static const struct model_table *table_at(const struct steps *steps, size_t number)
{
    return number == SIZE_MAX ? NULL : &steps->model->tables[number];
}

static const char *key_of(const struct steps *steps, const struct model_table *parent)
{
    const char *key = parent->origin ? parent->origin->partition_key : parent->change->partition->key;
    return family_single_key(steps->arena, key);
}

/* What the bound demands of a row, as a condition; NULL where it cannot be said so. */
static const char *condition(const struct steps *steps, const struct model_late *late)
{
    const struct partition_def *def = late->change->partition;
    const struct model_table *parent = table_at(steps, late->parent);
    const char *key = parent ? key_of(steps, parent) : NULL;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!key || !def || !def->single)
        return NULL;
    text_printf(&out, "%s IS NOT NULL", key);
    if (def->strategy == 'l') {
        text_printf(&out, " AND %s IN (%s)", key, def->from);
    } else {
        if (def->from)
            text_printf(&out, " AND %s >= %s", key, def->from);
        if (def->to)
            text_printf(&out, " AND %s < %s", key, def->to);
    }
    if (parent->origin && parent->origin->partition_check)
        text_printf(&out, " AND (%s)", parent->origin->partition_check);
    return arena_strdup(steps->arena, text_string(&out));
}

static bool makes_partition(const struct model_late *late)
{
    return late->parent != SIZE_MAX &&
           (late->change->kind == CHANGE_CREATE_TABLE || late->change->kind == CHANGE_ATTACH_PARTITION);
}

static const char *real_name(const struct steps *steps, const struct model_table *table)
{
    return pg_format(steps->arena, "%Q", steps->model->catalog->schema,
                     table->origin ? table->origin->name : table->name);
}

static const char *check_name(const struct steps *steps, size_t i)
{
    return arena_printf(steps->arena, "%s_%zu", bound_check, i + 1);
}

static void count_rows(struct steps *steps, const struct model_table *table, const char *where,
                       const char *message, const char *hint)
{
    struct arena *arena = steps->arena;
    struct step *step =
        step_begin(steps, PHASE_CHECK, STEP_CHECK, table->origin->name, "bound",
                   arena_printf(arena, "the rows of %s are within the bounds", table->origin->name));
    struct check *check = arena_alloc(arena, sizeof *check);
    const char *real = real_name(steps, table);
    *check = (struct check){
        .count = arena_printf(arena, "SELECT count(*) FROM %s WHERE %s", real, where),
        .sample = arena_printf(arena, "SELECT 'ctid=' || ctid::text FROM %s WHERE %s LIMIT 5", real, where),
        .message = message,
        .hint = hint};
    step->check = check;
    step->duration = DURATION_SCAN;
    step_lock(steps, real, "ACCESS SHARE");
}

void steps_partition_check(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_late; i++) {
        const struct model_late *late = &steps->model->late[i];
        const char *expr = makes_partition(late) ? condition(steps, late) : NULL;
        const struct model_table *parent = table_at(steps, late->parent),
                                 *child = table_at(steps, late->child);
        const struct model_table *rest = expr ? family_default(steps->model, parent) : NULL;
        if (expr && late->change->kind == CHANGE_ATTACH_PARTITION && child->origin)
            count_rows(steps, child, arena_printf(steps->arena, "(%s) IS NOT TRUE", expr),
                       arena_printf(steps->arena, "%%s rows of %s are outside its partition's bound: %s",
                                    child->origin->name, late->change->partition->bound),
                       "move or remove these rows first, or give it another bound");
        if (rest)
            count_rows(steps, rest, arena_printf(steps->arena, "(%s)", expr),
                       arena_printf(steps->arena, "%%s rows of %s, the default partition, would belong to %s",
                                    rest->origin->name, child->name),
                       "move these rows out of the default partition first");
    }
}

/* A CHECK that says what the bound says, or for the default partition that no row is within it. */
static void prove(struct steps *steps, const struct model_table *table, const char *name, const char *expr)
{
    struct arena *arena = steps->arena;
    const char *real = real_name(steps, table);
    struct step *step =
        step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, table->origin->name, "bound",
                   arena_printf(arena, "demand the bound of the rows of %s", table->origin->name));
    step->duration = DURATION_INSTANT;
    step_why(steps, "proved beforehand, the statement that makes the partition reads no row");
    step_act(steps,
             arena_printf(arena, "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s) NOT VALID", real, name, expr));
    step_undo(steps, arena_printf(arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", real, name));
    step_lock(steps, real, "ACCESS EXCLUSIVE");
    step = step_begin(steps, PHASE_CONTRACT, STEP_ALONE, table->origin->name, "validate",
                      arena_printf(arena, "validate it against the rows of %s", table->origin->name));
    step->duration = DURATION_SCAN;
    step_act(steps, arena_printf(arena, "ALTER TABLE %s VALIDATE CONSTRAINT %s", real, name));
    step->probe = pg_format(arena,
                            "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                            "pg_catalog.to_regclass(%L) AND conname = %L AND convalidated)",
                            real, name);
    step_lock(steps, real, "SHARE UPDATE EXCLUSIVE");
}

void steps_partition_prove(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_late; i++) {
        const struct model_late *late = &steps->model->late[i];
        const char *expr = makes_partition(late) ? condition(steps, late) : NULL;
        const struct model_table *child = table_at(steps, late->child);
        if (!expr)
            continue;
        if (late->change->kind == CHANGE_ATTACH_PARTITION && child->origin)
            prove(steps, child, check_name(steps, i), expr);
        const struct model_table *rest = family_default(steps->model, table_at(steps, late->parent));
        if (rest)
            prove(steps, rest, check_name(steps, i), arena_printf(steps->arena, "NOT (%s)", expr));
    }
}

static void drop_proof(struct switch_acts *acts, const struct model_table *table, const char *check)
{
    struct arena *arena = acts->steps->arena;
    const char *name = pg_format(arena, "%Q", acts->steps->model->catalog->schema, table->name);
    switch_exclusive(acts, table, arena_printf(arena, "ALTER TABLE %s DROP CONSTRAINT %s", name, check));
    switch_lock(acts, real_name(acts->steps, table), "ACCESS EXCLUSIVE");
}

/* A foreign key that partition and parent both have becomes one: the trigger that the partition's had on the other table goes. */
static void lock_referenced(struct switch_acts *acts, const struct constraint_def *def)
{
    const struct model *model = acts->steps->model;
    const struct model_table *table =
        def->kind == CONSTRAINT_FOREIGN_KEY ? model_table((struct model *)model, def->references.name) : NULL;
    if (table && table->origin)
        switch_lock(acts, real_name(acts->steps, table), "ACCESS EXCLUSIVE");
}

/* Of a partitioned table that the file makes: the table itself, where it is there from `start` on, its default partition, and what
 * its foreign keys point to. */
static void lock_new_family(struct switch_acts *acts, const struct model_table *parent)
{
    struct steps *steps = acts->steps;
    const struct migration *migration = steps->model->migration;
    const struct table_def *def = parent->change->definition;
    if (!parent->late)
        switch_lock(acts, real_name(steps, parent), "SHARE UPDATE EXCLUSIVE");
    for (size_t i = 0; def && i < def->n_constraints; i++)
        lock_referenced(acts, def->constraints[i]);
    for (size_t i = 0; i < migration->n_changes; i++) {
        const struct change *change = &migration->changes[i];
        if (change->kind == CHANGE_ADD_CONSTRAINT && strcmp(change->table.name, parent->name) == 0)
            lock_referenced(acts, change->constraint);
        if (change->kind == CHANGE_ATTACH_PARTITION && change->partition->strategy == 'd' &&
            strcmp(change->table.name, parent->name) == 0)
            switch_lock(
                acts,
                pg_format(steps->arena, "%Q", steps->model->catalog->schema, change->partition->other.name),
                "ACCESS EXCLUSIVE");
    }
}

static void lock_family(struct switch_acts *acts, const struct model_late *late)
{
    struct steps *steps = acts->steps;
    const struct model_table *parent = table_at(steps, late->parent), *child = table_at(steps, late->child);
    const struct model_table *rest = family_default(steps->model, parent);
    bool attach = late->change->kind == CHANGE_ATTACH_PARTITION || late->change->kind == CHANGE_INHERIT;
    bool detach = late->change->kind == CHANGE_DETACH_PARTITION;
    if (parent && parent->origin)
        switch_lock(acts, real_name(steps, parent),
                    attach                                    ? "SHARE UPDATE EXCLUSIVE"
                    : late->change->kind == CHANGE_NO_INHERIT ? "ACCESS SHARE"
                                                              : "ACCESS EXCLUSIVE");
    if (child && child->origin)
        switch_lock(acts, real_name(steps, child), "ACCESS EXCLUSIVE");
    if (rest && (makes_partition(late) || detach))
        switch_lock(acts, real_name(steps, rest), "ACCESS EXCLUSIVE");
    if (parent && !parent->origin && attach)
        lock_new_family(acts, parent);
    for (size_t i = 0; parent && parent->origin && i < parent->origin->n_constraints; i++) {
        const struct catalog_constraint *key = &parent->origin->constraints[i];
        if (key->kind == 'f' && strcmp(key->ref_table, real_name(steps, parent)) != 0)
            switch_lock(acts, key->ref_table, attach ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE");
    }
}

/* LIKE … INCLUDING CONSTRAINTS has copied what only proves the bound. */
static void forget_proofs(struct switch_acts *acts, const struct model_table *table)
{
    const struct steps *steps = acts->steps;
    for (size_t i = 0; i < steps->model->n_late; i++) {
        const struct model_late *late = &steps->model->late[i];
        if (makes_partition(late) && condition(steps, late))
            switch_act(acts, pg_format(steps->arena, "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I",
                                       real_name(steps, table), check_name(steps, i)));
    }
}

static void run_statements(struct switch_acts *acts)
{
    struct steps *steps = acts->steps;
    const struct model *model = steps->model;
    for (size_t i = 0; i < model->n_late; i++) {
        const struct model_late *late = &model->late[i];
        const char *expr = makes_partition(late) ? condition(steps, late) : NULL;
        const struct model_table *child = table_at(steps, late->child);
        switch_act(acts, late->sql);
        if (late->change->kind == CHANGE_CREATE_TABLE && late->parent == SIZE_MAX)
            forget_proofs(acts, child);
        if (late->parent != SIZE_MAX)
            lock_family(acts, late);
        if (expr && late->change->kind == CHANGE_ATTACH_PARTITION && child->origin)
            drop_proof(acts, child, check_name(steps, i));
        const struct model_table *rest =
            expr ? family_default(steps->model, table_at(steps, late->parent)) : NULL;
        if (rest)
            drop_proof(acts, rest, check_name(steps, i));
    }
}

void switch_partitions(struct switch_acts *acts, const struct model_table *table)
{
    const struct model *model = acts->steps->model;
    if (model->late_table != SIZE_MAX && table == &model->tables[model->late_table])
        run_statements(acts);
}

void steps_partition_contract(struct steps *steps)
{
    struct switch_acts acts = {.steps = steps};
    if (steps->model->late_table != SIZE_MAX || !steps->model->n_late)
        return;
    run_statements(&acts);
    struct step *step =
        step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, NULL, "partitions", "make the partitions");
    step->flags = STEP_NO_RETURN | STEP_NO_LOCKS;
    step->acts = acts.sql;
    step->n_acts = acts.n;
}
