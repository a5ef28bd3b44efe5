/* What the server demands of a table that becomes a partition, and of the rows that must be looked at for it. */
#include <string.h>

#include "postgres/planner/apply.h"
#include "postgres/planner/family.h"
#include "postgres/planner/rewrite.h"

/* The child has this column, of this type (NULL: not known) and NOT NULL where that is demanded. */
static bool check_column(const struct model *model, const struct change *change, struct model_table *child,
                         const char *name, const char *type, bool not_null, struct error *err)
{
    const struct model_column *own = model_column(child, name);
    if (!own)
        return refuse(model, change->place, err, "child table is missing column \"%s\"", name);
    if (type && strcmp(own->type, type) != 0)
        return refuse(model, change->place, err, "child table \"%s\" has different type for column \"%s\"",
                      child->name, name);
    if (not_null && !own->not_null)
        return refuse(model, change->place, err, "column \"%s\" in child table must be marked NOT NULL",
                      name);
    return true;
}

static bool check_columns(const struct model *model, const struct change *change, struct model_table *parent,
                          struct model_table *child, struct error *err)
{
    for (size_t i = 0; i < parent->n_columns; i++) {
        const struct model_column *column = &parent->columns[i];
        if (!column->dropped &&
            !check_column(model, change, child, column->name, column->type, column->not_null, err))
            return false;
    }
    for (size_t i = 0; i < child->n_columns; i++) {
        if (!child->columns[i].dropped && !model_column(parent, child->columns[i].name))
            return refuse(model, change->place, err,
                          "table \"%s\" contains column \"%s\" not found in parent \"%s\"", child->name,
                          child->columns[i].name, parent->name);
    }
    for (size_t i = 0; i < parent->n_constraints; i++) {
        const struct model_constraint *constraint = &parent->constraints[i];
        if (!constraint->dropped && model_constraint_kind(constraint) == 'c' &&
            !model_constraint(child, constraint->name))
            return refuse(model, change->place, err, "child table is missing constraint \"%s\"",
                          constraint->name);
    }
    return true;
}

static bool columns_are_altered(const struct model *model, const struct model_table *table)
{
    for (size_t i = 0; i < model->migration->n_changes; i++) {
        const struct change *change = &model->migration->changes[i];
        if (change->column && change->table.name && strcmp(change->table.name, table->name) == 0)
            return true;
    }
    return false;
}

/* The same for a parent that the file makes, where its columns are known. */
static bool check_new_columns(const struct model *model, const struct change *change,
                              const struct model_table *parent, struct model_table *child, struct error *err)
{
    const struct table_def *def = parent->change->definition;
    if (!def || def->like || columns_are_altered(model, parent))
        return true;
    for (size_t i = 0; i < def->n_columns; i++) {
        const struct column_def *column = &def->columns[i];
        if (!check_column(model, change, child, column->name, column->type, column->not_null, err))
            return false;
    }
    return true;
}

/* The condition that a bound is can be proved of rows beforehand only where it is about one column. */
static bool check_provable(const struct model *model, const struct change *change,
                           const struct model_table *parent, const struct model_table *read,
                           struct error *err)
{
    const struct partition_def *def = change->partition;
    const char *key = parent->origin ? parent->origin->partition_key : parent->change->partition->key;
    if (!read || !read->origin || (def->single && family_single_key(model->arena, key)) ||
        rewrite_scan_allowed(model, read, change->place,
                             change->kind == CHANGE_CREATE_TABLE ? "PARTITION OF" : "ATTACH PARTITION", err))
        return true;
    return error_detail(
        err, "the bound is about more than one plain column, so that it cannot be proved beforehand: %s",
        def->bound);
}

bool apply_check_default(const struct model *model, const struct change *change,
                         const struct model_table *parent, struct error *err)
{
    return change->partition->strategy == 'd' ||
           check_provable(model, change, parent, family_default(model, parent), err);
}

/* The default partition that the file makes for the table, or NULL. */
static const char *new_default(const struct model *model, const struct model_table *parent)
{
    for (size_t i = 0; i < model->migration->n_changes; i++) {
        const struct change *change = &model->migration->changes[i];
        if (change->kind == CHANGE_CREATE_TABLE && change->partition && change->partition->strategy == 'd' &&
            change->partition->other.name && strcmp(change->partition->other.name, parent->name) == 0)
            return change->table.name;
    }
    return NULL;
}

/* Until `complete` attaches the table, the new version's rows for it would go to the default partition, and stand in its way. */
static bool check_new_default(const struct model *model, const struct change *change,
                              const struct model_table *parent, const struct model_table *child,
                              struct error *err)
{
    const char *rest = parent->late ? NULL : new_default(model, parent);
    if (!rest)
        return true;
    refuse(model, change->place, err,
           "\"%s\" is attached at complete, when default partition \"%s\" may have rows that belong to it",
           child->name, rest);
    return error_hint(err, "make the default partition in a migration after this one");
}

bool apply_check_attached(struct model *model, const struct change *change, struct model_table *parent,
                          struct model_table *child, struct error *err)
{
    if (!check_provable(model, change, parent, child, err) ||
        !apply_check_default(model, change, parent, err))
        return false;
    if (!child->origin)
        return true;
    bool possible = parent->origin ? check_columns(model, change, parent, child, err)
                                   : check_new_default(model, change, parent, child, err) &&
                                         check_new_columns(model, change, parent, child, err);
    return possible && apply_add_parts(model, change, parent, child, err);
}
