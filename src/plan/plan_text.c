/* A plan for a person: the ticket's head, what happens to each table, then each phase with its steps and the way back. */
#include "base/layout.h"
#include "plan/plan.h"

#include <string.h>

enum { STEP_INDENT = 8, LABEL_WIDTH = 7, UNDO_SHOWN = 2, NARROWEST = 40 };

struct page {
    struct text *out;
    const char *bold, *dim, *warn, *plain; /* escapes, or "" */
    int width;
};

static void labelled(const struct page *page, int indent, const char *label, int label_width,
                     const char *value)
{
    text_printf(page->out, "%*s%s", indent, "", page->dim);
    layout_pad(page->out, label, label_width);
    text_append(page->out, page->plain);
    layout_wrap(page->out, value, indent + label_width, indent + label_width, page->width);
    text_append_char(page->out, '\n');
}

static void head_line(const struct page *page, const char *label, const char *value)
{
    if (value)
        labelled(page, 2, label, 10, value);
}

static double rows_to_touch(const struct plan *plan)
{
    double rows = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].walk && (plan->steps[i].walk->set || plan->steps[i].walk->insert))
            rows += plan->steps[i].walk->rows;
    return rows;
}

static void head(const struct page *page, const struct plan *plan)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    text_printf(page->out, "%s%s%s", page->bold, plan->name, page->plain);
    if (plan->goal) {
        int column = layout_columns(plan->name) + 2;
        text_append(page->out, ": ");
        layout_wrap(page->out, plan->goal, column, 2, page->width);
    }
    text_append(page->out, "\n");
    head_line(page, "owner", plan->owner);
    head_line(page, "deadline", plan->deadline);
    head_line(page, "note", plan->note);
    text_printf(&line, "%s (old) and %s (new), of schema %s", plan->old_version, plan->new_version,
                plan->schema);
    head_line(page, "versions", text_string(&line));
    text_clear(&line);
    text_printf(&line, "%zu step%s, ", plan->n_steps, plan->n_steps == 1 ? "" : "s");
    double rows = rows_to_touch(plan);
    if (rows > 0) {
        text_append(&line, "about ");
        layout_count(&line, rows);
        text_append(&line, rows < 1.5 ? " row to fill" : " rows to fill");
    } else {
        text_append(&line, "no row to fill");
    }
    head_line(page, "work", text_string(&line));
}

static void notes(const struct page *page, int indent, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text_printf(page->out, "%*s· ", indent, "");
        layout_wrap(page->out, list[i], indent + 2, indent + 2, page->width);
        text_append_char(page->out, '\n');
    }
}

static void section(const struct page *page, const char *title)
{
    text_printf(page->out, "\n%s%s%s\n", page->bold, title, page->plain);
}

static void table(const struct page *page, const struct plan_table *table)
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

    text_printf(page->out, "  %s%s%s  ", page->bold, text_string(&name), page->plain);
    layout_wrap(page->out, text_string(&what), 4 + layout_columns(text_string(&name)), 4, page->width);
    text_append_char(page->out, '\n');
    notes(page, 4, table->notes, table->n_notes);
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

static void locks(const struct page *page, const struct step *step)
{
    if (!step->n_locks) {
        labelled(page, STEP_INDENT, "locks", LABEL_WIDTH, "none");
        return;
    }
    SEGUE_CLEANUP(text_free) struct text line = {0};
    for (size_t i = 0; i < step->n_locks; i++) {
        bool last = i + 1 == step->n_locks;
        text_append(&line, i == 0 ? "" : last ? " and " : ", ");
        text_printf(&line, "%s on %s", step->locks[i].mode, step->locks[i].relation);
    }
    text_printf(&line, ", %s", held_for(step->duration));
    labelled(page, STEP_INDENT, "locks", LABEL_WIDTH, text_string(&line));
}

static void rows(const struct page *page, const struct walk *walk)
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
    labelled(page, STEP_INDENT, "rows", LABEL_WIDTH, text_string(&line));
}

static void undo(const struct page *page, const struct step *step)
{
    if (step->flags & STEP_NO_RETURN) {
        text_printf(page->out, "%s", page->warn);
        labelled(page, STEP_INDENT, "undo", LABEL_WIDTH, "none: the way back ends here");
        return;
    }
    size_t shown = step->n_undo > UNDO_SHOWN + 1 ? UNDO_SHOWN : step->n_undo;
    for (size_t i = 0; i < shown; i++) {
        SEGUE_CLEANUP(text_free) struct text line = {0};
        layout_fold(&line, step->undo[i], page->width - STEP_INDENT - LABEL_WIDTH);
        labelled(page, STEP_INDENT, i ? "" : "undo", LABEL_WIDTH, text_string(&line));
    }
    if (shown < step->n_undo) {
        SEGUE_CLEANUP(text_free) struct text line = {0};
        text_printf(&line, "and %zu more statements (--sql shows them)", step->n_undo - shown);
        labelled(page, STEP_INDENT, "", LABEL_WIDTH, text_string(&line));
    }
}

static void step(const struct page *page, size_t number, const struct step *step)
{
    text_printf(page->out, "  %s%4zu%s  ", page->dim, number, page->plain);
    layout_wrap(page->out, step->title, STEP_INDENT, STEP_INDENT, page->width);
    text_append_char(page->out, '\n');
    if (step->why)
        labelled(page, STEP_INDENT, "why", LABEL_WIDTH, step->why);
    if (step->walk)
        rows(page, step->walk);
    locks(page, step);
    undo(page, step);
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

static void phase(const struct page *page, const struct plan *plan, enum plan_phase phase)
{
    bool begun = false;
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].phase != phase)
            continue;
        if (!begun)
            text_printf(page->out, "\n  %s%s%s: %s\n", page->bold, plan_phase_name(phase), page->plain,
                        phase_says(phase));
        begun = true;
        step(page, i + 1, &plan->steps[i]);
    }
}

static size_t first_without_return(const struct plan *plan)
{
    size_t i = 0;
    while (i < plan->n_steps && !(plan->steps[i].flags & STEP_NO_RETURN))
        i++;
    return i;
}

static void way_back(const struct page *page, const struct plan *plan)
{
    SEGUE_CLEANUP(text_free) struct text line = {0};
    size_t end = first_without_return(plan);
    section(page, "Way back");
    text_append(page->out, "  ");
    text_append(&line, "segue rollback undoes what was done, last step first, at any moment ");
    if (end < plan->n_steps)
        text_printf(&line, "before step %zu (%s) of segue complete. After that step the old version is gone.",
                    end + 1, plan->steps[end].id);
    else
        text_append(&line, "until segue complete has ended.");
    layout_wrap(page->out, text_string(&line), 2, 2, page->width);
    text_append_char(page->out, '\n');
}

void plan_to_text(const struct plan *plan, bool color, int width, struct text *out)
{
    const struct page page = {
        .out = out,
        .bold = color ? "\033[1m" : "",
        .dim = color ? "\033[2m" : "",
        .warn = color ? "\033[33m" : "",
        .plain = color ? "\033[0m" : "",
        .width = width < NARROWEST ? NARROWEST : width,
    };
    head(&page, plan);
    if (plan->n_tables)
        section(&page, "Tables");
    for (size_t i = 0; i < plan->n_tables; i++)
        table(&page, &plan->tables[i]);
    if (plan->n_notes)
        section(&page, "Notes");
    notes(&page, 2, plan->notes, plan->n_notes);
    section(&page, "segue start");
    for (int i = PHASE_CHECK; i <= PHASE_ACTIVATE; i++)
        phase(&page, plan, (enum plan_phase)i);
    section(&page, "segue complete");
    phase(&page, plan, PHASE_CONTRACT);
    way_back(&page, plan);
}
