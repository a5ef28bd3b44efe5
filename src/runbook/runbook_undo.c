/* What can still be taken back after each phase, and how long that takes. */
#include <math.h>

#include "base/must.h"
#include "runbook/runbook_internal.h"

static const struct document_column columns[] = {
    {"after", "after", false},      {"undone", "segue rollback then undoes", false},
    {NULL, "within", true},         {"stays", "what stays", false},
    {"possible", NULL, false},      {"seconds_low", NULL, true},
    {"seconds_likely", NULL, true}, {"seconds_high", NULL, true},
};

static size_t first_without_return(const struct plan *plan)
{
    size_t i = 0;
    while (i < plan->n_steps && !(plan->steps[i].flags & STEP_NO_RETURN))
        i++;
    return i;
}

/* Steps, and rows, of which something is taken back when the first so many are done. */
static const char *undone(struct runbook *book, size_t end, struct range *range)
{
    size_t steps = 0;
    double rows = 0;
    *range = (struct range){0};
    for (size_t i = 0; i < end; i++) {
        const struct step *step = &book->plan->steps[i];
        steps += step->n_undo > 0 || step->undo_walk;
        rows += step->undo_walk ? step->undo_walk->rows : 0;
        *range = range_add(*range, forecast_undo(&book->forecast, step));
    }
    if (!steps)
        return "nothing: nothing was changed";
    return arena_printf(book->arena, "%zu step%s, last first%s", steps, steps == 1 ? "" : "s",
                        rows > 0 ? arena_printf(book->arena, ", and what it did to about %s rows",
                                                value_count(book->arena, rows).text)
                                 : "");
}

static void row(struct runbook *book, struct section *section, struct document_table *out, const char *after,
                size_t end, const char *stays)
{
    struct range range;
    const char *what = undone(book, end, &range);
    section_cell(section, out, value_text(after));
    section_cell(section, out, value_text(what));
    section_cell(section, out, value_text(range.high > 0 ? runbook_range(book->arena, range) : "no time"));
    section_cell(section, out, value_text(stays));
    section_cell(section, out, value_text("yes"));
    section_cell(section, out, value_number(range.low, ""));
    section_cell(section, out, value_number(range.likely, ""));
    section_cell(section, out, value_number(range.high, ""));
}

static void last_row(struct section *section, struct document_table *out, const char *after)
{
    section_cell(section, out, value_text(after));
    section_cell(section, out, value_text("nothing: only a backup brings the old version back"));
    section_cell(section, out, value_text(""));
    section_cell(section, out, value_text("the new version, and its rows"));
    section_cell(section, out, value_text("no"));
    for (int i = 0; i < 3; i++)
        section_cell(section, out, value_number(NAN, ""));
}

static const char *stays(enum plan_phase phase)
{
    if (phase < PHASE_ACTIVATE)
        return "what applications wrote meanwhile, in the old shape";
    return "what applications of either version wrote, in the old shape";
}

static void phases(struct runbook *book, struct section *section, size_t no_return)
{
    struct document_table *out = section_table(section, "phases", NULL, columns, SEGUE_COUNT(columns));
    for (size_t i = 0; i < book->plan->n_steps && i < no_return; i++) {
        const struct step *step = &book->plan->steps[i];
        bool last = i + 1 == book->plan->n_steps || book->plan->steps[i + 1].phase != step->phase;
        if (last && step->phase != PHASE_CONTRACT)
            row(book, section, out, plan_phase_name(step->phase), i + 1, stays(step->phase));
    }
    if (no_return < book->plan->n_steps && no_return &&
        book->plan->steps[no_return - 1].phase == PHASE_CONTRACT)
        row(book, section, out, arena_printf(book->arena, "contract, before step %zu", no_return + 1),
            no_return, stays(PHASE_CONTRACT));
    last_row(section, out,
             no_return < book->plan->n_steps
                 ? arena_printf(book->arena, "step %zu of contract", no_return + 1)
                 : "segue complete");
}

void runbook_undo(struct runbook *book)
{
    size_t end = first_without_return(book->plan);
    struct section *section = section_add(book->body, "undo", "Way back", NULL);
    const char *before = "segue rollback undoes what was done, last step first, at any moment ";
    if (end < book->plan->n_steps)
        section_paragraph(
            section, "until",
            arena_printf(book->arena,
                         "%sbefore step %zu (%s) of segue complete. After that step the old version is gone.",
                         before, end + 1, book->plan->steps[end].id));
    else
        section_paragraph(section, "until",
                          arena_printf(book->arena, "%suntil segue complete has ended.", before));
    if (book->plan->n_steps)
        phases(book, section, end);
}
