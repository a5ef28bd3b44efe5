/* The indexes and keys that a table needs as a partition, built beforehand: the server would build them under its locks. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/apply.h"

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

bool apply_add_parts(struct model *model, const struct change *change, struct model_table *parent,
                     struct model_table *child, struct error *err)
{
    return parent->origin ? add_missing(model, change, parent, child, err)
                          : add_missing_of_new(model, change, parent, child, err);
}
