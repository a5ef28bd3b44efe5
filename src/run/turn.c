/*
 * Whose turn it is. Versions of a schema stand upon one another: the second migration's old version is the first one's new
 * version. So they are completed from the oldest on and rolled back from the newest on.
 */

#include <string.h>

#include "run/verb_internal.h"

static bool is_kin(const struct verb *verb, const struct state_migration *other)
{
    return other->id != verb->live->id && strcmp(other->schema, verb->live->schema) == 0;
}

static bool refuse_complete(const struct verb *verb, const struct state_migration *first, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s is older than %s and must be completed first", first->name,
              verb->live->name);
    error_detail(err, "version %s is built upon version %s", verb->live->new_version, first->new_version);
    return error_hint(err, "segue complete %s", first->name);
}

static bool refuse_rollback(const struct verb *verb, const struct state_migration *first, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s is newer than %s and must be rolled back first", first->name,
              verb->live->name);
    error_detail(err, "version %s is built upon version %s", first->new_version, verb->live->new_version);
    return error_hint(err, "segue rollback %s", first->name);
}

/* While a newer one is being made or unmade, the versions that it builds upon must stay. */
static bool refuse_moving(const struct state_migration *moving, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s is %s", moving->name, moving->state);
    return error_hint(err, "segue resume %s or segue rollback %s brings it to an end", moving->name,
                      moving->name);
}

bool verb_refuse_turn(const struct verb *verb, bool older, struct error *err)
{
    for (size_t i = 0; i < verb->n_all; i++) {
        const struct state_migration *other = &verb->all[i];
        bool is_older = other->id < verb->live->id;
        if (!is_kin(verb, other))
            continue;
        if (older && is_older)
            return refuse_complete(verb, other, err);
        if (older && strcmp(other->state, life_row(LIFE_ACTIVE)->word) != 0)
            return refuse_moving(other, err);
    }
    for (size_t i = verb->n_all; !older && i > 0; i--) {
        const struct state_migration *other = &verb->all[i - 1];
        if (is_kin(verb, other) && other->id > verb->live->id)
            return refuse_rollback(verb, other, err);
    }
    return true;
}
