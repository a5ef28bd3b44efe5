/* What a table must have to become a partition: the server's own demands, and what it would otherwise build under its locks. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
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

/* What an index is apart from its name and table: "btree (a, b) WHERE c". */
static const char *index_tail(const char *definition)
{
    const char *using = strstr(definition, " USING ");
    if (using)
        return using + strlen(" USING ");
    const char *open = strstr(definition, " (");
    return open ? open + 1 : definition;
}

static bool same_tail(const char *a, const char *b)
{
    const char *left = index_tail(a), *right = index_tail(b);
    left += strncmp(left, "btree ", 6) == 0 ? 6 : 0;
    right += strncmp(right, "btree ", 6) == 0 ? 6 : 0;
    return strcmp(left, right) == 0;
}

static const char *without_not_valid(struct arena *arena, const char *definition)
{
    const char *end = strstr(definition, " NOT VALID");
    return end ? arena_strndup(arena, definition, (size_t)(end - definition)) : definition;
}

static bool has_index(const struct model_table *child, const struct model_index *wanted)
{
    for (size_t i = 0; i < child->n_indexes; i++) {
        const struct model_index *index = &child->indexes[i];
        if (!index->dropped && same_tail(index->definition, wanted->definition) &&
            (strncmp(index->definition, "CREATE UNIQUE", 13) == 0) ==
                (strncmp(wanted->definition, "CREATE UNIQUE", 13) == 0))
            return true;
    }
    return false;
}

static bool has_constraint(struct model *model, const struct model_table *child,
                           const struct model_constraint *wanted)
{
    for (size_t i = 0; i < child->n_constraints; i++) {
        const struct model_constraint *constraint = &child->constraints[i];
        if (!constraint->dropped && model_constraint_kind(constraint) == model_constraint_kind(wanted) &&
            strcmp(without_not_valid(model->arena, constraint->definition),
                   without_not_valid(model->arena, wanted->definition)) == 0)
            return true;
    }
    return false;
}

/* As if the file had added it to the child, above the ATTACH: the server chooses the names so. */
static bool add_index(struct model *model, const struct change *change, struct model_table *child,
                      const struct model_index *wanted, struct error *err)
{
    struct change *added = arena_alloc(model->arena, sizeof *added);
    struct name table;
    const char *name, *definition;
    *added = *change;
    added->kind = CHANGE_CREATE_INDEX;
    added->table = (struct name){NULL, child->name};
    added->object = NULL;
    if (!sql_index_rename(model->arena, wanted->definition, NULL, 0, NULL, NULL, child->name, false,
                          &definition, err) ||
        !sql_index_parse(model->arena, definition, &added->index, &table, &name, err))
        return false;
    return apply_create_index(model, added, err);
}

static bool add_constraint(struct model *model, const struct change *change, struct model_table *child,
                           const struct model_constraint *wanted, struct error *err)
{
    struct change *added = arena_alloc(model->arena, sizeof *added);
    *added = *change;
    added->kind = CHANGE_ADD_CONSTRAINT;
    added->table = (struct name){NULL, child->name};
    if (!sql_constraint_parse(model->arena, without_not_valid(model->arena, wanted->definition),
                              &added->constraint, err))
        return false;
    if (model_constraint_kind(wanted) == 'f')
        added->constraint->name = wanted->name;
    return apply_add_constraint(model, added, err);
}

static bool add_missing(struct model *model, const struct change *change, struct model_table *parent,
                        struct model_table *child, struct error *err)
{
    for (size_t i = 0; i < parent->n_constraints; i++) {
        const struct model_constraint *constraint = &parent->constraints[i];
        char kind = model_constraint_kind(constraint);
        if (!constraint->dropped && (kind == 'u' || kind == 'p' || kind == 'f') &&
            !has_constraint(model, child, constraint) &&
            !add_constraint(model, change, child, constraint, err))
            return false;
    }
    for (size_t i = 0; i < parent->n_indexes; i++) {
        const struct model_index *index = &parent->indexes[i];
        if (!index->dropped && !(index->origin && index->origin->constraint) && !has_index(child, index) &&
            !add_index(model, change, child, index, err))
            return false;
    }
    return true;
}

/* Both are keys on the same columns, or point from the same columns to the same table. */
static bool same_key(struct model *model, const struct model_constraint *own,
                     const struct constraint_def *wanted)
{
    struct constraint_def *def = own->def;
    struct error ignored;
    if (!def && !sql_constraint_parse(model->arena, own->definition, &def, &ignored))
        return false;
    if (def->kind != wanted->kind || def->n_columns != wanted->n_columns)
        return false;
    for (size_t i = 0; i < def->n_columns; i++) {
        if (strcmp(def->columns[i], wanted->columns[i]) != 0)
            return false;
    }
    return def->kind != CONSTRAINT_FOREIGN_KEY || strcmp(def->references.name, wanted->references.name) == 0;
}

static bool has_key(struct model *model, const struct model_table *child, const struct constraint_def *wanted)
{
    for (size_t i = 0; i < child->n_constraints; i++) {
        if (!child->constraints[i].dropped && same_key(model, &child->constraints[i], wanted))
            return true;
    }
    return false;
}

static bool never_taken(const char *name, const void *context)
{
    (void)name;
    (void)context;
    return false;
}

/* The name that the server gives a foreign key of the new table, and so the one at its partition. */
static const char *foreign_key_name(struct model *model, const struct model_table *parent,
                                    const struct constraint_def *def)
{
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    for (size_t i = 0; i < def->n_columns; i++)
        pg_append(&columns, "%s%s", i ? "_" : "", def->columns[i]);
    return pg_choose_name(model->arena, parent->name, text_string(&columns), "fkey", never_taken, NULL);
}

static bool add_key(struct model *model, const struct change *change, struct place made,
                    const struct model_table *parent, struct model_table *child,
                    const struct constraint_def *def, struct error *err)
{
    struct model_constraint wanted = {.def = (struct constraint_def *)def, .definition = def->definition};
    if (def->kind == CONSTRAINT_CHECK || has_key(model, child, def))
        return true;
    wanted.name = def->name;
    if (def->kind == CONSTRAINT_FOREIGN_KEY && !def->name) {
        if (parent->late) {
            refuse(model, made, err, "a foreign key of table \"%s\", which is made at complete, needs a name",
                   parent->name);
            return error_hint(err, "write ADD CONSTRAINT name FOREIGN KEY …");
        }
        wanted.name = foreign_key_name(model, parent, def);
    }
    return add_constraint(model, change, child, &wanted, err);
}

/*
 * A partitioned table that the file makes: what it gets, above the ATTACH or below it, the child must have beforehand, or the
 * server would build it under its locks.
 */
static bool add_missing_of_new(struct model *model, const struct change *change, struct model_table *parent,
                               struct model_table *child, struct error *err)
{
    const struct table_def *def = parent->change->definition;
    for (size_t i = 0; def && i < def->n_constraints; i++) {
        if (!add_key(model, change, parent->change->place, parent, child, def->constraints[i], err))
            return false;
    }
    for (size_t i = 0; i < model->migration->n_changes; i++) {
        const struct change *made = &model->migration->changes[i];
        bool index = made->kind == CHANGE_CREATE_INDEX;
        if ((!index && made->kind != CHANGE_ADD_CONSTRAINT) || made < parent->change ||
            strcmp(made->table.name, parent->name) != 0)
            continue;
        const struct model_index wanted = {.definition = index ? made->index->definition : NULL};
        if (index && !has_index(child, &wanted) && !add_index(model, change, child, &wanted, err))
            return false;
        if (!index && !add_key(model, change, made->place, parent, child, made->constraint, err))
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
    if (!parent->origin)
        return check_new_default(model, change, parent, child, err) &&
               check_new_columns(model, change, parent, child, err) &&
               add_missing_of_new(model, change, parent, child, err);
    return check_columns(model, change, parent, child, err) && add_missing(model, change, parent, child, err);
}
