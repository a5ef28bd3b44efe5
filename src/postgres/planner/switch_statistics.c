/* The switch: statistics objects, which go with a replaced column and are made anew over the one in its place. Their own
 * statistics target goes, as it does with psql's ALTER COLUMN … TYPE on every server from 14 to 18. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/shape.h"
#include "postgres/planner/switch.h"

bool switch_statistics_renamed(const struct model_table *table, const struct statistics_object *statistics)
{
    for (size_t i = 0; i < statistics->n_columns; i++) {
        const struct model_column *column = model_column_number(table, statistics->columns[i]);
        if (column && !column->dropped && strcmp(column->name, column->origin->name) != 0)
            return true;
    }
    return false;
}

/* Whether a column of it is replaced; with one that is dropped the object is gone, as it is for psql. */
static bool made_anew(const struct model_table *table, const struct statistics_object *statistics)
{
    bool replaced = false;
    for (size_t i = 0; i < statistics->n_columns; i++) {
        const struct model_column *column = model_column_number(table, statistics->columns[i]);
        if (column && column->dropped)
            return false;
        replaced = replaced || (column && model_column_replaced(column));
    }
    return replaced;
}

static bool dropped_by_file(const struct model *model, const struct statistics_object *statistics)
{
    for (size_t i = 0; i < model->n_statements; i++) {
        const struct statement_def *def = model->statements[i].change->statement;
        for (size_t n = 0; def->object == OBJECT_STATISTICS && def->verb == VERB_DROP && n < def->n_subjects;
             n++) {
            if (strcmp(def->subjects[n].name.name, statistics->name) == 0)
                return true;
        }
    }
    return false;
}

void switch_statistics(struct switch_acts *acts, const struct model_table *table)
{
    struct arena *arena = acts->steps->arena;
    for (size_t i = 0; i < table->origin->n_statistics; i++) {
        const struct statistics_object *statistics = &table->origin->statistics[i];
        const char *name = pg_format(arena, "%Q", statistics->schema, statistics->name);
        if (!made_anew(table, statistics) || dropped_by_file(acts->steps->model, statistics))
            continue;
        switch_noticed(acts, table, statistics->definition);
        if (strcmp(statistics->owner, acts->steps->model->catalog->user) != 0)
            switch_act(acts, pg_format(arena, "ALTER STATISTICS %s OWNER TO %I", name, statistics->owner));
        if (statistics->comment)
            switch_act(acts, pg_format(arena, "COMMENT ON STATISTICS %s IS %L", name, statistics->comment));
    }
}
