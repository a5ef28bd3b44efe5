/* What a partitioned table cannot have, and the parts of its indexes. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/family.h"

static bool taken(const char *name, const void *context)
{
    return model_name_taken(context, name);
}

/* How the parts of an index are named, and the names that they have already. */
struct naming {
    const char *columns, *label;
    const struct model_part *earlier;
    size_t n_earlier;
};

/* The server's own rule for the index of a partition, whatever the partitioned index is called. */
static const char *part_name(struct model *model, size_t table, const struct naming *naming)
{
    for (size_t i = 0; i < naming->n_earlier; i++) {
        if (naming->earlier[i].table == table)
            return naming->earlier[i].name;
    }
    const char *name =
        pg_choose_name(model->arena, model->tables[table].name, naming->columns, naming->label, taken, model);
    model_take_name(model, name);
    return name;
}

static void name_parts(struct model *model, const struct model_table *table, const struct naming *naming,
                       size_t above, struct model_part **parts, size_t *n)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *child = &model->tables[i];
        if (!child->origin || child->dropped || !table_is_child(child->origin, table->origin))
            continue;
        struct model_part part = {i, above, part_name(model, i, naming)};
        ARENA_PUSH(model->arena, *parts, *n, part);
        name_parts(model, child, naming, *n, parts, n);
    }
}

static const char *joined(struct model *model, const char **names, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < n; i++) {
        text_append(&out, i ? "_" : "");
        text_append(&out, names[i]);
    }
    return arena_strdup(model->arena, text_string(&out));
}

void family_release_parts(struct model *model, const char *parent)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        const struct model_table *table = &model->tables[t];
        for (size_t i = 0; i < table->n_indexes; i++) {
            const struct catalog_index *index = table->indexes[i].origin;
            if (!index || !index->parent || strcmp(index->parent, parent) != 0)
                continue;
            model_release_name(model, index->name);
            family_release_parts(model, index->name);
        }
    }
}

/* The columns of a unique key must tell the partition, or no index of one partition could answer for the others. */
static bool check_key(const struct model *model, const struct model_table *table, const struct change *change,
                      const char *what, const char **columns, size_t n, struct error *err)
{
    const char *expression = strchr(table->origin->partition_key, '(');
    if (expression && strchr(expression + 1, '(')) {
        refuse(model, change->place, err, "unsupported %s constraint with partition key definition", what);
        error_detail(err, "%s constraints cannot be used when partition keys include expressions: %s", what,
                     table->origin->partition_key);
        return error_hint(err, "make it unique in each partition by itself, with an index on the partition");
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        bool found = !column->origin || !family_in_key(model, table, column->origin->name);
        for (size_t k = 0; k < n; k++)
            found = found || strcmp(columns[k], column->name) == 0;
        if (found)
            continue;
        refuse(model, change->place, err,
               "unique constraint on partitioned table must include all partitioning columns");
        error_detail(err,
                     "%s constraint on table \"%s\" lacks column \"%s\" which is part of the partition key.",
                     what, table->name, column->name);
        return error_hint(err, "add the column to the key");
    }
    return true;
}

static bool check_foreign_key(const struct model *model, const struct model_table *table,
                              const struct model_constraint *constraint, struct error *err)
{
    if (constraint->origin || constraint->def->kind != CONSTRAINT_FOREIGN_KEY ||
        !constraint->def->not_valid || model->catalog->server_version >= 180000)
        return true;
    refuse(model, constraint->change->place, err,
           "cannot add NOT VALID foreign key on partitioned table \"%s\" referencing relation \"%s\"",
           table->name, constraint->def->references.name);
    return error_hint(err,
                      "leave NOT VALID out: segue validates it partition by partition, without blocking");
}

static const char *key_columns(struct model *model, const struct constraint_def *def)
{
    if (def->kind == CONSTRAINT_PRIMARY_KEY)
        return NULL;
    const char *columns = joined(model, def->columns, def->n_columns);
    if (!def->n_included)
        return columns;
    return arena_printf(model->arena, "%s_%s", columns, joined(model, def->included, def->n_included));
}

static void name_key(struct model *model, const struct model_table *table,
                     struct model_constraint *constraint, const struct constraint_def *def)
{
    const struct naming naming = {key_columns(model, def),
                                  def->kind == CONSTRAINT_PRIMARY_KEY ? "pkey" : "key", constraint->parts,
                                  constraint->n_parts};
    constraint->parts = NULL;
    constraint->n_parts = 0;
    name_parts(model, table, &naming, 0, &constraint->parts, &constraint->n_parts);
}

static void name_index(struct model *model, const struct model_table *table, struct model_index *index,
                       const struct index_def *def)
{
    const struct naming naming = {joined(model, def->name_parts, def->n_name_parts), "idx", index->parts,
                                  index->n_parts};
    index->parts = NULL;
    index->n_parts = 0;
    name_parts(model, table, &naming, 0, &index->parts, &index->n_parts);
}

void family_name_key(struct model *model, const struct model_table *table,
                     struct model_constraint *constraint)
{
    enum constraint_kind kind = constraint->def->kind;
    if (family_is_partitioned(table) && (kind == CONSTRAINT_UNIQUE || kind == CONSTRAINT_PRIMARY_KEY))
        name_key(model, table, constraint, constraint->def);
}

void family_name_index(struct model *model, const struct model_table *table, struct model_index *index)
{
    if (family_is_partitioned(table))
        name_index(model, table, index, index->def);
}

static bool finish_constraint(struct model *model, struct model_table *table,
                              struct model_constraint *constraint, struct error *err)
{
    struct constraint_def *def = constraint->def;
    if (!steps_constraint_made(table, constraint))
        return true;
    if (!check_foreign_key(model, table, constraint, err))
        return false;
    if (constraint->origin && !sql_constraint_parse(model->arena, constraint->origin->definition, &def, err))
        return false;
    bool primary = def->kind == CONSTRAINT_PRIMARY_KEY;
    if (def->kind != CONSTRAINT_UNIQUE && !primary)
        return true;
    if (!constraint->origin &&
        !check_key(model, table, constraint->change, primary ? "PRIMARY KEY" : "UNIQUE", def->columns,
                   def->n_columns, err))
        return false;
    if (constraint->origin)
        family_release_parts(model, constraint->origin->name);
    name_key(model, table, constraint, def);
    return true;
}

static bool finish_index(struct model *model, struct model_table *table, struct model_index *index,
                         struct error *err)
{
    struct index_def *def = index->def;
    struct name written;
    const char *name;
    if (!steps_index_made(table, index))
        return true;
    if (index->origin) {
        if (!sql_index_parse(model->arena, index->origin->definition, &def, &written, &name, err))
            return false;
        family_release_parts(model, index->origin->name);
    }
    if (def->unique && !index->origin &&
        !check_key(model, table, index->change, "UNIQUE", def->key_columns, def->n_key_columns, err))
        return false;
    name_index(model, table, index, def);
    return true;
}

bool family_finish(struct model *model, struct model_table *table, struct error *err)
{
    if (!family_is_partitioned(table))
        return true;
    for (size_t i = 0; i < table->n_constraints; i++) {
        if (!finish_constraint(model, table, &table->constraints[i], err))
            return false;
    }
    for (size_t i = 0; i < table->n_indexes; i++) {
        if (!finish_index(model, table, &table->indexes[i], err))
            return false;
    }
    return true;
}
