/* Recorded statements that were run while the migration was under way: how they went, and what must not be. */

#include <math.h>

#include "base/must.h"
#include "rehearse/report_internal.h"

/* A statement that takes so much longer while both versions are live is told; half of its runs count, and some there must be. */
static const double SLOWER = 3, SLOWER_BY_MS = 20;
enum { ENOUGH_RUNS = 5 };
/* One that took so long at its longest has waited for the migration. */
static const double LONG_MS = 1000, LONGER = 5;

static const struct document_column replayed_columns[] = {
    {"statement", "statement", false},
    {"calls", "calls", true},
    {"runs", "runs", true},
    {"before", "before", true},
    {"during", "meanwhile", true},
    {"live", "both live", true},
    {"back", "rolled back", true},
    {"longest", "longest", true},
    {"errors", "errors", true},
    {"own_errors", "of its values", true},
    {"rolled_back", NULL, true},
    {"error", NULL, false},
    {"own_error", NULL, false},
};
static const struct document_column left_columns[] = {
    {"statement", "statement", false},
    {"calls", "calls", true},
    {"why", "why", false},
};
static const char *const moment_names[REPLAY_MOMENTS] = {
    "before the migration began", "during segue start or rollback", "while both versions were live",
    "after segue rollback"};

static double median_ms(const struct replayed_moment *moment)
{
    return (double)histogram_percentile(&moment->times, 0.5) / 1e3;
}

static double longest_ms(const struct replayed_moment *moment)
{
    return (double)moment->times.max / 1e3;
}

static struct document_value median_value(struct rehearsal *rehearsal, const struct replayed_moment *moment)
{
    return moment->times.count
               ? value_number(median_ms(moment), arena_printf(rehearsal->arena, "%.1f ms", median_ms(moment)))
               : value_number(NAN, "");
}

static double longest_of_all(const struct replayed *one)
{
    double longest = 0;
    for (size_t i = 0; i < REPLAY_MOMENTS; i++)
        longest = fmax(longest, longest_ms(&one->moments[i]));
    return longest;
}

static double runs_of(const struct replayed *one)
{
    double runs = 0;
    for (size_t i = 0; i < REPLAY_MOMENTS; i++)
        runs += (double)one->moments[i].runs;
    return runs;
}

static double errors_of(const struct replayed *one)
{
    double errors = 0;
    for (size_t i = 0; i < REPLAY_MOMENTS; i++)
        errors += (double)one->moments[i].errors;
    return errors;
}

static void row(struct rehearsal *rehearsal, struct section *section, struct document_table *table,
                const struct replayed *one)
{
    struct arena *arena = rehearsal->arena;
    double longest = longest_of_all(one);
    section_cell(section, table, value_text(one->statement.recorded->text));
    section_cell(section, table, value_count(arena, one->statement.recorded->calls));
    section_cell(section, table, value_count(arena, runs_of(one)));
    for (size_t i = 0; i < REPLAY_MOMENTS; i++)
        section_cell(section, table, median_value(rehearsal, &one->moments[i]));
    section_cell(section, table, value_number(longest, arena_printf(arena, "%.1f ms", longest)));
    section_cell(section, table, value_count(arena, errors_of(one)));
    section_cell(section, table, value_count(arena, (double)one->own_errors));
    section_cell(section, table, value_count(arena, (double)one->rolled_back));
    section_cell(section, table, value_text(one->error));
    section_cell(section, table, value_text(one->own_error));
}

/* What became slow, in words; NULL: nothing. */
static const char *slower(struct rehearsal *rehearsal, const struct replayed *one)
{
    const struct replayed_moment *before = &one->moments[REPLAY_BEFORE],
                                 *during = &one->moments[REPLAY_DURING], *live = &one->moments[REPLAY_LIVE];
    if (before->times.count >= ENOUGH_RUNS && live->times.count >= ENOUGH_RUNS &&
        median_ms(live) > median_ms(before) * SLOWER + SLOWER_BY_MS)
        return arena_printf(rehearsal->arena, "takes %.1f ms while both versions are live, %.1f ms before",
                            median_ms(live), median_ms(before));
    if (before->times.count && longest_ms(during) > LONG_MS &&
        longest_ms(during) > longest_ms(before) * LONGER)
        return arena_printf(rehearsal->arena,
                            "took %.0f ms once during segue start or rollback, %.1f ms at most before",
                            longest_ms(during), longest_ms(before));
    return NULL;
}

static bool findings(struct rehearsal *rehearsal, struct section *section, const struct replayed *one)
{
    const char *slow = slower(rehearsal, one), *text = one->statement.recorded->text;
    /* Before it begins, nothing is the migration's fault. */
    bool fails = errors_of(one) > (double)one->moments[REPLAY_BEFORE].errors;
    if (fails)
        section_bullet(section, "findings",
                       arena_printf(rehearsal->arena, "fails %.0f times, first %s: %s (%s)", errors_of(one),
                                    moment_names[one->when], one->error, text));
    if (slow)
        section_bullet(section, "findings", arena_printf(rehearsal->arena, "%s (%s)", slow, text));
    return !fails && !slow;
}

static void left_out(struct rehearsal *rehearsal, struct section *section, size_t n)
{
    if (n == 0)
        return;
    struct document_table *table =
        section_table(section, "left_out", "Not run", left_columns, SEGUE_COUNT(left_columns));
    for (size_t i = 0; i < rehearsal->n_replayed; i++) {
        const struct replay_statement *statement = &rehearsal->replayed[i].statement;
        if (!statement->why_not)
            continue;
        section_cell(section, table, value_text(statement->recorded->text));
        section_cell(section, table, value_count(rehearsal->arena, statement->recorded->calls));
        section_cell(section, table, value_text(statement->why_not));
    }
}

static void head(struct rehearsal *rehearsal, struct section *section, size_t run)
{
    struct arena *arena = rehearsal->arena;
    const struct recorded_statements *recorded = &rehearsal->recorded;
    section_field(section, "run", "statements run", value_count(arena, (double)run));
    section_field(section, "not_run", "not run", value_count(arena, (double)(rehearsal->n_replayed - run)));
    if (recorded->all > (double)recorded->n)
        section_field(section, "not_read", "recorded besides, with less time and fewer calls",
                      value_count(arena, recorded->all - (double)recorded->n));
    section_field(
        section, "rate", "runs a second aimed at",
        value_number(rehearsal->replay_rate, recorded->per_second > 0
                                                 ? arena_printf(arena, "%.0f (recorded: %.2f)",
                                                                rehearsal->replay_rate, recorded->per_second)
                                                 : arena_printf(arena, "%.0f", rehearsal->replay_rate)));
}

bool report_replayed(struct rehearsal *rehearsal, struct section *body)
{
    size_t run = 0;
    bool clean = true;
    if (rehearsal->replay_rate <= 0)
        return true;
    for (size_t i = 0; i < rehearsal->n_replayed; i++)
        run += !rehearsal->replayed[i].statement.why_not;
    struct section *section = section_add(body, "recorded", "Recorded statements at work", NULL);
    head(rehearsal, section, run);
    for (size_t i = 0; i < rehearsal->n_replayed; i++)
        clean = findings(rehearsal, section, &rehearsal->replayed[i]) && clean;
    if (run == 0)
        section_bullet(section, "findings", "none of them could be run: nobody was at work");
    struct document_table *table =
        run ? section_table(section, "statements", NULL, replayed_columns, SEGUE_COUNT(replayed_columns))
            : NULL;
    for (size_t i = 0; i < rehearsal->n_replayed; i++)
        if (!rehearsal->replayed[i].statement.why_not)
            row(rehearsal, section, table, &rehearsal->replayed[i]);
    left_out(rehearsal, section, rehearsal->n_replayed - run);
    section_paragraph(
        section, "about",
        "As the old version runs them, half of the runs in so much time or less. What fails was tried with the same values on "
        "the copy that nobody has changed: where it fails there, too, that is told as an error of its values.");
    return clean && run > 0;
}
