/* Rows changed in bulk, and code that is not looked into. */
#include <string.h>

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

static enum lint_level definer(struct lint_view *view)
{
    if (view->action->act != LINT_CREATE_FUNCTION || !lint_has(view, LINT_ALL) || lint_has(view, LINT_LOCAL))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s runs with its owner's rights on the caller's search_path",
                    lint_table(view));
}

bool lint_makes_or_drops(enum lint_act act)
{
    return act == LINT_CREATE_TABLE || act == LINT_CREATE_INDEX || act == LINT_CREATE_SEQUENCE ||
           act == LINT_DROP_TABLE || act == LINT_DROP_INDEX || act == LINT_DROP_COLUMN ||
           act == LINT_ADD_COLUMN;
}

static enum lint_level not_repeatable(struct lint_view *view)
{
    bool if_given = lint_has(view, LINT_IF_EXISTS) || lint_has(view, LINT_IF_NOT_EXISTS);
    if (view->state->told_of_repeating || view->state->in_transaction || if_given ||
        lint_has(view, LINT_IN_CREATE) || lint_has(view, LINT_CONCURRENTLY) ||
        !lint_makes_or_drops(view->action->act))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "run again after a failure further down, it fails");
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
    {{"security-definer", LINT_WARNING, "SECURITY DEFINER without its own search_path",
      "Whoever calls it chooses which tables and functions it finds.", "SET search_path = … in the function.",
      false},
     definer},
    {{"not-repeatable", LINT_NOTE, "A statement that cannot be run again",
      "Outside a transaction a file that fails half-way is applied half, and cannot be run again.",
      "One transaction around the file, or IF [NOT] EXISTS.", true},
     not_repeatable},
    {{0}, NULL},
};
