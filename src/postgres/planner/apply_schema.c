/* Tables, enum types, comments. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/beside.h"

enum { NAME_BYTES = 63 }; /* NAMEDATALEN - 1 */

bool apply_create_table(struct model *model, const struct change *change, struct error *err)
{
    const char *schema = change->table.schema;
    if (schema && strcmp(schema, model->catalog->schema) != 0)
        return refuse(model, change->place, err, "\"%s.%s\" is outside schema \"%s\"", schema,
                      change->table.name, model->catalog->schema);
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
    if (!apply_new_table_statement(model, &table, change, err))
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

/* Labels are names of the catalog, which the server does not cut but refuses. */
static bool check_label(const struct model *model, const struct change *change, const char *label,
                        struct error *err)
{
    if (strlen(label) <= NAME_BYTES)
        return true;
    refuse(model, change->place, err, "the value '%s' is longer than %d bytes", label, NAME_BYTES);
    return error_hint(err, "shorten it: the server keeps the values of an enum type as names");
}

bool apply_create_enum(struct model *model, const struct change *change, struct error *err)
{
    const char *schema = change->table.schema;
    if (schema && strcmp(schema, model->catalog->schema) != 0)
        return refuse(model, change->place, err, "type \"%s.%s\" is outside schema \"%s\"", schema,
                      change->table.name, model->catalog->schema);
    bool exists = model_enum(model, change->table.name) != NULL;
    for (size_t i = 0; i < model->catalog->n_type_names; i++)
        exists = exists || strcmp(model->catalog->type_names[i], change->table.name) == 0;
    if (exists)
        return refuse(model, change->place, err, "type \"%s\" already exists", change->table.name);
    for (size_t i = 0; i < change->n_labels; i++) {
        if (!check_label(model, change, change->labels[i], err))
            return false;
    }
    struct model_enum type = {
        .change = change, .name = change->table.name, .labels = change->labels, .n_labels = change->n_labels};
    ARENA_PUSH(model->arena, model->enums, model->n_enums, type);
    return true;
}

static bool find_label(const struct model_enum *type, const char *label, size_t *position)
{
    for (size_t i = 0; i < type->n_labels; i++) {
        if (strcmp(type->labels[i], label) == 0) {
            *position = i;
            return true;
        }
    }
    return false;
}

/* Whether the statement is marked `phase expand`: run as it is, at once for both versions. */
static bool marked_expand(const struct model *model, const struct change *change)
{
    size_t statement = (size_t)(change - model->migration->changes);
    for (size_t i = 0; i < model->migration->n_annotations; i++) {
        const struct annotation *annotation = &model->migration->annotations[i];
        if (annotation->kind == ANNOTATION_PHASE_EXPAND && annotation->statement == statement)
            return true;
    }
    return false;
}

static bool find_enum(struct model *model, const struct change *change, struct model_enum **out,
                      struct error *err)
{
    const char *schema = change->table.schema;
    *out =
        schema && strcmp(schema, model->catalog->schema) != 0 ? NULL : model_enum(model, change->table.name);
    if (!*out) {
        refuse(model, change->place, err, "enum type \"%s\" does not exist in schema \"%s\"",
               change->table.name, model->catalog->schema);
        return false;
    }
    return true;
}

static bool check_enum_users(const struct model *model, const struct change *change,
                             const struct enum_type *type, struct error *err)
{
    if (!type->n_other_users)
        return true;
    SEGUE_CLEANUP(text_free) struct text users = {0};
    for (size_t i = 0; i < type->n_other_users; i++) {
        text_append(&users, i ? "\n" : "");
        text_append(&users, type->other_users[i]);
    }
    refuse(model, change->place, err,
           "type \"%s\" is used by more than plain columns, so that its values cannot be changed "
           "for one version alone",
           type->name);
    error_detail(err, "%s", text_string(&users));
    return error_hint(
        err,
        "put \"-- segue: phase expand\" before the statement: the value is then added at once for both versions, and "
        "stays after a rollback");
}

bool apply_add_enum_value(struct model *model, const struct change *change, struct error *err)
{
    struct model_enum *type;
    size_t position;
    if (!find_enum(model, change, &type, err))
        return false;
    if (find_label(type, change->object, &position)) {
        if (change->if_not)
            return true;
        return refuse(model, change->place, err, "type \"%s\" has the value '%s' already", type->name,
                      change->object);
    }
    if (!check_label(model, change, change->object, err))
        return false;
    position = type->n_labels;
    if (change->neighbour && !find_label(type, change->neighbour, &position))
        return refuse(model, change->place, err, "type \"%s\" has no value '%s'", type->name,
                      change->neighbour);
    if (change->neighbour && !change->before)
        position++;
    type->change = change;
    if (type->origin && marked_expand(model, change)) {
        ARENA_PUSH(model->arena, type->shared_statements, type->n_shared_statements, change->sql);
    } else if (type->origin) {
        if (!check_enum_users(model, change, type->origin, err))
            return false;
        type->changed = true;
    }
    const char **labels = arena_alloc(model->arena, (type->n_labels + 1) * sizeof *labels);
    memcpy(labels, type->labels, position * sizeof *labels);
    labels[position] = change->object;
    memcpy(labels + position + 1, type->labels + position, (type->n_labels - position) * sizeof *labels);
    type->labels = labels;
    type->n_labels++;
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
    struct model_enum *type;
    struct model_table *table;
    switch (change->target) {
    case COMMENT_ON_INDEX: return comment_on_index(model, change, err);
    case COMMENT_ON_TYPE:
        if (!find_enum(model, change, &type, err))
            return false;
        type->comment = change;
        return true;
    default: break;
    }
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (change->target == COMMENT_ON_COLUMN)
        return comment_on_column(model, change, err);
    if (change->target == COMMENT_ON_CONSTRAINT)
        return comment_on_constraint(model, change, table, err);
    table->comment = change;
    return true;
}
