/* The lock table: what is locked how, for how long, and what queues behind it. */
#include "runbook/runbook_internal.h"

#include <string.h>

#include "base/must.h"

static const struct document_column columns[] = {
    {"relation", "relation", false}, {"mode", "lock", false},
    {"steps", "steps", false},       {"held", "held", false},
    {NULL, "at a time", true},       {"queues", "what queues behind it", false},
    {"seconds_low", NULL, true},     {"seconds_likely", NULL, true},
    {"seconds_high", NULL, true},
};

/* What the server makes wait for a mode (table 13.2 of PostgreSQL's manual). */
static const struct {
    const char *mode, *queues;
    bool reads, writes;
} modes[] = {
    {"ACCESS SHARE", "DROP, TRUNCATE, ALTER TABLE", false, false},
    {"ROW SHARE", "DROP, TRUNCATE, ALTER TABLE", false, false},
    {"ROW EXCLUSIVE", "CREATE INDEX, CREATE TRIGGER, ALTER TABLE", false, false},
    {"SHARE UPDATE EXCLUSIVE", "VACUUM, ANALYZE, DDL", false, false},
    {"SHARE", "every write; VACUUM and DDL", false, true},
    {"SHARE ROW EXCLUSIVE", "every write; VACUUM and DDL", false, true},
    {"EXCLUSIVE", "every write and SELECT … FOR UPDATE; VACUUM and DDL", false, true},
    {"ACCESS EXCLUSIVE", "every read and write", true, true},
};

/* One row of the table: a lock that several steps take, held alike. */
struct lock_row {
    const struct step_lock *lock;
    enum step_duration duration;
    struct text steps;
    struct range held;
};

static bool is_row(const struct lock_row *row, const struct step_lock *lock, enum step_duration duration)
{
    return row->duration == duration && strcmp(row->lock->relation, lock->relation) == 0 &&
           strcmp(row->lock->mode, lock->mode) == 0;
}

static const char *held(enum step_duration duration)
{
    switch (duration) {
    case DURATION_NONE: return "hardly noticed";
    case DURATION_INSTANT: return "an instant";
    case DURATION_SCAN: return "table read once";
    case DURATION_BUILD: return "index built";
    case DURATION_CHUNKS: return "each chunk";
    case DURATION_HELD: return "rows written";
    }
    return "";
}

/* Statements a second that would wait, as far as was counted. */
static double arriving(const struct runbook *book, const char *relation, bool reads, bool writes)
{
    const struct table_facts *facts = facts_of(book->facts, relation);
    double rate = 0;
    if (!facts)
        return 0;
    const struct table_rates *const both[] = {&facts->since, &facts->now};
    for (size_t i = 0; i < SEGUE_COUNT(both); i++) {
        double scans = reads ? both[i]->scans : 0;
        double written = writes ? both[i]->inserts + both[i]->updates + both[i]->deletes : 0;
        rate = both[i]->known && scans + written > rate ? scans + written : rate;
    }
    return rate;
}

static const char *queues(struct runbook *book, const struct lock_row *row)
{
    for (size_t i = 0; i < SEGUE_COUNT(modes); i++) {
        if (strcmp(modes[i].mode, row->lock->mode) != 0)
            continue;
        double rate = arriving(book, row->lock->relation, modes[i].reads, modes[i].writes);
        double seconds = book->request->lock_ceiling_ms / 1000.0 + row->held.likely;
        if (rate * seconds < 1)
            return modes[i].queues;
        return arena_printf(book->arena, "%s; at most about %.0f of them in the %s that it waits and is held",
                            modes[i].queues, rate * seconds, runbook_seconds(book->arena, seconds));
    }
    return "";
}

static void gather(struct runbook *book, struct lock_row **list, size_t *n)
{
    for (size_t i = 0; i < book->plan->n_steps; i++) {
        const struct step *step = &book->plan->steps[i];
        struct range held_now = forecast_held(&book->forecast, step);
        for (size_t lock = 0; lock < step->n_locks; lock++) {
            size_t at = 0;
            while (at < *n && !is_row(&(*list)[at], &step->locks[lock], step->duration))
                at++;
            if (at == *n)
                ARENA_PUSH(book->arena, *list, *n,
                           ((struct lock_row){.lock = &step->locks[lock], .duration = step->duration}));
            struct lock_row *row = &(*list)[at];
            text_printf(&row->steps, "%s%zu", row->steps.length ? ", " : "", i + 1);
            if (held_now.likely > row->held.likely)
                row->held = held_now;
        }
    }
}

static void write_row(struct runbook *book, struct section *section, struct document_table *out,
                      struct lock_row *row)
{
    section_cell(section, out, value_text(row->lock->relation));
    section_cell(section, out, value_text(row->lock->mode));
    section_cell(section, out, value_text(text_string(&row->steps)));
    section_cell(section, out, value_text(held(row->duration)));
    section_cell(section, out, value_text(runbook_range(book->arena, row->held)));
    section_cell(section, out, value_text(queues(book, row)));
    section_cell(section, out, value_number(row->held.low, ""));
    section_cell(section, out, value_number(row->held.likely, ""));
    section_cell(section, out, value_number(row->held.high, ""));
    text_free(&row->steps);
}

void runbook_locks(struct runbook *book)
{
    struct lock_row *list = NULL;
    size_t n = 0;
    gather(book, &list, &n);
    struct section *section = section_add(book->body, "locks", "Locks", NULL);
    if (!n) {
        section_paragraph(section, NULL, "None that anybody would notice.");
        return;
    }
    struct document_table *out = section_table(section, "locks", NULL, columns, SEGUE_COUNT(columns));
    for (size_t i = 0; i < n; i++)
        write_row(book, section, out, &list[i]);
    for (size_t i = 0; book->facts && i < book->facts->n_tables; i++)
        if (book->facts->tables[i].n_parts)
            section_bullet(section, "families",
                           arena_printf(book->arena, "%s: a lock on it is one on its %zu partitions, too",
                                        book->facts->tables[i].relation, book->facts->tables[i].n_parts));
    section_paragraph(
        section, NULL,
        arena_printf(
            book->arena,
            "A request for a lock waits at most %d ms (--lock-ceiling), with what comes after it queued behind; then it is "
            "given back and tried again later.",
            book->request->lock_ceiling_ms));
}
