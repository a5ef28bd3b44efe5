/* Keys that a change of their columns takes along: the foreign keys that point to them, and the sequences that fill them. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/planner/apply.h"
#include "postgres/planner/shape.h"

bool column_will_be_replaced(const struct model_column *column)
{
    return column->origin && !column->dropped &&
           (column->up.annotation || column->down.annotation || column->type_changed || column->retyped ||
            column->expression_dropped);
}

/* The first column that the foreign key points to and that is replaced, or NULL. */
static const struct model_column *replaced_reference(const struct model_table *parent,
                                                     const struct catalog_constraint *key)
{
    for (size_t i = 0; i < key->n_ref_columns; i++) {
        const struct model_column *column = model_column_number(parent, key->ref_columns[i]);
        if (column && column_will_be_replaced(column))
            return column;
    }
    return NULL;
}

/* Whether the file takes away what the foreign key rests on: a column, or the constraint itself. */
static bool reference_goes(const struct model_table *parent, const struct catalog_constraint *key)
{
    for (size_t i = 0; i < key->n_ref_columns; i++) {
        const struct model_column *column = model_column_number(parent, key->ref_columns[i]);
        if (column && column->dropped)
            return true;
    }
    for (size_t i = 0; i < parent->n_constraints; i++) {
        const struct catalog_constraint *origin = parent->constraints[i].origin;
        if (origin && parent->constraints[i].dropped && (origin->kind == 'p' || origin->kind == 'u'))
            return true;
    }
    return false;
}

static bool follow(struct model *model, struct model_table *child, struct model_constraint *constraint,
                   struct error *err)
{
    struct model_table *parent = model_referenced(model, constraint);
    if (!parent || !parent->change || parent->dropped)
        return true;
    const struct model_column *replaced = replaced_reference(parent, constraint->origin);
    bool goes = (constraint->dropped || child->dropped) && reference_goes(parent, constraint->origin);
    if (!replaced && !goes)
        return true;
    if (replaced && !constraint->dropped && !child->dropped) {
        if (!apply_check_table(model, replaced->change, child->origin, err))
            return false;
        constraint->ref_hidden = true;
    }
    if (!child->change)
        child->change = replaced ? replaced->change : parent->change;
    if (child != parent)
        model_join_tables(model, parent, child);
    return true;
}

/* The server binds a foreign key to the oldest of the keys over its columns, and then lets nobody drop that one. */
static bool rebind(struct model *model, struct model_table *child, struct model_constraint *added,
                   struct error *err)
{
    struct model_table *parent = model_referenced(model, added);
    bool constraint;
    const char *key = parent && parent->origin && !parent->dropped
                          ? apply_leaving_key(parent, added->def, &constraint)
                          : NULL;
    if (!key)
        return true;
    if (constraint && child->origin && child->origin->kind != 'p' && parent->origin->kind != 'p') {
        added->rebound = true;
        if (child != parent)
            model_join_tables(model, parent, child);
        return true;
    }
    refuse(model, added->change->place, err, "foreign key \"%s\" would rest on \"%s\", which the file drops",
           added->name, key);
    return error_hint(err, "add it in a migration of its own, after this one");
}

bool shape_follow_keys(struct model *model, struct error *err)
{
    for (size_t t = 0; t < model->n_tables; t++) {
        struct model_table *child = &model->tables[t];
        for (size_t i = 0; i < child->n_constraints; i++) {
            struct model_constraint *constraint = &child->constraints[i];
            if (constraint->origin && constraint->origin->kind == 'f' && !constraint->origin->inherited &&
                !follow(model, child, constraint, err))
                return false;
            if (!constraint->origin && !constraint->dropped &&
                constraint->def->kind == CONSTRAINT_FOREIGN_KEY && !rebind(model, child, constraint, err))
                return false;
        }
    }
    return true;
}

bool shape_key_followed(const struct model *model, const char *table)
{
    for (size_t i = 0; i < model->n_tables; i++) {
        const char *name = model->tables[i].origin ? pg_format(model->arena, "%Q", model->catalog->schema,
                                                               model->tables[i].origin->name)
                                                   : NULL;
        if (name && strcmp(name, table) == 0)
            return true;
    }
    return false;
}

bool column_numbers_itself(const struct model *model, const struct model_table *table,
                           const struct model_column *column)
{
    return column->origin && column->hidden && !column->dropped && model_old_sequence(model, table, column) &&
           model_new_sequence(model, table, column);
}
