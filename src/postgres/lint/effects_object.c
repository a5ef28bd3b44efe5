/* Types, domains, sequences and functions: what they do to tables that use them. */
#include <string.h>

#include "base/compare.h"
#include "postgres/lint/effects_internal.h"

/* Every table with a column of the type. */
static void users(struct effects *e, const char *type, enum lint_mode mode)
{
    const struct known_type *known = known_type(e->known, type);
    for (size_t i = 0; known && i < known->n_users; i++) {
        const struct known_relation *user = known->users[i];
        struct lint_touch *touch = effects_touch(e, user->name, mode);
        touch->scan = e->action->scan > touch->scan ? e->action->scan : touch->scan;
    }
}

static void domain(struct effects *e)
{
    const char *type = e->action->relation.name;
    if (e->action->act == LINT_DOMAIN_OTHER || (e->action->flags & LINT_NOT_VALID))
        return;
    /* A domain that this file makes, or that no table is known to have, in a dump that is whole. */
    const struct known_type *known = known_type(e->known, type);
    effects_scans(e, known ? (known->n_users ? LINT_YES : LINT_NO) : LINT_PERHAPS,
                  "every row of every table with a column of the domain is looked at");
    users(e, type, LINT_SHARE);
}

static void composite(struct effects *e)
{
    if (e->action->flags & LINT_CASCADE)
        users(e, e->action->relation.name, LINT_ACCESS_EXCLUSIVE);
}

static void drop_type(struct effects *e)
{
    if (e->action->flags & LINT_CASCADE)
        users(e, e->action->relation.name, LINT_ACCESS_EXCLUSIVE);
}

/* Triggers go with their function. */
static void drop_function(struct effects *e)
{
    size_t n;
    struct known_relation *const *all = known_relations(e->known, &n);
    for (size_t i = 0; (e->action->flags & LINT_CASCADE) && i < n; i++) {
        if (!all[i]->dropped &&
            name_is_among(all[i]->trigger_functions, all[i]->n_trigger_functions, e->action->relation.name))
            (void)effects_touch(e, all[i]->name, LINT_ACCESS_EXCLUSIVE);
    }
}

static bool uses_sequence(const struct known_relation *relation, const char *sequence)
{
    for (size_t i = 0; i < relation->n_columns; i++) {
        const struct known_column *column = &relation->columns[i];
        if (!column->dropped && column->sequence && strcmp(column->sequence, sequence) == 0)
            return true;
    }
    return false;
}

static void drop_sequence(struct effects *e)
{
    size_t n;
    struct known_relation *const *all = known_relations(e->known, &n);
    effects_own(e, LINT_ACCESS_EXCLUSIVE);
    for (size_t i = 0; (e->action->flags & LINT_CASCADE) && i < n; i++) {
        if (!all[i]->dropped && uses_sequence(all[i], e->action->relation.name))
            (void)effects_touch(e, all[i]->name, LINT_ACCESS_EXCLUSIVE);
    }
}

static void rename_other(struct effects *e)
{
    const char *what = e->action->what;
    if (!what)
        return;
    if (strcmp(what, "constraint") == 0 || strcmp(what, "sequence") == 0 || strcmp(what, "trigger") == 0)
        effects_own(e, LINT_ACCESS_EXCLUSIVE);
    else if (strcmp(what, "attribute") == 0)
        users(e, e->action->relation.name, LINT_ACCESS_EXCLUSIVE);
}

static void select(struct effects *e)
{
    if (e->action->name)
        (void)effects_touch(e, (struct name){.name = e->action->name}, LINT_ROW_EXCLUSIVE);
    for (size_t i = 0; i < e->action->n_relations; i++)
        (void)effects_touch(e, e->action->relations[i], e->action->mode);
}

bool effects_of_object(struct effects *e)
{
    switch (e->action->act) {
    case LINT_DOMAIN_CHECK:
    case LINT_DOMAIN_NOT_NULL:
    case LINT_DOMAIN_VALIDATE:
    case LINT_DOMAIN_OTHER: domain(e); break;
    case LINT_ALTER_COMPOSITE: composite(e); break;
    case LINT_DROP_TYPE: drop_type(e); break;
    case LINT_DROP_FUNCTION: drop_function(e); break;
    case LINT_DROP_SEQUENCE: drop_sequence(e); break;
    case LINT_ALTER_SEQUENCE:
        effects_own(e, e->action->what && strcmp(e->action->what, "strong") == 0 ? LINT_ACCESS_EXCLUSIVE
                                                                                 : LINT_SHARE_ROW_EXCLUSIVE);
        break;
    case LINT_RENAME_OTHER: rename_other(e); break;
    case LINT_SELECT: select(e); break;
    default: return false;
    }
    return true;
}
