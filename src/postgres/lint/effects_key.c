/* Constraints and indexes. */
#include <string.h>

#include "base/compare.h"
#include "postgres/lint/effects_internal.h"

static bool unchecked(const struct effects *e)
{
    return e->action->flags & (LINT_NOT_VALID | LINT_NOT_ENFORCED);
}

static void add_check(struct effects *e)
{
    if (e->action->flags & LINT_IN_CREATE)
        return;
    if (e->action->act == LINT_ADD_NOT_NULL)
        effects_since(e, 18, "not null as a constraint of the table");
    if (!unchecked(e))
        effects_scans(e, LINT_YES, "it is tried on every row");
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

/* Whether an index of the referring table begins with the key's columns. */
static enum lint_truth is_indexed(const struct effects *e)
{
    const struct lint_action *action = e->action;
    if (!e->relation)
        return LINT_PERHAPS;
    for (size_t i = 0; i < e->relation->n_indexes; i++) {
        const struct known_index *index = &e->relation->indexes[i];
        size_t k = 0;
        while (k < action->n_columns && k < index->n_columns &&
               known_has_column(action->columns, action->n_columns, index->columns[k]))
            k++;
        if (!index->dropped && k == action->n_columns)
            return LINT_YES;
    }
    return LINT_NO;
}

/* Before 18 a foreign key of a partitioned table could not be added without looking at the rows. */
static void add_foreign_key(struct effects *e)
{
    (void)effects_touch(e, e->action->other, LINT_SHARE_ROW_EXCLUSIVE);
    e->action->indexed = is_indexed(e);
    if (e->action->flags & LINT_IN_CREATE)
        return;
    if (!unchecked(e))
        effects_scans(e, LINT_YES, "it is tried on every row");
    else if (e->relation && e->relation->partitioned && e->settings->server_major < 18)
        effects_fails(e, LINT_YES, "before PostgreSQL 18 a partitioned table takes no foreign key NOT VALID");
    effects_tree(e, LINT_SHARE_ROW_EXCLUSIVE);
}

/* Whether every column of the index is known to hold no null. */
static enum lint_truth index_not_null(const struct effects *e, const char *index)
{
    const struct known_relation *self =
        known_relation(e->known, (struct name){.schema = e->action->relation.schema, .name = index});
    for (size_t i = 0; self && self->table && i < self->table->n_indexes; i++) {
        const struct known_index *known = &self->table->indexes[i];
        if (known->self != self)
            continue;
        for (size_t k = 0; k < known->n_columns; k++) {
            const struct known_column *column = known_column(self->table, known->columns[k]);
            if (!column || !column->not_null)
                return LINT_NO;
        }
        return LINT_YES;
    }
    return LINT_PERHAPS;
}

/* The index that the key is to stand upon, where it is known. */
static const struct known_index *index_named(const struct effects *e, const char *name)
{
    for (size_t i = 0; e->relation && i < e->relation->n_indexes; i++) {
        const struct known_index *index = &e->relation->indexes[i];
        if (!index->dropped && index->self && same_text(index->self->name.name, name))
            return index;
    }
    return NULL;
}

/* UNIQUE over parts takes all columns that divide them. */
static bool lacks_partition_key(const struct effects *e)
{
    const char *key = e->relation && e->relation->partitioned ? e->relation->partition_key : NULL;
    return key && !known_has_column(e->action->columns, e->action->n_columns, key);
}

static void add_key(struct effects *e)
{
    if (e->action->flags & LINT_IN_CREATE)
        return;
    if (!(e->action->flags & LINT_USING_INDEX)) {
        effects_scans(e, LINT_YES, "its index is built");
    } else if (e->action->act == LINT_ADD_PRIMARY_KEY) {
        enum lint_truth proved = index_not_null(e, e->action->type);
        if (proved != LINT_YES)
            effects_scans(e, proved == LINT_NO ? LINT_YES : LINT_PERHAPS,
                          "its columns are made NOT NULL, and every row is looked at for that");
    }
    if (e->action->flags & LINT_WITHOUT_OVERLAPS)
        effects_since(e, 18, "without overlaps");
    const struct known_index *index =
        e->action->flags & LINT_USING_INDEX ? index_named(e, e->action->type) : NULL;
    if (index && (index->partial || !index->unique))
        effects_fails(e, LINT_YES, index->partial ? "the index has a condition" : "the index is not unique");
    else if (e->action->act != LINT_ADD_EXCLUDE && !(e->action->flags & LINT_USING_INDEX) &&
             lacks_partition_key(e))
        effects_fails(e, LINT_YES, "it lacks the column by which the table is divided");
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
}

static void validate(struct effects *e)
{
    const struct known_constraint *constraint = known_constraint(e->relation, e->action->name);
    if (!constraint || !constraint->valid)
        effects_scans(e, LINT_YES, "every row is looked at");
    effects_tree(e, LINT_SHARE_UPDATE_EXCLUSIVE);
    if (constraint && constraint->kind == KNOWN_FOREIGN && constraint->refers)
        (void)effects_touch(e, constraint->refers->name, LINT_ROW_SHARE);
}

static void drop_constraint(struct effects *e)
{
    const struct known_constraint *constraint = known_constraint(e->relation, e->action->name);
    effects_tree(e, LINT_ACCESS_EXCLUSIVE);
    if (constraint && constraint->kind == KNOWN_FOREIGN && constraint->refers)
        (void)effects_touch(e, constraint->refers->name, LINT_ACCESS_EXCLUSIVE);
}

static void alter_constraint(struct effects *e)
{
    const struct known_constraint *constraint = known_constraint(e->relation, e->action->name);
    bool enforcement = e->action->flags & (LINT_NOT_ENFORCED | LINT_CHECK);
    effects_own(e, LINT_ACCESS_EXCLUSIVE);
    if (enforcement && constraint && constraint->refers)
        (void)effects_touch(e, constraint->refers->name, LINT_ACCESS_EXCLUSIVE);
}

/* The table of an index, or the index itself where its table is not known. */
static struct lint_touch *touch_of_index(struct effects *e, struct name index, enum lint_mode mode)
{
    const struct known_relation *self = known_relation(e->known, index);
    if (self && self->table)
        return effects_touch(e, self->table->name, mode);
    struct lint_touch *touch = effects_touch(e, index, mode);
    touch->unnamed = true;
    return touch;
}

static void create_index(struct effects *e)
{
    bool concurrently = e->action->flags & LINT_CONCURRENTLY;
    bool fan_out = e->relation && e->relation->partitioned;
    if (!(e->action->flags & LINT_ONLY))
        effects_scans(e, LINT_YES, "every row is read for it");
    if (concurrently && fan_out && !(e->action->flags & LINT_ONLY))
        effects_fails(e, LINT_YES, "a partitioned table takes no index CONCURRENTLY");
    effects_tree(e, concurrently ? LINT_SHARE_UPDATE_EXCLUSIVE : LINT_SHARE);
}

/* The index of a key goes with its constraint alone. */
static bool belongs_to_key(const struct effects *e)
{
    const struct known_relation *self = known_relation(e->known, e->action->relation);
    const struct known_constraint *constraint =
        self && self->table ? known_constraint(self->table, self->name.name) : NULL;
    return constraint && (constraint->kind == KNOWN_PRIMARY || constraint->kind == KNOWN_UNIQUE ||
                          constraint->kind == KNOWN_EXCLUDE);
}

static void drop_index(struct effects *e)
{
    if (belongs_to_key(e))
        effects_fails(e, LINT_YES, "a constraint stands upon it; ALTER TABLE … DROP CONSTRAINT");
    bool concurrently = e->action->flags & LINT_CONCURRENTLY;
    (void)touch_of_index(e, e->action->relation,
                         concurrently ? LINT_SHARE_UPDATE_EXCLUSIVE : LINT_ACCESS_EXCLUSIVE);
}

static void reindex(struct effects *e)
{
    bool concurrently = e->action->flags & LINT_CONCURRENTLY;
    enum lint_mode mode = concurrently ? LINT_SHARE_UPDATE_EXCLUSIVE : LINT_SHARE;
    e->action->scan = LINT_YES;
    e->action->why = "every row is read for the new index";
    if (e->action->name)
        touch_of_index(e, (struct name){.name = e->action->name}, mode)->scan = LINT_YES;
    else
        effects_tree(e, mode);
}

/* The index alone is locked; nothing to speak of but where it moves. */
static void alter_index(struct effects *e)
{
    if (!e->action->what)
        return;
    e->action->scan = LINT_YES;
    e->action->why = "the index is copied";
}

bool effects_of_key(struct effects *e)
{
    switch (e->action->act) {
    case LINT_ADD_NOT_NULL:
    case LINT_ADD_CHECK: add_check(e); break;
    case LINT_ADD_FOREIGN_KEY: add_foreign_key(e); break;
    case LINT_ADD_UNIQUE:
    case LINT_ADD_PRIMARY_KEY:
    case LINT_ADD_EXCLUDE: add_key(e); break;
    case LINT_VALIDATE: validate(e); break;
    case LINT_DROP_CONSTRAINT: drop_constraint(e); break;
    case LINT_ALTER_CONSTRAINT: alter_constraint(e); break;
    case LINT_CREATE_INDEX: create_index(e); break;
    case LINT_DROP_INDEX: drop_index(e); break;
    case LINT_REINDEX: reindex(e); break;
    case LINT_ALTER_INDEX: alter_index(e); break;
    default: return false;
    }
    return true;
}
