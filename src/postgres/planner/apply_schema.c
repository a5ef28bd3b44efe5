/* Tables, comments. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/beside.h"
#include "postgres/planner/not_null.h"

bool apply_create_table(struct model *model, const struct change *change, struct error *err)
{
    const char *schema = change->table.schema;
    if (schema && strcmp(schema, model->catalog->schema) != 0)
        return refuse(model, change->place, err, "\"%s.%s\" is outside schema \"%s\"", schema,
                      change->table.name, model->catalog->schema);
    if (apply_is_late_table(model, change))
        return apply_late_table(model, change, err);
    if (!beside_check_table(model, change->place, change->table.name, err))
        return false;
    if (model_name_taken(model, change->table.name)) {
        if (change->if_not)
            return true;
        return refuse(model, change->place, err, "relation \"%s\" already exists", change->table.name);
    }
    for (size_t i = 0; i < model->catalog->n_relation_names; i++) {
        if (strcmp(model->catalog->relation_names[i], change->table.name) != 0)
            continue;
        refuse(model, change->place, err, "the name \"%s\" is free only after complete", change->table.name);
        return error_hint(err, "create the table in a migration of its own, after this one");
    }
    struct model_table table = {.change = change, .name = change->table.name};
    table.made_with = apply_whole(model, change);
    if (!apply_new_table_statement(model, table.made_with ? &model->tables[table.made_with - 1] : &table,
                                   change, err))
        return false;
    ARENA_PUSH(model->arena, model->tables, model->n_tables, table);
    model_take_name(model, change->table.name);
    model_take_name(model, pg_object_name(model->arena, change->table.name, NULL, "pkey"));
    return true;
}

bool apply_drop_table(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    if (change->cascade) {
        refuse(model, change->place, err, "DROP TABLE … CASCADE does not say what else it drops");
        return error_hint(err, "write a DROP for each dependent object and leave CASCADE out");
    }
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table)
        return true;
    if (!table->origin)
        return refuse(model, change->place, err, "table \"%s\" is created and dropped in the same file",
                      table->name);
    table->dropped = true;
    table->change = change;
    model_release_name(model, table->name);
    for (size_t i = 0; i < table->n_indexes; i++)
        model_release_name(model, table->indexes[i].name);
    for (size_t i = 0; i < table->n_constraints; i++)
        model_release_name(model, table->constraints[i].name);
    return true;
}

bool apply_rename_table(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table)
        return true;
    if (!beside_check_table(model, change->place, change->new_name, err))
        return false;
    if (model_name_taken(model, change->new_name))
        return refuse(model, change->place, err, "relation \"%s\" already exists", change->new_name);
    if (!table->origin)
        apply_statement(model, table, change->sql);
    if (catalog_table(model->catalog, change->new_name)) {
        refuse(model, change->place, err, "the name \"%s\" is free only after complete", change->new_name);
        return error_hint(err, "rename the table in a migration of its own, after this one");
    }
    model_release_name(model, table->name);
    model_take_name(model, change->new_name);
    table->name = change->new_name;
    table->renamed = table->origin != NULL;
    return true;
}

bool apply_type(struct model *model, const struct change *change, struct error *err)
{
    (void)model;
    (void)change;
    (void)err;
    return true;
}

static bool comment_on_index(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_index *index = model_index(model, change->table.name, &table);
    if (!index)
        return refuse(model, change->place, err, "index \"%s\" does not exist in schema \"%s\"",
                      change->table.name, model->catalog->schema);
    index->comment = change;
    if (!table->change)
        table->change = change;
    return true;
}

static bool comment_on_constraint(struct model *model, const struct change *change, struct model_table *table,
                                  struct error *err)
{
    struct model_constraint *constraint = model_constraint(table, change->object);
    struct model_column *column = constraint ? NULL : not_null_column(table, change->object);
    if (column) {
        column->not_null_comment = change;
        return true;
    }
    if (!constraint)
        return refuse(model, change->place, err, "constraint \"%s\" of table \"%s\" does not exist",
                      change->object, table->name);
    constraint->comment = change;
    return true;
}

static bool comment_on_column(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_column *column;
    if (!apply_find_column(model, change, &table, &column, err))
        return false;
    column->comment = change;
    return true;
}

bool apply_comment(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    if (change->target == COMMENT_ON_TYPE)
        return true;
    if (change->target == COMMENT_ON_INDEX)
        return comment_on_index(model, change, err);
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (change->target == COMMENT_ON_COLUMN)
        return comment_on_column(model, change, err);
    if (change->target == COMMENT_ON_CONSTRAINT)
        return comment_on_constraint(model, change, table, err);
    table->comment = change;
    return true;
}
