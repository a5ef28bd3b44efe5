/*
 * Partitions come and go at `complete`: until then both versions see the rows where they are. A new partition would have rows
 * that a rollback could keep nowhere, and a detached one would be missing from the old version.
 */
#include <stdint.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/family.h"

static size_t number_of(const struct model *model, const struct model_table *table)
{
    return table ? (size_t)(table - model->tables) : SIZE_MAX;
}

static bool ours(const struct model *model, struct name name)
{
    return !name.schema || strcmp(name.schema, model->catalog->schema) == 0;
}

static void add_late(struct model *model, const struct change *change, const char *sql,
                     const struct model_table *parent, const struct model_table *child)
{
    struct model_late late = {change, sql, number_of(model, parent), number_of(model, child)};
    ARENA_PUSH(model->arena, model->late, model->n_late, late);
}

/* A partitioned table that takes the name of a table which the file renames. */
static bool takes_over(const struct model *model, const struct change *change)
{
    return change->partition && change->partition->key && !change->partition->bound &&
           catalog_table(model->catalog, change->table.name) && !model_name_taken(model, change->table.name);
}

bool apply_is_late_table(struct model *model, const struct change *change)
{
    const struct partition_def *def = change->partition;
    const struct model_table *parent =
        def && def->other.name && ours(model, def->other) ? model_table(model, def->other.name) : NULL;
    if (parent && def->bound)
        return parent->origin || parent->late;
    return takes_over(model, change);
}

size_t apply_whole(struct model *model, const struct change *change)
{
    const struct partition_def *def = change->partition;
    const struct model_table *parent =
        def && def->bound && ours(model, def->other) ? model_table(model, def->other.name) : NULL;
    if (!parent || parent->origin || parent->late)
        return 0;
    return parent->made_with ? parent->made_with : number_of(model, parent) + 1;
}

/* A new table becomes a part of another new one: both are made in one step. */
static void make_together(struct model *model, struct model_table *parent, struct model_table *child,
                          const struct change *change)
{
    struct model_table *whole = parent->made_with ? &model->tables[parent->made_with - 1] : parent;
    for (size_t i = 0; !child->made_with && i < child->n_statements; i++)
        apply_statement(model, whole, child->statements[i]);
    for (size_t i = 0; !child->made_with && i < child->n_references; i++)
        ARENA_PUSH(model->arena, whole->references, whole->n_references, child->references[i]);
    for (size_t i = 0; !child->made_with && i < child->n_pointed; i++)
        ARENA_PUSH(model->arena, whole->pointed, whole->n_pointed, child->pointed[i]);
    child->made_with = number_of(model, whole) + 1;
    apply_statement(model, whole, change->sql);
}

bool apply_late_table(struct model *model, const struct change *change, struct error *err)
{
    const struct partition_def *def = change->partition;
    struct change of_parent = *change;
    struct model_table *parent = NULL;
    if (model_name_taken(model, change->table.name))
        return refuse(model, change->place, err, "relation \"%s\" already exists", change->table.name);
    if (def->bound) {
        parent = model_table(model, def->other.name);
        of_parent.table = def->other;
        of_parent.if_not = false;
        if (parent->origin && !apply_find_table(model, &of_parent, &parent, err))
            return false;
        if (!apply_check_default(model, change, parent, err))
            return false;
        if (parent->origin)
            parent->change = change;
    }
    struct model_table table = {.change = change, .name = change->table.name, .late = true};
    size_t above = number_of(model, parent);
    ARENA_PUSH(model->arena, model->tables, model->n_tables, table);
    model_take_name(model, change->table.name);
    parent = above == SIZE_MAX ? NULL : &model->tables[above];
    add_late(model, change, change->sql, parent, &model->tables[model->n_tables - 1]);
    return true;
}

bool apply_to_late_table(struct model *model, struct model_table *table, const struct change *change,
                         struct error *err)
{
    if (change->kind == CHANGE_DROP_COLUMN || change->kind == CHANGE_RENAME_COLUMN ||
        change->kind == CHANGE_COLUMN_TYPE) {
        refuse(model, change->place, err,
               "table \"%s\" is made at complete: its columns cannot be changed as well", table->name);
        return error_hint(err, "create it with the columns that it is to have");
    }
    const char *sql = change->kind == CHANGE_CREATE_INDEX ? change->index->definition : change->sql;
    if (model->n_late && model->late[model->n_late - 1].change->sql == change->sql)
        return true; /* one statement, several changes */
    add_late(model, change, sql, NULL, table);
    return true;
}

/* Both tables of an ATTACH, DETACH or INHERIT; what the server would refuse is refused in its words. */
static bool find_both(struct model *model, const struct change *change, struct model_table **parent,
                      struct model_table **child, struct error *err)
{
    bool inherits = change->kind == CHANGE_INHERIT || change->kind == CHANGE_NO_INHERIT;
    const struct name names[] = {inherits ? change->partition->other : change->table,
                                 inherits ? change->table : change->partition->other};
    struct model_table **tables[] = {parent, child};
    for (size_t i = 0; i < 2; i++) {
        struct change about = *change;
        about.table = names[i];
        struct model_table *known = ours(model, names[i]) ? model_table(model, names[i].name) : NULL;
        *tables[i] = known;
        if ((!known || known->origin) && !apply_find_table(model, &about, tables[i], err))
            return false;
        if (known && known->origin)
            known->change = change;
    }
    return true;
}

static bool is_partitioned(const struct model_table *table)
{
    return table->origin ? table->origin->kind == 'p'
                         : table->change->partition && table->change->partition->key;
}

bool apply_attach_partition(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *parent, *child;
    if (!find_both(model, change, &parent, &child, err))
        return false;
    if (!is_partitioned(parent))
        return refuse(model, change->place, err, "table \"%s\" is not partitioned", parent->name);
    if (child->origin && child->origin->n_parents)
        return refuse(model, change->place, err, "\"%s\" is already a partition", child->name);
    if (!parent->origin && !parent->late && !child->origin && !child->late) {
        make_together(model, parent, child, change);
        return true;
    }
    if (!apply_check_attached(model, change, parent, child, err))
        return false;
    add_late(model, change, change->sql, parent, child);
    return true;
}

static bool is_parent_of(const struct model_table *parent, const struct model_table *child)
{
    return child->origin && parent->origin && table_is_child(child->origin, parent->origin);
}

bool apply_detach_partition(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *parent, *child;
    if (!find_both(model, change, &parent, &child, err))
        return false;
    if (!is_parent_of(parent, child))
        return refuse(model, change->place, err, "relation \"%s\" is not a partition of relation \"%s\"",
                      child->name, parent->name);
    if (change->partition->concurrently || change->partition->finalize) {
        refuse(model, change->place, err,
               "DETACH … CONCURRENTLY leaves a constraint behind that a plain DETACH does not");
        return error_hint(err,
                          "write DETACH PARTITION %s: it takes its lock for an instant, and waits for nobody",
                          child->name);
    }
    add_late(model, change, change->sql, parent, child);
    return true;
}

bool apply_inherit(struct model *model, const struct change *change, struct error *err)
{
    struct model_table *parent, *child;
    if (!find_both(model, change, &parent, &child, err))
        return false;
    if (!parent->origin || !child->origin) {
        apply_statement(model, parent > child ? parent : child, change->sql);
        return true;
    }
    if (change->kind == CHANGE_NO_INHERIT && !is_parent_of(parent, child))
        return refuse(model, change->place, err, "relation \"%s\" is not a parent of relation \"%s\"",
                      parent->name, child->name);
    if (change->kind == CHANGE_INHERIT && is_parent_of(parent, child))
        return refuse(model, change->place, err, "relation \"%s\" would be inherited from more than once",
                      parent->name);
    add_late(model, change, change->sql, parent, child);
    return true;
}

/* The first column that the file changes, drops or renames. */
static const struct model_column *changed_column(const struct model_table *table)
{
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (column->change &&
            (!column->origin || column->dropped || column->type_changed || column->not_null_set ||
             column->not_null_dropped || strcmp(column->name, column->origin->name) != 0))
            return column;
    }
    return NULL;
}

static bool check_unchanged(const struct model *model, const struct model_late *late, size_t number,
                            struct error *err)
{
    const struct model_table *table = number == SIZE_MAX ? NULL : &model->tables[number];
    const struct model_column *column = table && table->origin ? changed_column(table) : NULL;
    if (!column || (late->change->kind == CHANGE_CREATE_TABLE && late->parent == number))
        return true;
    refuse(model, late->change->place, err,
           "the file changes column \"%s\" of table \"%s\" and its partitions as well", column->name,
           table->name);
    return error_hint(err, "do one of the two in a migration of its own");
}

static bool is_called(const struct model *model, size_t number, const char *name)
{
    return number == SIZE_MAX || strcmp(model->tables[number].name, name) == 0;
}

/* The statement runs behind all renames, also those that stand below it in the file: then it needs the later names. */
static bool use_last_names(struct model *model, struct model_late *late, struct error *err)
{
    const struct change *change = late->change;
    const struct partition_def *def = change->partition;
    if (late->parent == SIZE_MAX || late->child == SIZE_MAX)
        return true;
    bool inherits = change->kind == CHANGE_INHERIT || change->kind == CHANGE_NO_INHERIT;
    bool made = change->kind == CHANGE_CREATE_TABLE;
    struct name parent = inherits || made ? def->other : change->table;
    struct name child = inherits || made ? change->table : def->other;
    if (is_called(model, late->parent, parent.name) && (made || is_called(model, late->child, child.name)))
        return true;
    if (made) {
        refuse(model, change->place, err,
               "table \"%s\" is renamed below the statement that makes a partition of it", parent.name);
        return error_hint(err, "write ALTER TABLE %s RENAME TO %s above it", parent.name,
                          model->tables[late->parent].name);
    }
    const char *above = pg_format(model->arena, "%Q", parent.schema, model->tables[late->parent].name);
    const char *below = pg_format(model->arena, "%Q", child.schema, model->tables[late->child].name);
    if (inherits)
        late->sql = pg_format(model->arena, "ALTER TABLE %s %s %s", below,
                              change->kind == CHANGE_INHERIT ? "INHERIT" : "NO INHERIT", above);
    else if (change->kind == CHANGE_ATTACH_PARTITION)
        late->sql =
            pg_format(model->arena, "ALTER TABLE %s ATTACH PARTITION %s %s", above, below, def->bound);
    else
        late->sql = pg_format(model->arena, "ALTER TABLE %s DETACH PARTITION %s", above, below);
    return true;
}

bool apply_finish_late(struct model *model, struct error *err)
{
    for (size_t i = 0; i < model->n_late; i++) {
        struct model_late *late = &model->late[i];
        const size_t numbers[] = {late->parent, late->child};
        if (!use_last_names(model, late, err))
            return false;
        if (!check_unchanged(model, late, late->parent, err) ||
            !check_unchanged(model, late, late->child, err))
            return false;
        for (size_t k = 0; k < 2; k++) {
            if (numbers[k] == SIZE_MAX || !model->tables[numbers[k]].origin)
                continue;
            if (model->late_table == SIZE_MAX)
                model->late_table = numbers[k];
            model_join_tables(model, &model->tables[model->late_table], &model->tables[numbers[k]]);
        }
    }
    return true;
}
