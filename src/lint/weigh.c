#include "lint/weigh.h"

#include <string.h>

#include "base/compare.h"
#include "base/layout.h"
#include "base/text.h"

/* Seconds that an application does not notice. */
static const double unnoticed = 0.1;

static bool is_one_of(const char *id, const char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(ids[i], id) == 0)
            return true;
    }
    return false;
}

static bool is_of(const struct lint_rule_entry *family, const struct lint_rule_entry *entry)
{
    for (; family->rule.id; family++) {
        if (family == entry)
            return true;
    }
    return false;
}

/* Whether the harm grows with the rows of the tables, or is done to those who use them. */
static bool is_about_tables(const struct lint_rule_entry *entry)
{
    static const char *const not_so[] = {"disable-trigger", "row-security-without-policy",
                                         "create-rule",     "replica-identity",
                                         "autovacuum-off",  "security-definer",
                                         "do-block",        "not-enforced"};
    static const char *const transactions[] = {"no-lock-timeout", "lock-timeout-off",
                                               "work-under-lock", "several-tables-locked",
                                               "lock-order",      "validate-in-same-transaction"};
    if (is_of(lint_rules_transactions, entry))
        return is_one_of(entry->rule.id, transactions, SEGUE_COUNT(transactions));
    bool family = is_of(lint_rules_columns, entry) || is_of(lint_rules_keys, entry) ||
                  is_of(lint_rules_tables, entry) || is_of(lint_rules_data, entry);
    return family && !is_one_of(entry->rule.id, not_so, SEGUE_COUNT(not_so));
}

/* Whether its harm is done while the statement runs, not behind it. */
static bool locks_longer(const struct lint_rule_entry *entry)
{
    static const char *const later[] = {"not-repeatable",       "insert-by-position",
                                        "prepared-select-star", "default-trap",
                                        "on-delete-cascade",    "foreign-key-without-index",
                                        "not-enforced",         "concurrently-if-not-exists"};
    return !is_one_of(entry->rule.id, later, SEGUE_COUNT(later));
}

/* Whether others wait behind the locks of earlier statements while it runs. */
static bool holds_longer(const struct lint_rule_entry *entry)
{
    static const char *const under_lock[] = {"work-under-lock", "validate-in-same-transaction"};
    return is_one_of(entry->rule.id, under_lock, SEGUE_COUNT(under_lock));
}

/* The table that the action names, or whose index it names. */
static struct name relation_of(const struct lint_view *view)
{
    const struct lint_statement *statement = view->statement;
    struct name relation = view->action->relation;
    bool of_index = !relation.name && view->action->act == LINT_REINDEX && statement->n_touches == 1;
    return of_index ? statement->touches[0].relation : relation;
}

static const struct lint_table *table_of(const struct lint_view *view, struct name relation)
{
    const struct lint_source *source = view->settings->source;
    return source->table(source->context, relation);
}

/* Whether every table that the statement locks, and that others may use, is empty. */
static bool all_empty(const struct lint_view *view)
{
    size_t used = 0;
    for (size_t i = 0; i < view->statement->n_touches; i++) {
        const struct lint_touch *touch = &view->statement->touches[i];
        if (touch->fresh || touch->mode == LINT_NO_LOCK)
            continue;
        const struct lint_table *table = table_of(view, touch->relation);
        if (!table->measured || !table->empty)
            return false;
        used++;
    }
    return used > 0;
}

static bool builds_index(enum lint_act act)
{
    return act == LINT_CREATE_INDEX || act == LINT_ADD_UNIQUE || act == LINT_ADD_PRIMARY_KEY ||
           act == LINT_ADD_EXCLUDE || act == LINT_REINDEX;
}

/* Of a new index, by how it is built: action->type is its method. */
static double seconds_to_build(const struct lint_view *view, const struct lint_table *table)
{
    const char *method = view->action->act == LINT_CREATE_INDEX ? view->action->type : NULL;
    if (view->action->act == LINT_ADD_EXCLUDE)
        return speed_exclude(table->rows, table->heap_bytes);
    if (same_text(method, "brin"))
        return speed_scan(table->rows, table->heap_bytes);
    return same_text(method, "gin") ? speed_build_inverted(table->rows, table->heap_bytes)
                                    : speed_build(table->rows, table->heap_bytes);
}

static double seconds_of(const struct lint_view *view, const struct lint_touch *touch,
                         const struct lint_table *table)
{
    enum lint_act act = view->action->act;
    bool key = act == LINT_ADD_COLUMN && (lint_has(view, LINT_UNIQUE) || lint_has(view, LINT_PRIMARY));
    if (act == LINT_SET_TABLESPACE)
        return speed_copy(table->bytes);
    if (act == LINT_UPDATE || act == LINT_DELETE)
        return speed_write(table->rows, table->heap_bytes, act == LINT_UPDATE ? table->n_indexes : 0);
    if (touch->rewrite != LINT_NO)
        return speed_rewrite(table->rows, table->heap_bytes, table->bytes - table->heap_bytes,
                             table->n_indexes + (key ? 1 : 0));
    double seconds =
        builds_index(act) || key ? seconds_to_build(view, table) : speed_scan(table->rows, table->heap_bytes);
    /* A table that names no index rebuilds all. */
    return act == LINT_REINDEX && !touch->unnamed && !view->action->name && table->n_indexes
               ? seconds * table->n_indexes
               : seconds;
}

/* Whether it looks into values of columns, which may be stored apart. */
static bool looks_into_values(enum lint_act act)
{
    return act == LINT_ADD_CHECK || act == LINT_VALIDATE || act == LINT_DOMAIN_CHECK ||
           act == LINT_DOMAIN_VALIDATE || act == LINT_CREATE_INDEX;
}

/* Rows of which nobody can tell how many they are. */
static bool changes_some(const struct lint_view *view)
{
    switch (view->action->act) {
    case LINT_INSERT:
    case LINT_COPY_FROM: return true;
    case LINT_UPDATE:
    case LINT_DELETE: return !lint_has(view, LINT_NO_WHERE);
    default: return false;
    }
}

/* For how long others wait. held: for what the transaction has locked before. False: nobody can tell, or nobody does. */
static bool forecast(const struct lint_view *view, bool held, struct range *out)
{
    const struct lint_action *action = view->action;
    double seconds = 0, apart = 0;
    bool blocks = held, works = false;
    bool heavy = action->rewrite != LINT_NO || action->scan != LINT_NO || builds_index(action->act);
    if (changes_some(view))
        return false;
    for (size_t i = 0; i < view->statement->n_touches; i++) {
        const struct lint_touch *touch = &view->statement->touches[i];
        blocks = blocks || lint_others_wait(view->statement, touch);
        if (touch->fresh || !heavy || (touch->rewrite == LINT_NO && touch->scan == LINT_NO))
            continue;
        const struct lint_table *table = table_of(view, touch->relation);
        if (!table->measured)
            return false;
        seconds += seconds_of(view, touch, table);
        apart += looks_into_values(action->act) ? table->bytes - table->heap_bytes : 0;
        works = true;
    }
    *out = works ? speed_about(seconds) : speed_instant();
    if (apart > 0)
        out->high = speed_about(seconds + speed_apart(apart)).high;
    return blocks && (works || !heavy);
}

static void say_size(struct text *out, const struct lint_table *table)
{
    if (table->empty) {
        text_append(out, "no row");
    } else {
        text_append(out, "about ");
        layout_count(out, table->rows);
        text_append(out, table->rows == 1 ? " row" : " rows");
    }
    text_append(out, ", ");
    layout_bytes(out, table->total_bytes);
}

static void say_traffic(struct text *out, const struct lint_table *table)
{
    if (table->counted)
        text_printf(out, ", %.3g reads and %.3g writes a second", table->scans, table->writes);
}

static void say_time(struct text *out, double seconds)
{
    if (seconds < 1)
        text_printf(out, "%.0f ms", seconds * 1000);
    else
        layout_seconds(out, seconds);
}

static void say_seconds(struct text *out, const struct lint_finding *finding)
{
    text_append(out, "; once it has the lock, others wait ");
    if (finding->seconds.high <= unnoticed) {
        text_append(out, "less than 100 ms");
        return;
    }
    text_append(out, "about ");
    say_time(out, finding->seconds.likely);
    text_append(out, " (");
    say_time(out, finding->seconds.low);
    text_append(out, " to ");
    say_time(out, finding->seconds.high);
    text_append(out, ")");
}

static const char *words(const struct lint_view *view, const struct lint_finding *finding,
                         const struct lint_table *table)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct name relation = relation_of(view);
    const char *name = relation.name;
    if (!table->there)
        return arena_printf(view->arena, "%s is not there", name);
    text_append(&out, name);
    if (!table->measured) {
        text_printf(&out, ": %s", table->why);
    } else {
        text_append(&out, ": ");
        say_size(&out, table);
        say_traffic(&out, table);
    }
    if (finding->forecast)
        say_seconds(&out, finding);
    return arena_strdup(view->arena, text_string(&out));
}

void lint_weigh(const struct lint_view *view, const struct lint_rule_entry *entry,
                struct lint_finding *finding)
{
    const struct lint_action *action = view->action;
    struct name relation = relation_of(view);
    if (!view->settings->source || !relation.name || action->fresh || lint_has(view, LINT_IN_CREATE))
        return;
    const struct lint_table *table = table_of(view, relation);
    bool about_tables = is_about_tables(entry);
    bool fails = action->fails == LINT_YES && strcmp(entry->rule.id, "add-column-not-null") != 0;
    finding->forecast = about_tables && !fails && locks_longer(entry) &&
                        forecast(view, holds_longer(entry), &finding->seconds);
    finding->here = words(view, finding, table);
    if (!about_tables || fails)
        return;
    if (all_empty(view))
        finding->level = LINT_NOTE;
    else if (finding->forecast && finding->level == LINT_ERROR && finding->seconds.high <= unnoticed &&
             action->fails != LINT_YES)
        finding->level = LINT_WARNING;
}
