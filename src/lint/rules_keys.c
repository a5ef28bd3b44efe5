/* Constraints and indexes. */
#include <string.h>

#include "base/compare.h"
#include "lint/rules_internal.h"

static enum lint_level reads_all(struct lint_view *view, enum lint_act act, const char *what)
{
    if (!lint_on_used(view, act) || view->action->scan == LINT_NO)
        return LINT_NOTHING;
    return lint_say(view, lint_by_truth(view->action->scan), "%s on %s%s", what, lint_table(view),
                    lint_why(view));
}

static enum lint_level add_check(struct lint_view *view)
{
    enum lint_level level = reads_all(view, LINT_ADD_CHECK, "the CHECK");
    return level ? level : reads_all(view, LINT_ADD_NOT_NULL, "the NOT NULL constraint");
}

static enum lint_level add_foreign_key(struct lint_view *view)
{
    if (lint_on_used(view, LINT_ADD_FOREIGN_KEY) && view->action->fails == LINT_YES)
        return lint_say(view, LINT_ERROR, "it fails%s", lint_why(view));
    return reads_all(view, LINT_ADD_FOREIGN_KEY, "the foreign key");
}

static enum lint_level add_unique(struct lint_view *view)
{
    if (lint_on_used(view, LINT_ADD_UNIQUE) && view->action->fails == LINT_YES)
        return lint_say(view, LINT_ERROR, "it fails%s", lint_why(view));
    return reads_all(view, LINT_ADD_UNIQUE, "the UNIQUE constraint");
}

static enum lint_level add_primary_key(struct lint_view *view)
{
    if (lint_on_used(view, LINT_ADD_PRIMARY_KEY) && view->action->fails == LINT_YES)
        return lint_say(view, LINT_ERROR, "it fails%s", lint_why(view));
    return reads_all(view, LINT_ADD_PRIMARY_KEY, "the primary key");
}

static enum lint_level add_exclude(struct lint_view *view)
{
    return reads_all(view, LINT_ADD_EXCLUDE, "the exclusion constraint");
}

static enum lint_level create_index(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_CREATE_INDEX) || view->action->scan == LINT_NO || view->action->of_view)
        return LINT_NOTHING;
    if (lint_has(view, LINT_CONCURRENTLY))
        return view->action->fails == LINT_YES ? lint_say(view, LINT_ERROR, "it fails%s", lint_why(view))
                                               : LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "writes to %s wait until the index %s%sis built", lint_table(view),
                    view->action->name ? view->action->name : "", view->action->name ? " " : "");
}

static enum lint_level drop_index(struct lint_view *view)
{
    if (view->action->act != LINT_DROP_INDEX || view->action->fresh)
        return LINT_NOTHING;
    if (view->action->fails == LINT_YES)
        return lint_say(view, LINT_WARNING, "it fails%s", lint_why(view));
    if (lint_has(view, LINT_CONCURRENTLY))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "dropping %s takes ACCESS EXCLUSIVE on its table", lint_table(view));
}

static enum lint_level reindex(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!lint_on_used(view, LINT_REINDEX) || lint_has(view, LINT_CONCURRENTLY))
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "writes to %s wait, and every query that could use the index",
                    a->name ? "the table" : lint_table(view));
}

static enum lint_level index_moves(struct lint_view *view)
{
    if (view->action->act != LINT_ALTER_INDEX || view->action->scan == LINT_NO)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "the index %s is copied; queries that could use it wait",
                    view->action->name ? view->action->name : "");
}

static enum lint_level if_not_exists(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_CREATE_INDEX) || !lint_has(view, LINT_CONCURRENTLY) ||
        !lint_has(view, LINT_IF_NOT_EXISTS))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "an invalid %s that a failed build has left counts as there",
                    view->action->name ? view->action->name : "index");
}

static enum lint_level without_index(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_ADD_FOREIGN_KEY || a->indexed != LINT_NO || lint_has(view, LINT_IN_CREATE))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "each DELETE in %s, and each UPDATE of its key, reads all of %s",
                    a->other.name, lint_table(view));
}

static enum lint_level on_delete_cascade(struct lint_view *view)
{
    if (!lint_has(view, LINT_ON_DELETE_CASCADE))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "one DELETE in %s may delete any number of rows of %s",
                    view->action->other.name, lint_table(view));
}

static enum lint_level referred_table(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    bool reference =
        a->act == LINT_ADD_FOREIGN_KEY || (a->act == LINT_ADD_COLUMN && lint_has(view, LINT_REFERENCES));
    if (!reference || !lint_has(view, LINT_IN_CREATE) || !a->other.name)
        return LINT_NOTHING;
    for (size_t i = 0; i < view->statement->n_touches; i++) {
        const struct lint_touch *touch = &view->statement->touches[i];
        if (same_text(touch->relation.name, a->other.name) && touch->fresh)
            return LINT_NOTHING;
    }
    if (same_text(a->other.name, a->relation.name))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "writes to %s wait until the transaction ends", a->other.name);
}

static enum lint_level not_enforced(struct lint_view *view)
{
    if (!lint_has(view, LINT_NOT_ENFORCED))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "the constraint is not enforced: rows may break it");
}

const struct lint_rule_entry lint_rules_keys[] = {
    {{"add-check", LINT_ERROR, "A CHECK without NOT VALID",
      "Every row is read; nobody reads or writes the table meanwhile.",
      "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in another transaction.", true},
     add_check},
    {{"add-foreign-key", LINT_ERROR, "A foreign key without NOT VALID",
      "Every row is looked up; nobody writes either table meanwhile.",
      "ADD FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in another transaction.", true},
     add_foreign_key},
    {{"add-unique", LINT_ERROR, "A UNIQUE constraint that builds its index",
      "The index is built while nobody reads or writes the table.",
      "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.", true},
     add_unique},
    {{"add-primary-key", LINT_ERROR, "A primary key that builds its index or looks for nulls",
      "The index is built, or every row read for nulls, while nobody reads or writes the table.",
      "Make the columns NOT NULL by a validated CHECK, CREATE UNIQUE INDEX CONCURRENTLY, then PRIMARY KEY USING INDEX.",
      true},
     add_primary_key},
    {{"add-exclude", LINT_ERROR, "An exclusion constraint",
      "Its index is built while nobody reads or writes the table; "
      "there is no NOT VALID for it.",
      "Build a new table with the constraint, fill it, and let it take the old one's "
      "place.",
      true},
     add_exclude},
    {{"create-index", LINT_ERROR, "An index that is not built CONCURRENTLY",
      "Nobody writes the table until the index is built.",
      "CREATE INDEX CONCURRENTLY, outside a transaction. On a partitioned table: CREATE INDEX … ON ONLY, then "
      "CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION.",
      true},
     create_index},
    {{"drop-index", LINT_WARNING, "An index that is not dropped CONCURRENTLY",
      "Everybody waits for the lock, and behind whoever holds the table when it is asked for.",
      "DROP INDEX CONCURRENTLY, outside a transaction.", true},
     drop_index},
    {{"reindex", LINT_ERROR, "REINDEX without CONCURRENTLY",
      "Nobody writes the table; plain SELECTs wait as well, since planning locks every index.",
      "REINDEX … CONCURRENTLY, outside a transaction.", false},
     reindex},
    {{"index-tablespace", LINT_WARNING, "An index that moves to another tablespace",
      "It is copied while no query that could use it runs.",
      "Build another one there CONCURRENTLY, and drop this one CONCURRENTLY.", false},
     index_moves},
    {{"concurrently-if-not-exists", LINT_WARNING, "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
      "A build that was cancelled leaves an invalid index, and the next try reports success without building one.",
      "DROP INDEX CONCURRENTLY IF EXISTS before it, and look at pg_index.indisvalid behind it.", true},
     if_not_exists},
    {{"foreign-key-without-index", LINT_WARNING, "A foreign key whose columns have no index",
      "Deletes in the other table, and changes of its key, read this table from end to end.",
      "CREATE INDEX CONCURRENTLY on the columns first.", false},
     without_index},
    {{"foreign-key-locks-both", LINT_WARNING, "A new table with a foreign key to one that is used",
      "SHARE ROW EXCLUSIVE on the other table: its writers wait until the transaction ends.",
      "Create the table without the foreign key, and add it NOT VALID under a short lock_timeout.", true},
     referred_table},
    {{"on-delete-cascade", LINT_NOTE, "ON DELETE CASCADE",
      "A single DELETE may lock and delete very many rows.", "RESTRICT, and a job that deletes in batches.",
      false},
     on_delete_cascade},
    {{"not-enforced", LINT_NOTE, "A constraint that is not enforced", "Nothing keeps rows from breaking it.",
      "Add it NOT VALID, and validate it.", false},
     not_enforced},
    {{0}, NULL},
};
