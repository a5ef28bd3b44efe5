/* The tables of a plan, and its steps in phases, with the way back of each. */
#include <string.h>

#include "base/layout.h"
#include "runbook/runbook_internal.h"

enum { UNDO_SHOWN = 2, UNDO_COLUMNS = 160 };

static const char *kept(struct runbook *book, const struct text *text)
{
    return arena_strdup(book->arena, text_string(text));
}

static void table(struct runbook *book, struct section *section, const struct plan_table *table)
{
    SEGUE_CLEANUP(text_free) struct text name = {0};
    SEGUE_CLEANUP(text_free) struct text what = {0};
    text_append(&name, table->name);
    if (table->new_name && strcmp(table->new_name, table->name) != 0)
        text_printf(&name, " → %s", table->new_name);
    layout_count(&what, table->rows);
    text_append(&what, table->rows == 1 ? " row, " : " rows, ");
    layout_bytes(&what, table->bytes);
    if (table->strategy)
        text_printf(&what, " · %s", table->strategy);
    if (table->strategy_why)
        text_printf(&what, ": %s", table->strategy_why);
    struct section *entry = section_entry(section, text_string(&name), false, kept(book, &what));
    for (size_t i = 0; i < table->n_notes; i++)
        section_bullet(entry, NULL, table->notes[i]);
}

void runbook_tables(struct runbook *book)
{
    if (!book->plan->n_tables)
        return;
    struct section *section = section_add(book->body, NULL, "Tables", NULL);
    for (size_t i = 0; i < book->plan->n_tables; i++)
        table(book, section, &book->plan->tables[i]);
}

static const char *held_for(enum step_duration duration)
{
    switch (duration) {
    case DURATION_NONE: return "hardly noticed by anyone";
    case DURATION_INSTANT: return "for an instant";
    case DURATION_SCAN: return "while the table is read once; reads and writes go on";
    case DURATION_BUILD: return "while the index is built; reads and writes go on";
    case DURATION_CHUNKS: return "and of its rows a chunk at a time";
    case DURATION_HELD: return "for as long as its rows are read or written; reads and writes wait";
    }
    return "";
}

static void locks(struct runbook *book, struct section *entry, const struct step *step)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    for (size_t i = 0; i < step->n_locks; i++) {
        bool last = i + 1 == step->n_locks;
        text_append(&line, i == 0 ? "" : last ? " and " : ", ");
        text_printf(&line, "%s on %s", step->locks[i].mode, step->locks[i].relation);
    }
    if (step->n_locks)
        text_printf(&line, ", %s", held_for(step->duration));
    section_field(entry, NULL, "locks", value_text(step->n_locks ? kept(book, &line) : "none"));
}

static void rows(struct runbook *book, struct section *entry, const struct walk *walk)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    text_append(&line, "about ");
    layout_count(&line, walk->rows);
    text_printf(&line, " %s, in chunks by ",
                walk->alias    ? "to go through"
                : walk->insert ? "to copy"
                : walk->set    ? "to fill"
                               : "to compare");
    for (size_t i = 0; i < walk->n_keys && !walk->by_place; i++)
        text_printf(&line, "%s%s", i ? ", " : "", walk->keys[i]);
    if (!walk->n_keys || walk->by_place)
        text_append(&line, "place in the table (ctid)");
    section_field(entry, NULL, "rows", value_text(kept(book, &line)));
}

static void undo(struct runbook *book, struct section *entry, const struct step *step)
{
    if (step->flags & STEP_NO_RETURN) {
        section_field(entry, NULL, "undo", value_text("none: the way back ends here"));
        return;
    }
    size_t shown = step->n_undo > UNDO_SHOWN + 1 ? UNDO_SHOWN : step->n_undo;
    for (size_t i = 0; i < shown; i++) {
        SEGUE_CLEANUP(text_free) struct text line = {0};
        layout_fold(&line, step->undo[i], UNDO_COLUMNS);
        section_field(entry, NULL, i ? "" : "undo", value_text(kept(book, &line)));
    }
    if (shown < step->n_undo)
        section_field(entry, NULL, "",
                      value_text(arena_printf(book->arena, "and %zu more statements (--sql shows them)",
                                              step->n_undo - shown)));
}

/* What a terminal leaves to --sql: the statements of the step. */
static void statements(struct section *entry, const struct step *step)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    for (size_t i = 0; i < step->n_acts; i++)
        text_printf(&sql, "%s%s;", i ? "\n" : "", step->acts[i]);
    if (step->check)
        text_printf(&sql, "%s;", step->check->count);
    if (step->walk && step->walk->set)
        text_printf(&sql, "UPDATE ONLY %s SET %s", step->walk->table, step->walk->set);
    if (step->walk && step->walk->insert)
        text_append(&sql, step->walk->insert);
    if (step->walk && step->walk->where)
        text_printf(&sql, "\nWHERE %s", step->walk->where);
    if (sql.length)
        section_code(entry, "SQL", text_string(&sql));
    text_clear(&sql);
    for (size_t i = 0; i < step->n_undo; i++)
        text_printf(&sql, "%s%s;", i ? "\n" : "", step->undo[i]);
    if (sql.length)
        section_code(entry, "SQL of the way back", text_string(&sql));
}

static void step(struct runbook *book, struct section *section, size_t number, const struct step *step)
{
    struct section *entry =
        section_entry(section, arena_printf(book->arena, "%zu", number), true, step->title);
    if (step->why)
        section_field(entry, NULL, "why", value_text(step->why));
    if (step->walk)
        rows(book, entry, step->walk);
    locks(book, entry, step);
    undo(book, entry, step);
    statements(entry, step);
}

static const char *phase_says(enum plan_phase phase)
{
    switch (phase) {
    case PHASE_CHECK: return "looks at the rows that are there; changes nothing";
    case PHASE_EXPAND: return "the new shape appears beside the old one; applications see no change";
    case PHASE_BACKFILL: return "fills the new shape of the rows that are there";
    case PHASE_VERIFY: return "proves that both shapes agree";
    case PHASE_ACTIVATE: return "the new version appears: from here both versions are live";
    case PHASE_CONTRACT: return "the old version goes, the tables get their final shape";
    case PHASE_COUNT: break;
    }
    return "";
}

static void phase(struct runbook *book, struct section *parent, enum plan_phase phase)
{
    struct section *section = NULL;
    for (size_t i = 0; i < book->plan->n_steps; i++) {
        if (book->plan->steps[i].phase != phase)
            continue;
        if (!section)
            section = section_add(parent, NULL, plan_phase_name(phase), phase_says(phase));
        step(book, section, i + 1, &book->plan->steps[i]);
    }
}

void runbook_steps(struct runbook *book)
{
    struct section *start = section_add(book->body, NULL, "segue start", NULL);
    for (int i = PHASE_CHECK; i <= PHASE_ACTIVATE; i++)
        phase(book, start, (enum plan_phase)i);
    phase(book, section_add(book->body, NULL, "segue complete", NULL), PHASE_CONTRACT);
}
