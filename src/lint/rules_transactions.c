/* Locks over time: transactions and timeouts. */
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "lint/order.h"
#include "lint/rules_internal.h"

/* The strongest lock of the statement on a table that others use, if others wait for it. */
static const struct lint_touch *strong_touch(const struct lint_statement *statement)
{
    const struct lint_touch *found = NULL;
    for (size_t i = 0; i < statement->n_touches; i++) {
        const struct lint_touch *touch = &statement->touches[i];
        if (lint_others_wait(statement, touch) && (!found || touch->mode > found->mode))
            found = touch;
    }
    return found;
}

/* Rules about the statement as a whole speak at its first action only. */
static bool is_first(const struct lint_view *view)
{
    return view->action == view->statement->actions;
}

/* Whether this is the place to speak of a lock_timeout: no lock of the file has been spoken of yet. */
static bool lacks_timeout(const struct lint_view *view)
{
    return is_first(view) && !view->state->timeout_set && !view->state->told_of_timeout;
}

/* The first lock of the file that others wait for, without a lock_timeout; else NULL. */
static const struct lint_touch *first_without_timeout(const struct lint_view *view)
{
    return lacks_timeout(view) ? strong_touch(view->statement) : NULL;
}

bool lint_locks_unnamed(const struct lint_action *a)
{
    switch (a->act) {
    case LINT_DOMAIN_CHECK: return !(a->flags & LINT_NOT_VALID);
    case LINT_DOMAIN_NOT_NULL:
    case LINT_DOMAIN_VALIDATE: return true;
    case LINT_ALTER_COMPOSITE:
    case LINT_DROP_SCHEMA:
    case LINT_DROP_TYPE: return a->flags & LINT_CASCADE;
    case LINT_REINDEX: return !a->name && !a->relation.name && !(a->flags & LINT_CONCURRENTLY);
    case LINT_ALTER_INDEX: return a->scan != LINT_NO;
    case LINT_CREATE_VIEW: return a->flags & LINT_REPLACE;
    default: return false;
    }
}

static enum lint_level no_timeout(struct lint_view *view)
{
    const struct lint_touch *touch = first_without_timeout(view);
    if (view->state->timeout_off)
        return LINT_NOTHING;
    if (!touch && lacks_timeout(view) && lint_locks_unnamed(view->action))
        return lint_say(view, LINT_WARNING,
                        "whatever it locks that is in use is asked for without a lock_timeout");
    if (!touch)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s on %s is asked for without a lock_timeout",
                    lint_mode_name(touch->mode), touch->relation.name);
}

static bool is_setting(const struct lint_view *view, const char *name)
{
    return view->action->act == LINT_SET && same_text(view->action->name, name);
}

/* 0 is right around what waits for others and keeps nobody waiting: it is told of at a lock. */
static enum lint_level timeout_off(struct lint_view *view)
{
    const struct lint_touch *touch = first_without_timeout(view);
    if (touch && view->state->timeout_off)
        return lint_say(view, LINT_WARNING,
                        "%s on %s is asked for with lock_timeout = 0: it queues without an end",
                        lint_mode_name(touch->mode), touch->relation.name);
    if (!is_setting(view, "lock_timeout") || !view->action->what)
        return LINT_NOTHING;
    const char *value = view->action->what;
    bool minutes = strstr(value, "min") || strstr(value, "h") || strstr(value, "d");
    if (strtol(value, NULL, 10) == 0 || !minutes)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING,
                    "lock_timeout = %s lets statements queue for longer than anybody waits", value);
}

static bool is_concurrent(const struct lint_view *view)
{
    enum lint_act act = view->action->act;
    return lint_has(view, LINT_CONCURRENTLY) && act != LINT_REFRESH;
}

static enum lint_level timeout_for_concurrent(struct lint_view *view)
{
    bool builds = view->action->act == LINT_CREATE_INDEX || view->action->act == LINT_REINDEX;
    if (!builds || !is_concurrent(view) || !view->state->timeout_set || view->state->in_transaction)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "a lock_timeout may cancel the build of %s and leave it invalid",
                    view->action->name ? view->action->name : "the index");
}

static enum lint_level concurrently(struct lint_view *view)
{
    bool outside = is_concurrent(view) || view->action->act == LINT_VACUUM ||
                   view->action->act == LINT_VACUUM_FULL ||
                   (view->action->act == LINT_REINDEX && !view->action->name && !view->action->relation.name);
    if (!outside || !view->state->in_transaction)
        return LINT_NOTHING;
    return lint_say(view, LINT_ERROR, "it cannot run inside a transaction");
}

static enum lint_level validate_at_once(struct lint_view *view)
{
    const struct lint_state *state = view->state;
    if (view->action->act != LINT_VALIDATE || !state->in_transaction)
        return LINT_NOTHING;
    for (size_t i = 0; i < state->n_not_valid; i++) {
        if (same_text(state->not_valid[i], view->action->name))
            return lint_say(view, LINT_ERROR, "%s is validated under the lock that ADD CONSTRAINT has taken",
                            view->action->name);
    }
    return LINT_NOTHING;
}

/* Something that takes its time while a strong lock of the same transaction is held. */
static enum lint_level work_under_lock(struct lint_view *view)
{
    const struct lint_state *state = view->state;
    const struct lint_action *a = view->action;
    bool rows = a->act == LINT_UPDATE || a->act == LINT_DELETE || a->act == LINT_COPY_FROM ||
                (a->act == LINT_INSERT && a->n_relations);
    bool reads = a->scan == LINT_YES || a->rewrite == LINT_YES;
    bool validates = a->act == LINT_VALIDATE;
    if (!state->in_transaction || !state->strong || a->fresh || is_concurrent(view) ||
        !(rows || (reads && !validates)))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s stays locked against %s meanwhile", state->strong,
                    state->strong_reads ? "everybody" : "writers");
}

static enum lint_level several_tables(struct lint_view *view)
{
    const struct lint_touch *touch = strong_touch(view->statement);
    const struct lint_state *state = view->state;
    if (!is_first(view) || !state->in_transaction || !state->strong || state->told_of_strong || !touch ||
        !lint_blocks_reads(touch->mode) || !state->strong_reads ||
        same_text(state->strong, touch->relation.name))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s is locked as well, while %s is held", touch->relation.name,
                    state->strong);
}

static enum lint_level lock_order(struct lint_view *view)
{
    const char *held, *locked;
    struct lint_order_other other;
    const struct lint_order *order = view->settings->order;
    if (!order || !is_first(view) || !view->state->in_transaction ||
        !lint_order_differs(order, view->statement, &held, &locked, &other))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s is locked after %s; %s:%d locks them the other way round", locked,
                    held, other.path, other.line);
}

static enum lint_level value_at_once(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_ADD_VALUE || !view->state->in_transaction)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "the new value of %s cannot be used before COMMIT", lint_table(view));
}

static enum lint_level nested(struct lint_view *view)
{
    bool in_transaction = view->state->in_transaction;
    if (view->action->act == LINT_BEGIN && in_transaction)
        return lint_say(view, LINT_WARNING, "a transaction is open already: the COMMIT behind ends both");
    if (view->action->act == LINT_COMMIT && !in_transaction)
        return lint_say(view, LINT_WARNING, "no transaction is open: what stands before it is done already");
    return LINT_NOTHING;
}

const struct lint_rule_entry lint_rules_transactions[] = {
    {{"no-lock-timeout", LINT_WARNING, "A strong lock without lock_timeout",
      "While it waits for one long transaction, every later statement on the table, SELECT too, waits behind it.",
      "SET lock_timeout = '100ms' (or so) before it, and try again when it fails.", true},
     no_timeout},
    {{"lock-timeout-off", LINT_WARNING, "A lock_timeout that stops nothing",
      "0 means for ever; minutes are an outage.",
      "SET lock_timeout to less than the application's patience, and try again.", false},
     timeout_off},
    {{"lock-timeout-for-concurrent-build", LINT_WARNING, "A lock_timeout around CREATE INDEX CONCURRENTLY",
      "The build waits for every older transaction, on whatever table; the timeout then leaves an invalid index.",
      "SET lock_timeout = 0 for this statement alone: it blocks nobody while it waits.", true},
     timeout_for_concurrent},
    {{"concurrently-in-transaction", LINT_ERROR, "CONCURRENTLY or VACUUM inside a transaction",
      "It fails: these statements begin and end transactions of their own.",
      "Put it into a file of its own that runs without a transaction.", true},
     concurrently},
    {{"validate-in-same-transaction", LINT_ERROR, "NOT VALID and VALIDATE in one transaction",
      "ACCESS EXCLUSIVE of the first is held while the second reads every row.", "Two transactions.", true},
     validate_at_once},
    {{"work-under-lock", LINT_WARNING, "Rows read or written while a table is locked",
      "The lock lasts until COMMIT: rows changed behind an ALTER TABLE make its lock last as long as they take.",
      "A transaction of its own for each.", true},
     work_under_lock},
    {{"several-tables-locked", LINT_WARNING, "Several tables under ACCESS EXCLUSIVE in one transaction",
      "Whoever uses them in another order deadlocks, and the first waits as long as the others take.",
      "One table in each transaction, always in the same order.", true},
     several_tables},
    {{"lock-order", LINT_WARNING, "Two files that lock the same tables in another order",
      "When both run at once each waits for what the other holds, until the server ends one of them (deadlock detected).",
      "One table in each transaction, or all files in the same order.", true},
     lock_order},
    {{"enum-value-in-transaction", LINT_WARNING, "A new enum value inside a transaction",
      "Statements behind it in the same transaction that use the value fail.", "A transaction of its own.",
      true},
     value_at_once},
    {{"nested-transaction", LINT_WARNING, "BEGIN inside a transaction, or COMMIT outside",
      "It only warns; the first COMMIT ends all.", "SAVEPOINT, or one transaction.", false},
     nested},
    {{0}, NULL},
};
