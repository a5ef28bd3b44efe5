/* What is there already and is not what the file seems to think: indexes, tables, triggers, subscribers. */
#include <string.h>

#include "lint/rules_internal.h"

static enum lint_level check_changes(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_ADD_CHECK || !a->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "the CHECK calls %s, whose answer for the same row changes",
                    a->subject);
}

static enum lint_level redundant_index(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!lint_on_used(view, LINT_CREATE_INDEX) || !a->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "the index %s begins with the same columns", a->subject);
}

static enum lint_level already_there(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_CREATE_TABLE || !a->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "%s is there already: nothing is made, whatever columns it has",
                    a->subject);
}

static enum lint_level explicit_key(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_INSERT || a->fresh || !a->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "\"%s\" of %s numbers itself: its sequence does not move along",
                    a->subject, lint_table(view));
}

static enum lint_level replace_function(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_CREATE_FUNCTION || !a->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE,
                    "the trigger of %s calls %s: the next row of any version runs the new body", a->subject,
                    lint_table(view));
}

static enum lint_level published_without_key(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    bool publishes = a->act == LINT_PUBLICATION;
    if ((!publishes && a->act != LINT_DROP_CONSTRAINT) || a->fresh || !a->subject)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s is published %s: UPDATE and DELETE in it fail", a->subject,
                    publishes ? "and has no key" : "and has no other key");
}

static bool changes_shape(enum lint_act act)
{
    switch (act) {
    case LINT_ADD_COLUMN:
    case LINT_DROP_COLUMN:
    case LINT_RENAME_COLUMN:
    case LINT_RENAME_TABLE:
    case LINT_SET_SCHEMA:
    case LINT_ALTER_TYPE: return true;
    default: return false;
    }
}

static enum lint_level published_table(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!a->published || !lint_on_used(view, a->act) || !changes_shape(a->act))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "%s is published: its subscribers do not get this change",
                    lint_table(view));
}

const struct lint_rule_entry lint_rules_there[] = {
    {{"check-not-immutable", LINT_WARNING, "A CHECK whose answer changes",
      "Rows that pass today fail when they are updated, or when a dump is restored: a CHECK is taken to be true of a row for "
      "good.",
      "A trigger, or a column that keeps the moment.", false},
     check_changes},
    {{"redundant-index", LINT_NOTE, "An index that another one begins with",
      "Every write keeps both, and queries find what they need in either.", "Leave it out.", false},
     redundant_index},
    {{"already-there", LINT_NOTE, "CREATE TABLE IF NOT EXISTS of a table that is there",
      "It does nothing, also where the table has other columns than are written here.",
      "Without IF NOT EXISTS, or ALTER TABLE for what is to change.", false},
     already_there},
    {{"explicit-key", LINT_NOTE, "A value for a column that numbers itself",
      "The sequence comes to that number later, and then an INSERT of the application fails.",
      "Leave the column out, or setval() behind it.", false},
     explicit_key},
    {{"replace-trigger-function", LINT_NOTE, "Another body for a trigger's function",
      "No lock is taken: rows that are written from then on, by every version, run the new body.",
      "A function of another name, and CREATE OR REPLACE TRIGGER that calls it.", false},
     replace_function},
    {{"published-without-key", LINT_WARNING, "A published table without a key",
      "UPDATE and DELETE fail: subscribers could not tell which row is meant.",
      "REPLICA IDENTITY USING INDEX (or FULL) first.", false},
     published_without_key},
    {{"published-table", LINT_NOTE, "Another shape of a published table",
      "DDL is not replicated: a subscriber whose table lacks the column stops applying changes.",
      "What is added first at subscribers, what is dropped first at the publisher.", false},
     published_table},
    {{0}, NULL},
};
