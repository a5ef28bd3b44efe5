/* Whole tables: written anew, divided, and what hangs on them. */
#include <stdio.h>
#include <string.h>

#include "base/compare.h"
#include "lint/rules_internal.h"

static enum lint_level rewrite_table(struct lint_view *view)
{
    static const struct {
        enum lint_act act;
        const char *words;
    } kinds[] = {
        {LINT_CLUSTER, "CLUSTER"},
        {LINT_VACUUM_FULL, "VACUUM FULL"},
        {LINT_SET_LOGGED, "SET LOGGED"},
        {LINT_SET_UNLOGGED, "SET UNLOGGED"},
        {LINT_SET_TABLESPACE, "SET TABLESPACE"},
        {LINT_SET_ACCESS_METHOD, "SET ACCESS METHOD"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(kinds); i++) {
        if (lint_on_used(view, kinds[i].act) && view->action->rewrite != LINT_NO)
            return lint_say(view, lint_by_truth(view->action->rewrite), "%s writes all of %s anew",
                            kinds[i].words, lint_table(view));
    }
    return LINT_NOTHING;
}

static enum lint_level refresh(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_REFRESH) || lint_has(view, LINT_CONCURRENTLY))
        return LINT_NOTHING;
    if (lint_has(view, LINT_NO_DATA))
        return lint_say(view, LINT_WARNING, "whoever reads %s fails until it is filled again",
                        lint_table(view));
    return lint_say(view, LINT_ERROR, "nobody reads %s while its query runs", lint_table(view));
}

/* Whether a table that others use, another than the action's own, is read under a strong lock. */
static const char *read_under_lock(const struct lint_view *view, const char *except)
{
    for (size_t i = 0; i < view->statement->n_touches; i++) {
        const struct lint_touch *touch = &view->statement->touches[i];
        if (touch->scan == LINT_YES && !touch->fresh && lint_blocks_reads(touch->mode) &&
            !same_text(touch->relation.name, except))
            return touch->relation.name;
    }
    return NULL;
}

static bool is_fresh(const struct lint_view *view, const struct name *relation)
{
    for (size_t i = 0; i < view->statement->n_touches; i++) {
        const struct lint_touch *touch = &view->statement->touches[i];
        if (same_text(touch->relation.name, relation->name) && touch->fresh)
            return true;
    }
    return false;
}

static enum lint_level attach(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_ATTACH) || view->action->scan == LINT_NO)
        return LINT_NOTHING;
    const char *rest = read_under_lock(view, view->action->other.name);
    if (rest)
        return lint_say(view, LINT_ERROR, "every row of %s is read while nobody can use it", rest);
    if (is_fresh(view, &view->action->other))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "every row of %s is read while nobody can use it",
                    view->action->other.name);
}

static enum lint_level create_partition(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (a->act != LINT_CREATE_TABLE || !same_text(a->what, "partition"))
        return LINT_NOTHING;
    if (is_fresh(view, &a->other))
        return LINT_NOTHING;
    const char *rest = read_under_lock(view, NULL);
    if (rest)
        return lint_say(view, LINT_ERROR, "every row of %s is read while nobody can use %s", rest,
                        a->other.name);
    return lint_say(view, LINT_WARNING, "it takes ACCESS EXCLUSIVE on %s", a->other.name);
}

static enum lint_level detach(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DETACH))
        return LINT_NOTHING;
    if (view->action->fails == LINT_YES)
        return lint_say(view, LINT_ERROR, "it fails%s", lint_why(view));
    if (lint_has(view, LINT_CONCURRENTLY))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "it takes ACCESS EXCLUSIVE on %s", lint_table(view));
}

static enum lint_level domain(struct lint_view *view)
{
    enum lint_act act = view->action->act;
    bool scans = act == LINT_DOMAIN_CHECK || act == LINT_DOMAIN_NOT_NULL || act == LINT_DOMAIN_VALIDATE;
    if (!scans || view->action->scan == LINT_NO)
        return LINT_NOTHING;
    return lint_say(view, lint_by_truth(view->action->scan), "the constraint of domain %s%s",
                    lint_table(view), lint_why(view));
}

static enum lint_level create_trigger(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_CREATE_TRIGGER))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "writes to %s wait for the lock, and then all run the trigger",
                    lint_table(view));
}

static enum lint_level disable_trigger(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_DISABLE_TRIGGER))
        return LINT_NOTHING;
    bool all = view->action->name && strcmp(view->action->name, "all") == 0;
    return lint_say(view, LINT_WARNING, "%s of %s for every session%s",
                    all ? "all triggers are off" : "the trigger is off", lint_table(view),
                    all ? ", foreign keys among them" : "");
}

static enum lint_level row_security(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_ROW_SECURITY))
        return LINT_NOTHING;
    for (size_t i = 0; i < view->state->n_policies; i++) {
        if (strcmp(view->state->policies[i], lint_table(view)) == 0)
            return LINT_NOTHING;
    }
    return lint_say(view, LINT_WARNING, "until %s has a policy, all but its owner see no row",
                    lint_table(view));
}

static enum lint_level create_rule(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_CREATE_RULE))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "it takes ACCESS EXCLUSIVE on %s and rewrites every statement on it",
                    lint_table(view));
}

static enum lint_level replica_identity(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_REPLICA_IDENTITY) || !view->action->name)
        return LINT_NOTHING;
    if (strcmp(view->action->name, "full") == 0)
        return lint_say(view, LINT_WARNING, "every UPDATE and DELETE in %s logs the whole old row",
                        lint_table(view));
    if (strcmp(view->action->name, "nothing") == 0)
        return lint_say(view, LINT_WARNING, "UPDATE and DELETE in %s fail where it is published",
                        lint_table(view));
    return LINT_NOTHING;
}

static enum lint_level lock_table(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_LOCK) || !lint_blocks_writes(view->action->mode))
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "%s in %s until the transaction ends", lint_table(view),
                    lint_mode_name(view->action->mode));
}

static enum lint_level autovacuum(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (!lint_on_used(view, LINT_TABLE_SETTING) || !same_text(a->name, "autovacuum_enabled"))
        return LINT_NOTHING;
    const char *text = view->statement->text + a->place.begin;
    const char *is = memchr(text, '=', a->place.end - a->place.begin);
    bool off = is && (strstr(is, "false") || strstr(is, "off") || strstr(is, "0"));
    return off ? lint_say(view, LINT_WARNING, "%s is not vacuumed any more", lint_table(view)) : LINT_NOTHING;
}

static enum lint_level alter_sequence(struct lint_view *view)
{
    if (!lint_on_used(view, LINT_ALTER_SEQUENCE) || view->action->what)
        return LINT_NOTHING;
    return lint_say(view, LINT_WARNING, "inserts that take a value from %s wait until the transaction ends",
                    lint_table(view));
}

static enum lint_level query_under_lock(struct lint_view *view)
{
    const struct lint_action *a = view->action;
    if (lint_on_used(view, LINT_REFRESH) && lint_has(view, LINT_CONCURRENTLY))
        return lint_say(view, LINT_WARNING,
                        "its query runs as part of the migration, and another refresh of %s waits",
                        lint_table(view));
    bool makes = a->act == LINT_CREATE_TABLE_AS || a->act == LINT_CREATE_MATERIALIZED_VIEW;
    if (!makes || !a->n_relations || lint_has(view, LINT_NO_DATA))
        return LINT_NOTHING;
    return lint_say(view, LINT_NOTE, "its query runs as part of the migration");
}

const struct lint_rule_entry lint_rules_tables[] = {
    {{"rewrite-table", LINT_ERROR, "A table that is written anew as a whole",
      "Nobody reads or writes it until all of it is copied; disk for a second copy is needed.",
      "pg_repack or pg_squeeze; or a new table, filled in batches, that takes the old one's place.", false},
     rewrite_table},
    {{"refresh-materialized-view", LINT_ERROR, "REFRESH MATERIALIZED VIEW",
      "ACCESS EXCLUSIVE for as long as its query runs; with CONCURRENTLY readers go on.",
      "A unique index, REFRESH … CONCURRENTLY, and outside of the migration's transaction.", false},
     refresh},
    {{"attach-partition", LINT_ERROR, "ATTACH PARTITION without a CHECK that proves it",
      "The new partition is read from end to end under ACCESS EXCLUSIVE, and a default partition as well.",
      "ADD CONSTRAINT … CHECK with the partition's bound NOT VALID, VALIDATE, ATTACH, DROP CONSTRAINT; likewise a CHECK "
      "on the default partition that excludes the bound.",
      false},
     attach},
    {{"create-partition", LINT_ERROR, "CREATE TABLE … PARTITION OF",
      "ACCESS EXCLUSIVE on the parent, and a default partition is read from end to end.",
      "CREATE TABLE … (LIKE parent INCLUDING ALL), then ATTACH PARTITION.", false},
     create_partition},
    {{"detach-partition", LINT_WARNING, "DETACH PARTITION without CONCURRENTLY",
      "ACCESS EXCLUSIVE on the parent: every query on it waits.",
      "DETACH PARTITION … CONCURRENTLY (PostgreSQL 14), outside a transaction.", false},
     detach},
    {{"domain-constraint", LINT_ERROR, "A constraint of a domain",
      "Every table with a column of the domain is read; nobody writes any of them meanwhile. VALIDATE does it too.",
      "A CHECK on each table, NOT VALID and then validated.", false},
     domain},
    {{"create-trigger", LINT_WARNING, "A new trigger", "SHARE ROW EXCLUSIVE: writers wait for the lock.",
      "A short lock_timeout, and try again.", true},
     create_trigger},
    {{"disable-trigger", LINT_WARNING, "Triggers switched off",
      "Nobody's writes run them, whatever the reason was.",
      "SET session_replication_role = replica in the session that needs it.", false},
     disable_trigger},
    {{"row-security-without-policy", LINT_WARNING, "Row security without a policy",
      "All but the table's owner read no row and write none.",
      "CREATE POLICY first, in the same transaction.", false},
     row_security},
    {{"create-rule", LINT_WARNING, "A rule", "It takes ACCESS EXCLUSIVE and changes what statements mean.",
      "A trigger, or a view.", false},
     create_rule},
    {{"replica-identity", LINT_WARNING, "REPLICA IDENTITY FULL or NOTHING",
      "FULL makes the log many times larger; with NOTHING writes to a published table fail.",
      "REPLICA IDENTITY USING INDEX.", false},
     replica_identity},
    {{"lock-table", LINT_WARNING, "LOCK TABLE", "Others wait until the transaction ends.",
      "A lock that is no stronger than needed, under a short lock_timeout.", false},
     lock_table},
    {{"autovacuum-off", LINT_WARNING, "Autovacuum switched off",
      "Dead rows stay, and transaction ids run out.", "Settings of the table that make it gentler.", false},
     autovacuum},
    {{"alter-sequence", LINT_WARNING, "ALTER SEQUENCE", "nextval() waits until the transaction ends.",
      "setval(), which blocks nobody, or a transaction of its own.", false},
     alter_sequence},
    {{"query-in-migration", LINT_WARNING, "A query whose rows a migration waits for",
      "The transaction, with all its locks, lasts as long "
      "as the query.",
      "WITH NO DATA, and fill it apart from the migration.", false},
     query_under_lock},
    {{0}, NULL},
};
