/* The steps of statements that run as they stand, outside the switch. */
#include <stdint.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/statement.h"

static const char *subject_of(const struct model_statement *statement)
{
    const struct change *change = statement->change;
    if (change->statement->n_subjects && change->statement->subjects[0].name.name)
        return change->statement->subjects[0].name.name;
    return change->table.name;
}

static const char *title_of(struct steps *steps, const struct model_statement *statement)
{
    const struct change *change = statement->change;
    const char *name = subject_of(statement);
    return arena_printf(steps->arena, "%s%s%s (line %d)", change->statement->what, name ? " " : "",
                        name ? name : "", change->place.line);
}

static void lock_tables(struct steps *steps, const struct model_statement *statement)
{
    const struct model *model = steps->model;
    const struct statement_def *def = statement->change->statement;
    for (size_t i = 0; def->lock && i < def->n_mentions; i++) {
        const struct model_table *table =
            statement->named[i] == SIZE_MAX ? NULL : &model->tables[statement->named[i]];
        if (table && table->origin)
            step_lock(steps, pg_format(steps->arena, "%Q", model->catalog->schema, table->origin->name),
                      def->lock);
    }
}

static void lock_subject(struct steps *steps, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    const char *mode = statement_subject_lock(statement);
    if (mode && def->n_subjects)
        step_lock(steps,
                  pg_format(steps->arena, "%Q",
                            def->subjects[0].name.schema ? def->subjects[0].name.schema
                                                         : steps->model->catalog->schema,
                            def->subjects[0].name.name),
                  mode);
}

static enum step_duration duration_of(const struct statement_def *def)
{
    bool exclusive = def->lock && strcmp(def->lock, "ACCESS EXCLUSIVE") == 0;
    if (def->place == STATEMENT_EXPAND || def->object == OBJECT_FUNCTION)
        return DURATION_NONE;
    if (!def->fills && def->object != OBJECT_ROWS)
        return DURATION_INSTANT;
    return exclusive || def->object == OBJECT_MATERIALIZED_VIEW ? DURATION_HELD : DURATION_SCAN;
}

static void expand_step(struct steps *steps, const struct model_statement *statement)
{
    struct step *step = step_begin(steps, PHASE_EXPAND, STEP_TRANSACTION, subject_of(statement), "statement",
                                   title_of(steps, statement));
    const struct statement_def *def = statement->change->statement;
    step->duration = duration_of(def);
    if (def->object == OBJECT_FUNCTION)
        step_act(steps, "SET LOCAL check_function_bodies = off");
    step_act(steps, statement->sql);
    if (statement->undo)
        step_undo(steps, statement->undo);
    lock_tables(steps, statement);
    if (def->verb != VERB_CREATE)
        lock_subject(steps, statement);
}

/* Whether a function is made of a table that the file makes, so that it must wait for it. */
static bool waits_for_table(const struct model *model, const struct statement_def *def)
{
    for (size_t i = 0; i < def->n_types; i++) {
        for (size_t t = 0; t < model->n_tables; t++) {
            if (!model->tables[t].origin && strcmp(model->tables[t].name, def->types[i].name) == 0)
                return true;
        }
    }
    return false;
}

/* 0: before the types, 1: before the tables, 2: with the tables, in the order of the file. */
static int turn_of(const struct model *model, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    bool makes = def->verb == VERB_CREATE || def->verb == VERB_REPLACE;
    if (makes && (def->object == OBJECT_SCHEMA || def->object == OBJECT_EXTENSION))
        return 0;
    if (makes && (def->object == OBJECT_SEQUENCE ||
                  (def->object == OBJECT_FUNCTION && !def->bound && !waits_for_table(model, def))))
        return 1;
    return 2;
}

void steps_statements_early(struct steps *steps, bool before_types)
{
    for (size_t i = 0; i < steps->model->n_statements; i++) {
        const struct model_statement *statement = &steps->model->statements[i];
        if (statement->stage == STAGE_EXPAND && turn_of(steps->model, statement) == (before_types ? 0 : 1))
            expand_step(steps, statement);
    }
}

void steps_statements_expand(struct steps *steps, const struct change *above)
{
    /* Those of one file stand in one array; what was done before stands above the last table. */
    for (; steps->next_statement < steps->model->n_statements; steps->next_statement++) {
        const struct model_statement *statement = &steps->model->statements[steps->next_statement];
        if (above && statement->change > above)
            return;
        if (statement->stage == STAGE_EXPAND && turn_of(steps->model, statement) == 2)
            expand_step(steps, statement);
    }
}

void steps_statements_live(struct steps *steps)
{
    const struct model *model = steps->model;
    struct arena *arena = steps->arena;
    bool any = false;
    for (size_t i = 0; i < model->n_statements; i++)
        any = any || model->statements[i].n_live;
    if (!any)
        return;
    struct step *step =
        step_begin(steps, PHASE_ACTIVATE, STEP_TRANSACTION, NULL, "statements",
                   arena_printf(arena, "views, functions and grants of version %s", model->new_version));
    step->flags = STEP_NO_LOCKS;
    step->duration = DURATION_SCAN;
    step_why(steps, "the new version has them at once, in its own schema; the others get them at complete");
    step_act(steps, pg_format(arena, "SET LOCAL search_path TO %I%s%s", model->new_version,
                              *steps->plan->search_path ? ", " : "", steps->plan->search_path));
    step_act(steps, "SET LOCAL check_function_bodies = off");
    for (size_t i = 0; i < model->n_statements; i++) {
        for (size_t k = 0; k < model->statements[i].n_live; k++)
            step_act(steps, model->statements[i].live[k]);
    }
    for (size_t i = model->n_statements; i > 0; i--) {
        const char *drop = model->statements[i - 1].live_drop;
        if (drop) {
            size_t kind = strcspn(drop, " ");
            if (strncmp(drop, "MATERIALIZED VIEW", 17) == 0)
                kind = 17;
            step_undo(steps,
                      pg_format(arena, "DROP %s IF EXISTS%s", arena_strndup(arena, drop, kind), drop + kind));
        }
    }
}

void steps_statements_contract(struct steps *steps)
{
    struct switch_acts acts = {.steps = steps};
    if (steps->model->statement_table)
        return;
    switch_live_away(&acts, NULL);
    switch_statements_away(&acts, NULL);
    switch_table_statements_away(&acts, NULL);
    switch_statements_back(&acts, NULL);
    if (!acts.n)
        return;
    struct step *step = step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, NULL, "statements",
                                   "run the statements of the file");
    step->flags = STEP_NO_RETURN;
    step->duration = acts.slow ? DURATION_HELD : DURATION_INSTANT;
    step->acts = acts.sql;
    step->n_acts = acts.n;
    for (size_t i = 0; i < acts.n_locks; i++)
        step_lock(steps, acts.locks[i].relation, acts.locks[i].mode);
}

void steps_statements_late(struct steps *steps)
{
    for (size_t i = 0; i < steps->model->n_statements; i++) {
        const struct model_statement *statement = &steps->model->statements[i];
        if (statement->stage != STAGE_LATE)
            continue;
        struct step *step = step_begin(steps, PHASE_CONTRACT, STEP_TRANSACTION, subject_of(statement),
                                       "statement", title_of(steps, statement));
        step->flags = STEP_NO_RETURN;
        step->duration = DURATION_HELD;
        step_act(steps, statement->sql);
        lock_subject(steps, statement);
    }
}
