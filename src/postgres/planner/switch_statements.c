/* The switch: statements that run as they stand, all of them in the switch of one table. */
#include <stdint.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/rewrite.h"
#include "postgres/planner/statement.h"

/* Tables of the schema that a statement locks and that do not switch: those that do are locked anyway. */
static void lock_tables(struct switch_acts *acts, const struct model_statement *statement)
{
    const struct model *model = acts->steps->model;
    const struct statement_def *def = statement->change->statement;
    for (size_t i = 0; def->lock && i <= def->n_mentions; i++) {
        size_t number = i < def->n_mentions ? statement->named[i] : statement->table;
        const struct model_table *table = number == SIZE_MAX ? NULL : &model->tables[number];
        if (!table || !table->origin)
            continue;
        bool switches = false;
        for (size_t k = 0; k < acts->n_tables; k++) {
            switches = switches || acts->tables[k] == table;
            bool *kept = strcmp(def->lock, "SHARE UPDATE EXCLUSIVE") == 0 ? acts->noticed : acts->exclusive;
            kept[k] = kept[k] || acts->tables[k] == table;
        }
        if (!switches)
            switch_lock(acts,
                        pg_format(acts->steps->arena, "%Q", model->catalog->schema, table->origin->name),
                        def->lock);
    }
}

const char *statement_subject_lock(const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    bool is_view = def->object == OBJECT_VIEW || def->object == OBJECT_MATERIALIZED_VIEW;
    if (!is_view)
        return NULL;
    return def->verb == VERB_OTHER && !def->fills ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
}

static void lock_subjects(struct switch_acts *acts, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    const char *mode = statement_subject_lock(statement);
    for (size_t i = 0; mode && i < def->n_subjects; i++) {
        const struct name *name = &def->subjects[i].name;
        if (catalog_view(acts->steps->model->catalog, name->name))
            switch_lock(acts,
                        pg_format(acts->steps->arena, "%Q",
                                  name->schema ? name->schema : acts->steps->model->catalog->schema,
                                  name->name),
                        mode);
    }
}

/* A small table is written anew in an instant. */
static bool takes_time(const struct model *model, const struct model_statement *statement)
{
    const struct statement_def *def = statement->change->statement;
    if (def->rewrites && statement->table != SIZE_MAX)
        return rewrite_may_be_long(model, &model->tables[statement->table]);
    return def->fills;
}

static void run_stage(struct switch_acts *acts, const struct model_table *table, enum statement_stage stage)
{
    const struct model *model = acts->steps->model;
    if (table != model->statement_table)
        return;
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct model_statement *statement = &model->statements[i];
        if (statement->stage != stage)
            continue;
        switch_act(acts, statement->sql);
        acts->slow = acts->slow || takes_time(model, statement);
        lock_tables(acts, statement);
        lock_subjects(acts, statement);
    }
}

/* What the new version had for itself goes in the reverse order, because a view may rest on the one before. */
void switch_live_away(struct switch_acts *acts, const struct model_table *table)
{
    const struct model *model = acts->steps->model;
    if (table != model->statement_table)
        return;
    for (size_t i = model->n_statements; i > 0; i--) {
        const struct model_statement *statement = &model->statements[i - 1];
        if (!statement->live_drop)
            continue;
        switch_act(acts, pg_format(acts->steps->arena, "DROP %s", statement->live_drop));
        if (statement->change->statement->object == OBJECT_VIEW)
            switch_lock(acts, statement->live_drop + strlen("VIEW "), "ACCESS EXCLUSIVE");
        else if (statement->change->statement->object == OBJECT_MATERIALIZED_VIEW)
            switch_lock(acts, statement->live_drop + strlen("MATERIALIZED VIEW "), "ACCESS EXCLUSIVE");
    }
}

void switch_statements_away(struct switch_acts *acts, const struct model_table *table)
{
    run_stage(acts, table, STAGE_AWAY_VIEW);
}

void switch_table_statements_away(struct switch_acts *acts, const struct model_table *table)
{
    run_stage(acts, table, STAGE_AWAY_TABLE);
}

void switch_statements_back(struct switch_acts *acts, const struct model_table *table)
{
    run_stage(acts, table, STAGE_BACK);
}
