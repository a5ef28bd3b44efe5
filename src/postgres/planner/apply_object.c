/* Constraints and indexes. */
#include <string.h>

#include "base/compare.h"
#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/family.h"
#include "postgres/planner/not_null.h"

static bool taken(const char *name, const void *context)
{
    return model_name_taken(context, name);
}

static bool taken_by_constraint(const char *name, const void *context)
{
    return model_name_taken(context, name) || not_null_name_taken(context, name);
}

/* The name the server would choose for a constraint without one (ChooseConstraintName, ChooseIndexName). */
static const char *automatic_name(struct model *model, const struct model_table *table,
                                  const struct constraint_def *def)
{
    static const char *const labels[] = {[CONSTRAINT_CHECK] = "check",
                                         [CONSTRAINT_UNIQUE] = "key",
                                         [CONSTRAINT_FOREIGN_KEY] = "fkey",
                                         [CONSTRAINT_PRIMARY_KEY] = "pkey",
                                         [CONSTRAINT_EXCLUSION] = "excl"};
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    bool by_column =
        def->kind != CONSTRAINT_PRIMARY_KEY && (def->kind != CONSTRAINT_CHECK || def->n_columns == 1);
    bool parts = def->kind == CONSTRAINT_EXCLUSION;
    for (size_t i = 0; by_column && i < (parts ? def->n_name_parts : def->n_columns); i++) {
        text_append(&columns, i ? "_" : "");
        text_append(&columns, parts ? def->name_parts[i] : def->columns[i]);
    }
    for (size_t i = 0; by_column && i < def->n_included; i++) {
        text_append(&columns, "_");
        text_append(&columns, def->included[i]);
    }
    return pg_choose_name(model->arena, table->name, columns.length ? columns.data : NULL, labels[def->kind],
                          taken_by_constraint, model);
}

static bool check_columns(const struct model *model, const struct change *change, struct model_table *table,
                          const char **columns, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!model_column(table, columns[i]))
            return refuse(model, change->place, err, "column \"%s\" of table \"%s\" does not exist",
                          columns[i], table->name);
    }
    return true;
}

/* A constraint with an index is a relation as well. A name that the file frees is free. */
static bool relation_taken(const struct model *model, const char *name)
{
    return name_is_among(model->catalog->relation_names, model->catalog->n_relation_names, name) &&
           model_name_taken(model, name);
}

bool apply_add_constraint(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct constraint_def *def = change->constraint;
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table)
        return true;
    if (def->using_index) {
        refuse(model, change->place, err, "USING INDEX is how segue builds a constraint itself");
        return error_hint(err, "write ADD CONSTRAINT … UNIQUE (columns); its index is built concurrently");
    }
    if (!check_columns(model, change, table, def->columns, def->n_columns, err))
        return false;
    if (def->kind == CONSTRAINT_PRIMARY_KEY && !apply_primary_key(model, change, table, err))
        return false;
    const char *name = def->name ? def->name : automatic_name(model, table, def);
    if (model_constraint(table, name) || not_null_column(table, name))
        return refuse(model, change->place, err, "constraint \"%s\" of table \"%s\" already exists", name,
                      table->name);
    if (def->kind != CONSTRAINT_CHECK && def->kind != CONSTRAINT_FOREIGN_KEY && relation_taken(model, name))
        return refuse(model, change->place, err, "relation \"%s\" already exists", name);
    struct model_constraint constraint = {
        .change = change, .name = name, .definition = def->definition, .def = def};
    model_take_name(model, name);
    family_name_key(model, table, &constraint);
    ARENA_PUSH(model->arena, table->constraints, table->n_constraints, constraint);
    return true;
}

static void drop_index_of(struct model *model, struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_indexes; i++) {
        if (!table->indexes[i].dropped && strcmp(table->indexes[i].name, name) == 0)
            table->indexes[i].dropped = true;
    }
    model_release_name(model, name);
}

static bool check_droppable(const struct model *model, const struct change *change,
                            const struct model_table *table, const struct model_constraint *constraint,
                            struct error *err)
{
    if (!constraint->origin)
        return refuse(model, change->place, err, "constraint \"%s\" is added and dropped in the same file",
                      constraint->name);
    if (constraint->origin->inherited && table->origin->n_parents) {
        refuse(model, change->place, err, "cannot drop inherited constraint \"%s\" of relation \"%s\"",
               constraint->name, table->name);
        return error_hint(err, "drop it from \"%s\"", table->origin->parents[0]);
    }
    char kind = constraint->origin->kind;
    const char *user = kind == 'u' || kind == 'p' ? apply_key_user(model, table, constraint) : NULL;
    if (user) {
        refuse(model, change->place, err, "constraint \"%s\" of table \"%s\" is needed by foreign key \"%s\"",
               constraint->name, table->name, user);
        return error_hint(err, "drop the foreign key above this statement, and add it again below it");
    }
    return true;
}

bool apply_drop_constraint(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    if (change->cascade) {
        refuse(model, change->place, err, "DROP CONSTRAINT … CASCADE does not say what else it drops");
        return error_hint(err, "write a DROP for each dependent object and leave CASCADE out");
    }
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table)
        return true;
    struct model_constraint *constraint = model_constraint(table, change->object);
    struct model_column *column = constraint ? NULL : not_null_column(table, change->object);
    if (column) {
        struct change *drop = arena_alloc(model->arena, sizeof *drop);
        *drop = *change;
        drop->column = column->name;
        column->change = drop;
        return apply_drop_not_null(model, drop, table, column, err);
    }
    if (!constraint && change->if_not)
        return true;
    if (!constraint)
        return refuse(model, change->place, err, "constraint \"%s\" of table \"%s\" does not exist",
                      change->object, table->name);
    if (!check_droppable(model, change, table, constraint, err))
        return false;
    constraint->dropped = true;
    constraint->change = change;
    drop_index_of(model, table, constraint->name);
    family_release_parts(model, constraint->origin->name);
    return true;
}

bool apply_rename_constraint(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    if (!apply_find_table(model, change, &table, err))
        return false;
    if (!table)
        return true;
    struct model_constraint *constraint = model_constraint(table, change->object);
    struct model_column *column = constraint ? NULL : not_null_column(table, change->object);
    if (!constraint && !column)
        return refuse(model, change->place, err, "constraint \"%s\" of table \"%s\" does not exist",
                      change->object, table->name);
    if (column && !model_constraint(table, change->new_name) && !not_null_column(table, change->new_name)) {
        column->not_null_name = change->new_name;
        return true;
    }
    if (column || model_name_taken(model, change->new_name))
        return refuse(model, change->place, err, "the name \"%s\" is taken already", change->new_name);
    for (size_t i = 0; i < table->n_indexes; i++) {
        /* The index behind a constraint bears its name. */
        if (table->indexes[i].origin && table->indexes[i].origin->constraint &&
            strcmp(table->indexes[i].name, constraint->name) == 0)
            table->indexes[i].name = change->new_name;
    }
    model_release_name(model, constraint->name);
    model_take_name(model, change->new_name);
    constraint->name = change->new_name;
    constraint->renamed = constraint->origin != NULL;
    constraint->change = change;
    return true;
}

/* CREATE INDEX without a name: table_column_…_idx (ChooseIndexName). */
static const char *automatic_index_name(struct model *model, const struct model_table *table,
                                        const struct index_def *def)
{
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    for (size_t i = 0; i < def->n_name_parts; i++) {
        text_append(&columns, i ? "_" : "");
        text_append(&columns, def->name_parts[i]);
    }
    return pg_choose_name(model->arena, table->name, text_string(&columns), "idx", taken, model);
}

bool apply_create_index(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct change as_table = *change;
    as_table.if_not = false; /* IF NOT EXISTS is about the index */
    if (!apply_find_table(model, &as_table, &table, err))
        return false;
    table->change = change;
    if (change->object && change->if_not && model_name_taken(model, change->object))
        return true;
    if (!check_columns(model, change, table, change->index->columns, change->index->n_columns, err))
        return false;
    const char *name = change->object ? change->object : automatic_index_name(model, table, change->index);
    if (change->object && model_name_taken(model, name))
        return refuse(model, change->place, err, "relation \"%s\" already exists", name);
    struct model_index index = {
        .change = change, .name = name, .def = change->index, .definition = change->index->definition};
    model_take_name(model, name);
    family_name_index(model, table, &index);
    ARENA_PUSH(model->arena, table->indexes, table->n_indexes, index);
    return true;
}

static bool find_index(struct model *model, const struct change *change, struct model_table **table,
                       struct model_index **index, struct error *err)
{
    const char *schema = change->table.schema;
    *index = NULL;
    if (schema && strcmp(schema, model->catalog->schema) != 0)
        return refuse(model, change->place, err, "index \"%s.%s\" is outside schema \"%s\"", schema,
                      change->table.name, model->catalog->schema);
    *index = model_index(model, change->table.name, table);
    if (!*index && change->if_not)
        return true;
    if (!*index)
        return refuse(model, change->place, err, "index \"%s\" does not exist in schema \"%s\"",
                      change->table.name, model->catalog->schema);
    /* The same refusals as for a statement that names the table. */
    struct change as_table = *change;
    as_table.table = (struct name){NULL, (*table)->name};
    struct model_table *found;
    if (!apply_find_table(model, &as_table, &found, err))
        return false;
    found->change = change;
    return true;
}

bool apply_drop_index(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_index *index;
    if (!find_index(model, change, &table, &index, err))
        return false;
    if (!index)
        return true;
    if (!index->origin)
        return refuse(model, change->place, err, "index \"%s\" is created and dropped in the same file",
                      index->name);
    if (index->origin->constraint)
        return refuse(model, change->place, err,
                      "index \"%s\" belongs to a constraint of table \"%s\": drop that", index->name,
                      table->name);
    if (index->origin->parent) {
        refuse(model, change->place, err, "cannot drop index \"%s\" because index \"%s\" requires it",
               index->name, index->origin->parent);
        return error_hint(err, "drop \"%s\": its parts go with it", index->origin->parent);
    }
    index->dropped = true;
    index->change = change;
    model_release_name(model, index->name);
    family_release_parts(model, index->origin->name);
    return true;
}

bool apply_rename_index(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *table;
    struct model_index *index;
    if (!find_index(model, change, &table, &index, err))
        return false;
    if (!index)
        return true;
    if (model_name_taken(model, change->new_name))
        return refuse(model, change->place, err, "the name \"%s\" is taken already", change->new_name);
    if (index->origin && index->origin->constraint) {
        struct model_constraint *constraint = model_constraint(table, index->name);
        if (constraint) {
            constraint->name = change->new_name;
            constraint->renamed = true;
            constraint->change = change;
        }
    } else {
        index->renamed = index->origin != NULL;
    }
    model_release_name(model, index->name);
    model_take_name(model, change->new_name);
    index->name = change->new_name;
    index->change = change;
    return true;
}
