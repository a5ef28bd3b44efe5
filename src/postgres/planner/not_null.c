#include "postgres/planner/not_null.h"

#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/sequence.h"

enum { NAMED_NOT_NULL = 180000 };

bool not_null_has_name(const struct model *model)
{
    return model->catalog->server_version >= NAMED_NOT_NULL;
}

bool not_null_name_taken(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        if (!model->tables[i].dropped && not_null_column(&model->tables[i], name))
            return true;
    }
    return false;
}

/* As the server looks for a name that no constraint of the schema has; a relation may have it. */
static bool taken(const char *name, const void *context)
{
    const struct model *model = context;
    for (size_t i = 0; i < model->n_tables; i++) {
        if (!model->tables[i].dropped && model_constraint(&model->tables[i], name))
            return true;
    }
    return not_null_name_taken(model, name);
}

void not_null_demand(struct model *model, const struct model_table *table, struct model_column *column,
                     const char *name)
{
    if (column->not_null_name || !not_null_has_name(model))
        return;
    column->not_null_name =
        name ? name : pg_choose_name(model->arena, table->name, column->name, "not_null", taken, model);
}

void not_null_release(struct model_column *column)
{
    column->not_null_name = NULL;
    column->not_null_comment = NULL;
}

struct model_column *not_null_column(struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        struct model_column *column = &table->columns[i];
        if (!column->dropped && column->not_null_name && strcmp(column->not_null_name, name) == 0)
            return column;
    }
    return NULL;
}

const char *not_null_clause(const struct model *model, const struct model_column *column, const char *present,
                            const char *name)
{
    if (!not_null_has_name(model) || !name)
        return pg_format(model->arena, "ALTER COLUMN %I SET NOT NULL", present);
    return pg_format(model->arena, "ADD CONSTRAINT %I NOT NULL %I%s", name, present,
                     column->origin && column->origin->not_null_no_inherit ? " NO INHERIT" : "");
}

const char *not_null_interim(const struct model *model, const struct model_column *column)
{
    return column->hidden || column->not_null_set
               ? pg_object_name(model->arena, "_segue_identity", column->physical, "not_null")
               : NULL;
}

static void name_constraint(struct switch_acts *acts, const struct model_table *table, const char *from,
                            const char *to)
{
    if (from && strcmp(from, to) != 0)
        switch_alter(acts, table, pg_format(acts->steps->arena, "RENAME CONSTRAINT %I TO %I", from, to));
}

/* Its CHECK has been validated, so that no row is read now. */
static void make(struct switch_acts *acts, const struct model_table *table, const struct model_column *column)
{
    const struct model *model = acts->steps->model;
    const char *name = column->not_null_name;
    bool numbered = name && sequence_remakes_identity(column) && column->identity;
    if (numbered)
        name_constraint(acts, table, not_null_interim(model, column), name);
    else
        switch_alter(acts, table, not_null_clause(model, column, column->name, name));
    switch_alter(acts, table,
                 pg_format(acts->steps->arena, "DROP CONSTRAINT %I",
                           steps_not_null_check(acts->steps, table, column)));
}

void not_null_switch(struct switch_acts *acts, const struct model_table *table,
                     const struct model_column *column)
{
    const struct column *origin = column->origin;
    if (column->hidden || column->not_null_set)
        make(acts, table, column);
    else if (origin->not_null_name && column->not_null_name)
        name_constraint(acts, table, origin->not_null_name, column->not_null_name);
    if (model_column_replaced(column) && origin->not_null_comment && !column->not_null_comment)
        switch_act(acts, pg_format(acts->steps->arena, "COMMENT ON CONSTRAINT %I ON %s IS %L",
                                   column->not_null_name, table->real, origin->not_null_comment));
}
