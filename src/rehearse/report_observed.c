/* Locks, waits, slow statements and sequences, as parts of the report. */

#include <math.h>

#include "base/compare.h"
#include "base/must.h"
#include "rehearse/report_internal.h"
#include "runbook/runbook.h"

static const struct document_column lock_columns[] = {
    {"relation", "relation", false}, {"mode", "lock", false},    {"times", "times", true},
    {"held", "held at most", true},  {"waited", "waited", true},
};
static const struct document_column wait_columns[] = {
    {"relation", "relation", false},
    {"mode", "lock", false},
    {"waited", "waited at most", true},
};
static const struct document_column statement_columns[] = {
    {"who", "who", false},
    {"seconds", "longest", true},
    {"statement", "statement", false},
};

static struct document_value seconds(struct rehearsal *rehearsal, double value)
{
    return value > 0 ? value_number(value, runbook_seconds(rehearsal->arena, value)) : value_number(0, "");
}

static void own_locks(struct rehearsal *rehearsal, struct section *section)
{
    struct document_table *table =
        section_table(section, "locks", NULL, lock_columns, SEGUE_COUNT(lock_columns));
    for (size_t i = 0; i < rehearsal->n_locks; i++) {
        const struct seen_lock *lock = &rehearsal->locks[i];
        if (!lock->own)
            continue;
        section_cell(section, table, value_text(lock->relation ? lock->relation : "a row"));
        section_cell(section, table, value_text(lock->mode));
        section_cell(section, table, value_count(rehearsal->arena, (double)lock->times));
        section_cell(section, table, seconds(rehearsal, lock->held));
        section_cell(section, table, seconds(rehearsal, lock->waited));
    }
}

static void waits(struct rehearsal *rehearsal, struct section *section)
{
    struct document_table *table = NULL;
    for (size_t i = 0; i < rehearsal->n_locks; i++) {
        const struct seen_lock *lock = &rehearsal->locks[i];
        if (lock->own)
            continue;
        table = table ? table
                      : section_table(section, "waits", "What the applications waited for", wait_columns,
                                      SEGUE_COUNT(wait_columns));
        section_cell(section, table, value_text(lock->relation ? lock->relation : "a row"));
        section_cell(section, table, value_text(lock->mode));
        section_cell(section, table, seconds(rehearsal, lock->waited));
    }
}

bool report_locks(struct rehearsal *rehearsal, struct section *body)
{
    struct section *section = section_add(body, "locking", "Locks that were taken", NULL);
    own_locks(rehearsal, section);
    waits(rehearsal, section);
    section_field(section, "deadlocks", "deadlocks", value_count(rehearsal->arena, rehearsal->deadlocks));
    section_paragraph(
        section, "about",
        "Forth and back. A lock of a transaction counts from the beginning of the statement that took it to its commit; "
        "waits, and what statements outside of transactions hold, are looked for every 5 ms.");
    return rehearsal->deadlocks <= 0;
}

void report_statements(struct rehearsal *rehearsal, struct section *body)
{
    struct section *section = section_add(body, "slow", "Statements that took longer than 100 ms", NULL);
    if (rehearsal->n_statements == 0) {
        section_paragraph(section, "none", "None.");
        return;
    }
    struct document_table *table =
        section_table(section, "statements", NULL, statement_columns, SEGUE_COUNT(statement_columns));
    for (size_t i = 0; i < rehearsal->n_statements; i++) {
        section_cell(section, table, value_text(rehearsal->statements[i].who));
        section_cell(section, table, seconds(rehearsal, rehearsal->statements[i].seconds));
        section_cell(section, table, value_text(rehearsal->statements[i].text));
    }
}

static bool is_behind(const struct observed_sequence *sequence)
{
    return sequence->name && sequence->any && sequence->highest > sequence->last;
}

/* Nobody else was at work on the quiet way: whoever took numbers was the migration. */
bool report_sequences(struct rehearsal *rehearsal, struct section *body)
{
    bool clean = true;
    struct section *section = NULL;
    for (size_t i = 0; i < rehearsal->n_sequences; i++) {
        const struct observed_sequence *before = &rehearsal->sequences[i].before,
                                       *after = &rehearsal->sequences[i].after;
        bool taken = before->name && after->name && after->last != before->last;
        bool behind = is_behind(after) && !is_behind(before);
        if (!taken && !behind)
            continue;
        section = section ? section : section_add(body, "sequences", "Sequences", NULL);
        if (taken)
            section_bullet(
                section, "gaps",
                arena_printf(
                    rehearsal->arena,
                    "%s: the migration itself takes %.0f numbers of it (start, rollback, start, complete)",
                    after->name, (double)(after->last - before->last)));
        if (behind)
            section_bullet(
                section, "behind",
                arena_printf(rehearsal->arena,
                             "%s stands at %.0f, but %s goes to %.0f: the next row of its own fails",
                             after->name, (double)after->last, after->column, (double)after->highest));
        clean = clean && !behind;
    }
    return clean;
}

/* Estimates of the same plan differ with every ANALYZE. */
static const double MUCH_COSTLIER = 2;

/* What became of a statement at a moment, or NULL: nothing. */
static const char *change(struct rehearsal *rehearsal, const struct plan_shape *before,
                          const struct plan_shape *now)
{
    if (!now->nodes)
        return arena_printf(rehearsal->arena, "fails: %s", now->why_not);
    if (!same_text(before->nodes, now->nodes))
        return arena_printf(rehearsal->arena, "is executed otherwise, cost %.0f instead of %.0f", now->cost,
                            before->cost);
    if (now->cost > before->cost * MUCH_COSTLIER)
        return arena_printf(rehearsal->arena, "costs %.0f instead of %.0f", now->cost, before->cost);
    return NULL;
}

static const struct document_column plan_columns[] = {
    {"when", "when", false},   {"statement", "statement", false}, {"calls", "calls", true},
    {"change", "what", false}, {"before", NULL, false},           {"now", NULL, false},
};

static void plan_row(struct rehearsal *rehearsal, struct section *section, struct document_table **table,
                     const struct planned_statement *planned, enum plan_moment moment, const char *what)
{
    const struct plan_shape *now = &planned->shapes[moment];
    *table =
        *table ? *table : section_table(section, "changes", NULL, plan_columns, SEGUE_COUNT(plan_columns));
    section_cell(section, *table, value_text(moment == MOMENT_LIVE ? "both live, old version" : "completed"));
    section_cell(section, *table, value_text(planned->recorded.text));
    section_cell(section, *table, value_count(rehearsal->arena, planned->recorded.calls));
    section_cell(section, *table, value_text(what));
    section_cell(section, *table, value_text(planned->shapes[MOMENT_BEFORE].nodes));
    section_cell(section, *table, value_text(now->nodes ? now->nodes : now->why_not));
}

void report_plans(struct rehearsal *rehearsal, struct section *body)
{
    struct section *section = section_add(body, "plans", "Plans of recorded statements", NULL);
    struct document_table *table = NULL;
    size_t looked = 0, changed = 0;
    for (size_t i = 0; i < rehearsal->n_planned; i++) {
        const struct planned_statement *planned = &rehearsal->planned[i];
        if (!planned->shapes[MOMENT_BEFORE].nodes)
            continue;
        looked++;
        for (int moment = MOMENT_LIVE; moment < MOMENT_COUNT; moment++) {
            const char *what = change(rehearsal, &planned->shapes[MOMENT_BEFORE], &planned->shapes[moment]);
            if (what)
                plan_row(rehearsal, section, &table, planned, (enum plan_moment)moment, what);
            changed += what != NULL;
        }
    }
    if (rehearsal->recorded.why)
        section_paragraph(section, "not_known",
                          arena_printf(rehearsal->arena, "Not known: %s.", rehearsal->recorded.why));
    section_field(section, "looked_at", "statements looked at",
                  value_count(rehearsal->arena, (double)looked));
    section_field(section, "unreadable", "that cannot be planned here",
                  value_count(rehearsal->arena, (double)(rehearsal->n_planned - looked)));
    section_field(section, "changed", "changes", value_count(rehearsal->arena, (double)changed));
}
