#include "postgres/planner/family.h"

#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/shape.h"

bool family_is_partitioned(const struct model_table *table)
{
    return table->origin && table->origin->kind == 'p';
}

/* Changes that the server refuses for a partition, because its columns are its parent's. */
static bool check_partition_change(const struct model *model, const struct change *change,
                                   const struct table *table, struct error *err)
{
    static const char *const verbs[] = {[CHANGE_ADD_COLUMN] = "add",
                                        [CHANGE_DROP_COLUMN] = "drop",
                                        [CHANGE_RENAME_COLUMN] = "rename",
                                        [CHANGE_COLUMN_TYPE] = "alter"};
    const char *verb = (size_t)change->kind < SEGUE_COUNT(verbs) ? verbs[change->kind] : NULL;
    const struct column *column = verb && change->column ? table_column(table, change->column) : NULL;
    bool inherited = table->is_partition || (column && column->inherited);
    if (!verb || !inherited || !table->n_parents)
        return true;
    refuse(model, change->place, err, "cannot %s column \"%s\" of \"%s\" alone", verb, change->column,
           table->name);
    return error_hint(err, "change the column in \"%s\": what is below it follows", table->parents[0]);
}

static bool check_strange(const struct model *model, const struct change *change, const struct table *table,
                          struct error *err)
{
    if (table->n_strange_children) {
        SEGUE_CLEANUP(text_free) struct text names = {0};
        for (size_t i = 0; i < table->n_strange_children; i++) {
            text_append(&names, i ? "\n" : "");
            text_append(&names, table->strange_children[i]);
        }
        refuse(model, change->place, err,
               "table \"%s\" has partitions or children that are in another schema or are no plain tables",
               table->name);
        error_detail(err, "%s", text_string(&names));
        return error_hint(err, "detach these first, or change this table by hand");
    }
    if (table->parent_elsewhere) {
        refuse(model, change->place, err, "table \"%s\" belongs to a parent in another schema", table->name);
        return error_hint(err, "change it by hand, together with its parent");
    }
    if (table->detaching) {
        refuse(model, change->place, err, "partition \"%s\" is half detached", table->name);
        return error_hint(err, "finish it first: ALTER TABLE %s DETACH PARTITION %s FINALIZE",
                          table->parents[0], table->name);
    }
    return true;
}

/* The statements that reach a table's columns, and so all that is below it. */
static bool reaches_members(const struct change *change)
{
    return change->kind != CHANGE_RENAME_TABLE && change->kind != CHANGE_COMMENT &&
           change->kind != CHANGE_DROP_TABLE;
}

static bool check_below(const struct model *model, const struct change *change, const struct table *table,
                        struct error *err)
{
    for (size_t i = 0; i < model->catalog->n_tables; i++) {
        const struct table *child = &model->catalog->tables[i];
        if (!table_is_child(child, table))
            continue;
        if (!child->owned) {
            refuse(model, change->place, err, "role \"%s\" may not change table \"%s\"", model->catalog->user,
                   child->name);
            return error_hint(err, "it belongs to the family of \"%s\": connect as the owner \"%s\"",
                              table->name, child->owner);
        }
        if (!check_strange(model, change, child, err) || !check_below(model, change, child, err))
            return false;
    }
    return true;
}

bool family_check_change(const struct model *model, const struct change *change, const struct table *table,
                         struct error *err)
{
    return check_strange(model, change, table, err) && check_partition_change(model, change, table, err) &&
           (!table->has_children || !reaches_members(change) || check_below(model, change, table, err));
}

static void join_below(struct model *model, size_t parent)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[parent], *child = &model->tables[i];
        if (!child->origin || child->dropped || !table_is_child(child->origin, table->origin))
            continue;
        ARENA_PUSH(model->arena, table->children, table->n_children, i);
        child->member = true;
        child->partition = child->origin->is_partition;
        if (!child->change)
            child->change = table->change;
        model_join_tables(model, table, child);
        if (!child->n_children)
            join_below(model, i);
    }
}

bool family_join(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        struct model_table *table = &model->tables[i];
        if (!table->change || !table->origin || table->dropped || !table->origin->has_children ||
            table->n_children)
            continue;
        join_below(model, i);
    }
    for (size_t i = 0; i < model->n_tables; i++) {
        const struct model_table *table = &model->tables[i];
        /* A member has an origin, and the change of the parent that brought it in. */
        if (!table->member || table->partition || !table->origin || !table->change ||
            table->origin->n_parents < 2)
            continue;
        refuse(model, table->change->place, err, "table \"%s\" inherits from more than one table",
               table->name);
        return error_hint(err, "change these tables by hand");
    }
    return true;
}

/* Whether the parent's column is not what the old version has: then the child's is not, either. */
static bool changed(const struct model_column *column)
{
    return !column->origin || column->dropped || column->hidden ||
           strcmp(column->name, column->origin->name) != 0;
}

static struct model_column *counterpart(struct model_table *child, const struct model_column *column)
{
    return column->origin ? model_old_column(child, column->origin->name) : NULL;
}

static bool clashes(const struct model *model, const struct model_table *child,
                    const struct model_column *column, struct error *err)
{
    for (size_t i = 0; i < child->n_columns; i++) {
        const struct model_column *own = &child->columns[i];
        if (own->inherited || own->dropped || strcmp(own->name, column->name) != 0)
            continue;
        refuse(model, column->change->place, err, "table \"%s\" has a column \"%s\" of its own", child->name,
               column->name);
        return !error_hint(err, "give the new column of its parent another name, or change both by hand");
    }
    return false;
}

/* What the parent's column is, the child's is, but for what the child has for itself. */
static void take_shape(struct model_column *own, const struct model_column *column)
{
    struct model_column taken = *column;
    taken.origin = own->origin;
    taken.inherited = true;
    taken.parent_origin = column->origin;
    taken.comment = own->comment;
    if (own->origin && !column->default_changed) {
        taken.default_expr = own->default_expr;
        taken.default_changed = own->default_changed;
    }
    taken.own_not_null =
        own->origin && own->origin->not_null && !column->not_null && !column->not_null_dropped;
    if (taken.own_not_null) {
        taken.not_null = true;
        taken.not_null_name = own->not_null_name;
    }
    *own = taken;
}

bool family_follow(struct model *model, const struct model_table *parent, struct model_table *child,
                   struct error *err)
{
    for (size_t i = 0; i < parent->n_columns; i++) {
        const struct model_column *column = &parent->columns[i];
        struct model_column *own = counterpart(child, column);
        if (own && column->dropped && own->origin->merged)
            continue; /* the child declares it as well, and keeps it */
        if (own && !changed(column) && !column->default_changed && !column->not_null_set &&
            !column->not_null_dropped)
            continue;
        if (!column->dropped && !own && clashes(model, child, column, err))
            return false;
        if (!own) {
            struct model_column fresh = {.change = column->change};
            ARENA_PUSH(model->arena, child->columns, child->n_columns, fresh);
            own = &child->columns[child->n_columns - 1];
        }
        take_shape(own, column);
        if (own->origin && column_leaves(own) &&
            !shape_check_dependents(model, child, own, column->dropped ? "dropped" : "changed", err))
            return false;
    }
    return true;
}

bool family_in_key(const struct model *model, const struct model_table *table, const char *column)
{
    for (size_t i = 0; i < table->origin->n_dependents; i++) {
        const struct dependent *dependent = &table->origin->dependents[i];
        const struct column *key = strcmp(dependent->kind, "partition key") == 0
                                       ? table_column_number(table->origin, dependent->column)
                                       : NULL;
        if (key && strcmp(key->name, column) == 0)
            return true;
    }
    for (size_t i = 0; i < table->n_children; i++) {
        const struct model_table *child = &model->tables[table->children[i]];
        if (family_is_partitioned(child) && family_in_key(model, child, column))
            return true;
    }
    return false;
}

void family_leaves(const struct model *model, const struct model_table *table, struct arena *arena,
                   const struct model_table ***leaves, size_t *n)
{
    if (!family_is_partitioned(table))
        ARENA_PUSH(arena, *leaves, *n, table);
    for (size_t i = 0; i < table->n_children; i++)
        family_leaves(model, &model->tables[table->children[i]], arena, leaves, n);
}

void family_members(const struct model *model, const struct model_table *table, struct arena *arena,
                    const struct model_table ***members, size_t *n)
{
    ARENA_PUSH(arena, *members, *n, table);
    for (size_t i = 0; i < table->n_children; i++)
        family_members(model, &model->tables[table->children[i]], arena, members, n);
}

const char *family_single_key(struct arena *arena, const char *key)
{
    const char *open = key ? strchr(key, '(') : NULL, *close = key ? strrchr(key, ')') : NULL;
    if (!open || !close || close < open)
        return NULL;
    const char *inner = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
    while (*inner == ' ')
        inner++;
    bool quoted = inner[0] == '"';
    return strpbrk(inner, quoted ? "," : ", (") ? NULL : inner;
}

const struct model_table *family_default(const struct model *model, const struct model_table *parent)
{
    for (size_t i = 0; parent && parent->origin && i < model->n_tables; i++) {
        const struct table *origin = model->tables[i].origin;
        if (origin && !model->tables[i].dropped && origin->bound && strcmp(origin->bound, "DEFAULT") == 0 &&
            origin->n_parents && strcmp(origin->parents[0], parent->origin->name) == 0)
            return &model->tables[i];
    }
    return NULL;
}
