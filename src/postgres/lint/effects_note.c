/* What is there already and makes an action questionable, though it takes no lock: for rules of src/lint. */
#include <string.h>

#include "base/compare.h"
#include "postgres/lint/effects_internal.h"
#include "postgres/lint/volatility.h"

/* now() and the like: true for a row today, and not when a dump of it is restored. */
static void note_check(struct effects *e)
{
    e->action->subject = volatility_changing(e->arena, e->known, e->statement->text, e->action->expr);
}

/* Whether the index begins with the columns, in their order, and holds every row. */
static bool covers(const struct known_index *index, const struct lint_action *action)
{
    if (index->dropped || index->partial || !index->self || index->n_columns < action->n_columns)
        return false;
    for (size_t i = 0; i < action->n_columns; i++) {
        if (!action->columns[i] || !same_text(index->columns[i], action->columns[i]))
            return false;
    }
    return action->n_columns > 0;
}

/* A plain tree that says nothing of order, classes or further columns. */
static void note_index(struct effects *e)
{
    struct lint_action *action = e->action;
    bool plain = !action->expr.end && (!action->type || strcmp(action->type, "btree") == 0) &&
                 !(action->flags & LINT_UNIQUE);
    for (size_t i = 0; plain && e->relation && i < e->relation->n_indexes; i++) {
        const struct known_index *index = &e->relation->indexes[i];
        if (covers(index, action) && !same_text(index->self->name.name, action->name))
            action->subject = index->self->name.name;
    }
}

static void note_function(struct effects *e)
{
    size_t n;
    struct known_relation *const *all = known_relations(e->known, &n);
    for (size_t i = 0; (e->action->flags & LINT_REPLACE) && i < n; i++) {
        for (size_t k = 0; !all[i]->dropped && k < all[i]->n_trigger_functions; k++) {
            if (same_text(all[i]->trigger_functions[k], e->action->relation.name))
                e->action->subject = all[i]->name.name;
        }
    }
}

static void note_insert(struct effects *e)
{
    for (size_t i = 0; i < e->action->n_columns; i++) {
        const struct known_column *column = known_column(e->relation, e->action->columns[i]);
        if (column && column->sequence && column->owned)
            e->action->subject = column->name;
    }
}

/* What the file itself has added nobody writes yet. */
static void note_default(struct effects *e)
{
    const struct known_column *column = known_column(e->relation, e->action->column);
    if (!column || !column->file || column->file != known_file_now(e->known))
        e->action->subject = e->action->column;
}

static bool has_key(const struct known_relation *relation, const char *except)
{
    for (size_t i = 0; i < relation->n_constraints; i++) {
        const struct known_constraint *constraint = &relation->constraints[i];
        if (constraint->kind == KNOWN_PRIMARY && !constraint->dropped && !same_text(constraint->name, except))
            return true;
    }
    return relation->identified;
}

static bool is_primary(const struct known_relation *relation, const char *name)
{
    const struct known_constraint *constraint = known_constraint(relation, name);
    return constraint && constraint->kind == KNOWN_PRIMARY;
}

void effects_note(struct effects *e)
{
    struct lint_action *action = e->action;
    const struct known_relation *table = e->relation;
    action->published = table && table->kind == KNOWN_TABLE && !table->temporary && !table->unlogged &&
                        (table->published || known_publishes_all(e->known));
    switch (action->act) {
    case LINT_ADD_CHECK: note_check(e); break;
    case LINT_CREATE_INDEX: note_index(e); break;
    case LINT_CREATE_FUNCTION: note_function(e); break;
    case LINT_INSERT: note_insert(e); break;
    case LINT_SET_DEFAULT: note_default(e); break;
    case LINT_CREATE_TABLE:
        if (table && (action->flags & LINT_IF_NOT_EXISTS))
            action->subject = table->name.name;
        break;
    case LINT_PUBLICATION:
        if (table && !action->what && !has_key(table, NULL))
            action->subject = table->name.name;
        break;
    case LINT_DROP_CONSTRAINT:
        if (action->published && is_primary(table, action->name) && !has_key(table, action->name))
            action->subject = table->name.name;
        break;
    default: break;
    }
}
