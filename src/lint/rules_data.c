/* Rows changed in bulk, and code that is not looked into. */
#include "base/compare.h"
#include "lint/rules_internal.h"

static enum lint_level all_rows(struct lint_view *view)
{
    bool changes = lint_on_used(view, LINT_UPDATE) || lint_on_used(view, LINT_DELETE);
    if (!changes || !lint_has(view, LINT_NO_WHERE))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "every row of %s is %s in one transaction", lint_table(view),
                    view->action->act == LINT_UPDATE ? "written" : "deleted");
}

static enum lint_level by_position(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_INSERT) || !lint_has(view, LINT_ALL))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "the values go by the order of the columns of %s", lint_table(view));
}

static enum lint_level do_block(struct lint_view *view)
{
    if (view->action->act != LINT_DO)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "what a DO block does is not looked into");
}

static enum lint_level extension(struct lint_view *view)
{
    if (view->action->act != LINT_EXTENSION)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "what the scripts of the extension %s do is not looked into",
                    view->action->name ? view->action->name : "");
}

static enum lint_level definer(struct lint_view *view)
{
    if (view->action->act != LINT_CREATE_FUNCTION || !lint_has(view, LINT_ALL) || lint_has(view, LINT_LOCAL))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s runs with its owner's rights on the caller's search_path",
                    lint_table(view));
}

bool lint_fails_again(const struct lint_action *a)
{
    const unsigned given = LINT_IF_EXISTS | LINT_IF_NOT_EXISTS | LINT_REPLACE | LINT_IN_CREATE;
    switch (a->act) {
    case LINT_CREATE_TABLE:
    case LINT_CREATE_TABLE_AS:
    case LINT_CREATE_SEQUENCE:
    case LINT_CREATE_VIEW:
    case LINT_CREATE_MATERIALIZED_VIEW:
    case LINT_CREATE_FUNCTION:
    case LINT_CREATE_TRIGGER:
    case LINT_CREATE_RULE:
    case LINT_CREATE_POLICY:
    case LINT_CREATE_ENUM:
    case LINT_CREATE_TYPE:
    case LINT_CREATE_DOMAIN:
    case LINT_ADD_VALUE:
    case LINT_ADD_COLUMN:
    case LINT_ADD_IDENTITY:
    case LINT_ADD_PRIMARY_KEY:
    case LINT_RENAME_TABLE:
    case LINT_RENAME_VIEW:
    case LINT_RENAME_OTHER:
    case LINT_SET_SCHEMA:
    case LINT_ATTACH:
    case LINT_DETACH:
    case LINT_INHERIT:
    case LINT_NO_INHERIT:
    case LINT_DROP_COLUMN:
    case LINT_DROP_IDENTITY:
    case LINT_DROP_CONSTRAINT:
    case LINT_DROP_INDEX:
    case LINT_DROP_TABLE:
    case LINT_DROP_VIEW:
    case LINT_DROP_MATERIALIZED_VIEW:
    case LINT_DROP_SCHEMA:
    case LINT_DROP_TYPE:
    case LINT_DROP_FUNCTION:
    case LINT_DROP_SEQUENCE:
    case LINT_DROP_TRIGGER: return !(a->flags & given);
    case LINT_RENAME_COLUMN: return true;
    /* Without a name they get a new one each time. */
    case LINT_CREATE_INDEX:
    case LINT_ADD_CHECK:
    case LINT_ADD_UNIQUE:
    case LINT_ADD_FOREIGN_KEY:
    case LINT_ADD_EXCLUDE: return a->name && !(a->flags & given);
    default: return false;
    }
}

bool lint_is_gone(const struct lint_state *state, const struct lint_action *action)
{
    const char *name = action->name ? action->name : action->relation.name;
    for (size_t i = 0; i < LINT_GONE_KEPT && i < state->n_gone; i++) {
        if (same_text(state->gone[i], name))
            return true;
    }
    return false;
}

static enum lint_level not_repeatable(struct lint_view *view)
{
    const struct lint_state *state = view->state;
    const struct lint_action *a = view->action;
    if (a->act == LINT_CREATE_INDEX && !a->name && lint_has(view, LINT_CONCURRENTLY) && !a->fresh &&
        !state->told_of_repeating && !state->in_transaction)
        return lint_say(view, LINT_NOTE, "run again, it builds the same index once more under another name");
    if (state->told_of_repeating || state->in_transaction || !lint_fails_again(view->action) ||
        lint_is_gone(state, view->action))
        return LINT_NOTHING;
    if (lint_has(view, LINT_CONCURRENTLY) && view->action->act == LINT_CREATE_INDEX)
        return lint_say(view, LINT_NOTE,
                        "run again, also after a failed build, it fails: DROP INDEX CONCURRENTLY IF EXISTS "
                        "before it");
    return lint_say(view, LINT_NOTE, "run again after a failure further down, it fails");
}

static enum lint_level column_twice(struct lint_view *view)
{
    if (!view->action->twice)
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "it fails: \"%s\" is named twice", view->action->twice);
}

const struct lint_rule_entry lint_rules_data[] = {
    {{"all-rows-at-once", LINT_WARNING, "UPDATE or DELETE of every row",
      "All rows stay locked until it ends, and the table may become twice its size.",
      "Batches by primary key, a transaction each; segue walks an UPDATE of a migration in chunks.", true},
     all_rows},
    {{"insert-by-position", LINT_NOTE, "INSERT without a list of columns", "It breaks with the next column.",
      "Name the columns.", false},
     by_position},
    {{"do-block", LINT_NOTE, "A DO block", "Whatever it runs takes its locks without being seen here.",
      "Plain statements.", false},
     do_block},
    {{"extension", LINT_NOTE, "An extension is made or brought up to date",
      "Its scripts run whatever they like, under the locks of this transaction, and what they do depends on the version that "
      "is installed there.",
      "VERSION or TO with the version that was tried, in a transaction of its own.", false},
     extension},
    {{"security-definer", LINT_WARNING, "SECURITY DEFINER without its own search_path",
      "Whoever calls it chooses which tables and functions it finds.", "SET search_path = … in the function.",
      false},
     definer},
    {{"not-repeatable", LINT_NOTE, "A statement that cannot be run again",
      "Outside a transaction a file that fails half-way is applied half, and cannot be run again.",
      "One transaction around the file, or IF [NOT] EXISTS.", true},
     not_repeatable},
    {{"column-twice", LINT_ERROR, "A column that is named twice",
      "The server refuses the statement, after it was parsed without a fault.", "Name it once.", false},
     column_twice},
    {{0}, NULL},
};
