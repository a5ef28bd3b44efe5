#include "migration/passing.h"

#include <string.h>

#include "base/compare.h"

/* What is being looked at, and the schema of names that are not qualified. */
struct scope {
    const struct migration *migration;
    const char *schema;
};

static bool same_name(const struct scope *scope, struct name a, struct name b)
{
    return same_text(a.name, b.name) &&
           same_text(a.schema ? a.schema : scope->schema, b.schema ? b.schema : scope->schema);
}

static bool is_annotated(const struct migration *migration, const struct change *change)
{
    for (size_t i = 0; i < migration->n_annotations; i++) {
        const struct annotation *annotation = &migration->annotations[i];
        bool of_statement = annotation->kind == ANNOTATION_PHASE_EXPAND ||
                            annotation->kind == ANNOTATION_PHASE_CONTRACT ||
                            annotation->kind == ANNOTATION_UNDO;
        if (of_statement && &migration->changes[annotation->statement] == change)
            return true;
    }
    return false;
}

static bool makes_one(const struct change *change)
{
    const struct statement_def *def = change->statement;
    if (def->verb != VERB_CREATE || def->if_not || def->n_subjects != 1)
        return false;
    return def->object == OBJECT_VIEW || def->object == OBJECT_MATERIALIZED_VIEW ||
           def->object == OBJECT_TRIGGER || def->object == OBJECT_POLICY || def->object == OBJECT_STATISTICS;
}

/* Whether a statement is about the object and nothing else. */
static bool is_about(const struct scope *scope, const struct change *change, const struct change *made)
{
    const struct statement_def *def = change->statement;
    bool of_table = def->object == OBJECT_TRIGGER || def->object == OBJECT_POLICY;
    return def->object == made->statement->object && def->n_subjects == 1 &&
           same_name(scope, def->subjects[0].name, made->statement->subjects[0].name) &&
           (!of_table || same_name(scope, change->table, made->table));
}

static bool is_grant_on(const struct scope *scope, const struct statement_def *def, struct name name)
{
    return def->object == OBJECT_PRIVILEGE && def->n_mentions == 1 &&
           same_name(scope, def->mentions[0].name, name);
}

/* Whether a statement between may use the object: one that names it, or that names nobody knows what. */
static bool may_use(const struct change *change, const struct change *made)
{
    const struct statement_def *def = change->statement;
    if (change->kind == CHANGE_DATA_FIX)
        return true;
    if (change->kind != CHANGE_STATEMENT || !def || change->passing)
        return false;
    for (size_t i = 0; i < def->n_mentions; i++) {
        if (same_text(def->mentions[i].name.name, made->statement->subjects[0].name.name))
            return true;
    }
    return def->object == OBJECT_ROWS || def->place == STATEMENT_UNPLACED;
}

/* The statement that drops what `made` makes, or NULL where it stays or something else may use it. */
static struct change *find_drop(const struct scope *scope, const struct change *made)
{
    const struct migration *migration = scope->migration;
    struct change *end = migration->changes + migration->n_changes;
    for (struct change *change = migration->changes + (made - migration->changes) + 1; change < end;
         change++) {
        const struct statement_def *def = change->kind == CHANGE_STATEMENT ? change->statement : NULL;
        if (is_annotated(migration, change))
            return NULL;
        if (def && is_about(scope, change, made)) {
            if (strncmp(def->what, "DROP", 4) == 0)
                return change;
            /* It may have another name from here on. */
            if (def->verb == VERB_CREATE || def->verb == VERB_REPLACE || def->verb == VERB_ALTER)
                return NULL;
        } else if (!(def && is_grant_on(scope, def, made->statement->subjects[0].name)) &&
                   may_use(change, made)) {
            return NULL;
        }
    }
    return NULL;
}

/* Whether what a statement says of a column is gone in the end: with the column, or by a change of its type. Names change on the way. */
static bool is_taken_back(const struct scope *scope, const struct change *said)
{
    struct name table = said->table;
    const char *column = said->column;
    const struct change *end = scope->migration->changes + scope->migration->n_changes;
    for (const struct change *change = said + 1; change < end; change++) {
        if (!same_name(scope, change->table, table))
            continue;
        if (change->kind == CHANGE_RENAME_TABLE)
            table.name = change->new_name;
        else if (change->kind == CHANGE_RENAME_COLUMN && same_text(change->column, column))
            column = change->new_name;
        else if (change->kind == CHANGE_DROP_COLUMN && same_text(change->column, column))
            return true;
        else if (change->kind == CHANGE_COLUMN_TYPE && same_text(change->column, column) &&
                 said->statement->until_type)
            return true;
    }
    return false;
}

/* The one table, view or index that a statement says something of, and makes or drops nothing else by it; no name: none. */
static struct name said_of(const struct change *change)
{
    const struct statement_def *def = change->statement;
    bool view = def->object == OBJECT_VIEW || def->object == OBJECT_MATERIALIZED_VIEW;
    if (def->verb == VERB_DROP || def->object == OBJECT_ROWS || def->place == STATEMENT_UNPLACED)
        return (struct name){0};
    if (change->table.name)
        return change->table;
    if (view && (def->verb == VERB_ALTER || def->verb == VERB_OTHER) && def->n_subjects == 1)
        return def->subjects[0].name;
    if (def->object == OBJECT_OTHER && def->verb == VERB_ALTER && def->n_mentions == 1)
        return def->mentions[0].name;
    return (struct name){0};
}

static bool drops_view(const struct scope *scope, const struct change *change, struct name name)
{
    const struct statement_def *def = change->kind == CHANGE_STATEMENT ? change->statement : NULL;
    if (!def || def->verb != VERB_DROP ||
        (def->object != OBJECT_VIEW && def->object != OBJECT_MATERIALIZED_VIEW))
        return false;
    for (size_t i = 0; i < def->n_subjects; i++) {
        if (same_name(scope, def->subjects[i].name, name))
            return true;
    }
    return false;
}

/* Whether the table, view or index is dropped below, under the name that it has then. */
static bool is_dropped_below(const struct scope *scope, const struct change *said, struct name name)
{
    const struct change *end = scope->migration->changes + scope->migration->n_changes;
    for (const struct change *change = said + 1; name.name && change < end; change++) {
        bool same = same_name(scope, change->table, name);
        bool renames = change->kind == CHANGE_RENAME_TABLE || change->kind == CHANGE_RENAME_INDEX;
        if (renames && same)
            name.name = change->new_name;
        else if (drops_view(scope, change, name))
            return true;
        else if (same && (change->kind == CHANGE_DROP_TABLE || change->kind == CHANGE_DROP_INDEX))
            return true;
    }
    return false;
}

/* Whether all that a statement is about is dropped below it. */
static bool goes_with_its_object(const struct scope *scope, const struct change *said)
{
    const struct statement_def *def = said->statement;
    if (def->object != OBJECT_PRIVILEGE)
        return is_dropped_below(scope, said, said_of(said));
    for (size_t i = 0; i < def->n_mentions; i++) {
        if (!is_dropped_below(scope, said, def->mentions[i].name))
            return false;
    }
    return def->n_mentions > 0;
}

void migration_mark_passing(const struct migration *migration, const char *schema)
{
    const struct scope here = {migration, schema}, *scope = &here;
    /* From the end, because a view may rest on one that is made above it and dropped below. */
    for (size_t i = migration->n_changes; i > 0; i--) {
        struct change *made = &migration->changes[i - 1];
        if (made->kind != CHANGE_STATEMENT || is_annotated(migration, made))
            continue;
        if (made->statement->column_head && is_taken_back(scope, made))
            made->passing = true;
        if (goes_with_its_object(scope, made))
            made->passing = true;
        if (!makes_one(made))
            continue;
        struct change *drop = find_drop(scope, made);
        for (struct change *change = made; drop && change <= drop; change++) {
            const struct statement_def *def = change->kind == CHANGE_STATEMENT ? change->statement : NULL;
            if (def &&
                (is_about(scope, change, made) || is_grant_on(scope, def, made->statement->subjects[0].name)))
                change->passing = true;
        }
    }
}
