/* segue verify: compares both shapes of every row while both versions are live. */
#include <stdio.h>
#include <string.h>

#include "base/layout.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/run_options.h"
#include "run/verify.h"

enum { MOST_JOBS = 64, MOST_NAMED = 100000 };

/* What the passes print, as they end. */
struct printer {
    struct invocation *call;
    struct run_view *view;
    json_t *passes; /* NULL: text */
};

static void print_difference(const struct difference *found, struct text *out)
{
    text_printf(out, "%s %s%s\n", found->table, found->key, found->mended ? "  repaired" : "");
    if (found->error) {
        text_printf(out, "  cannot be compared: %s\n", found->error);
        return;
    }
    text_printf(out, "  old  %s\n", found->old_shape ? found->old_shape : "no row");
    text_printf(out, "  new  %s\n", found->new_shape ? found->new_shape : "no row");
}

static void print_sum(const struct verify_report *report, struct text *out)
{
    layout_count(out, report->rows);
    text_append(out, report->complete ? " rows compared in " : " rows compared before it was cut off, in ");
    layout_seconds(out, report->seconds);
    if (report->seconds > 0) {
        text_append(out, " (");
        layout_count(out, report->rows / report->seconds);
        text_append(out, " rows/s)");
    }
    if (report->differences == 0) {
        text_append(out, ": no difference\n");
        return;
    }
    text_append(out, ": ");
    layout_count(out, report->differences);
    text_append(out, report->differences == 1 ? " row differs" : " rows differ");
    if (report->mended > 0) {
        text_append(out, ", ");
        layout_count(out, report->mended);
        text_append(out, " repaired");
    }
    text_append_char(out, '\n');
    if (report->differences > report->mended)
        text_append(
            out, "segue verify --repair old makes the new version's side of these rows from the old one's;\n"
                 "--repair new makes the old side from the new one.\n");
}

static json_t *difference_json(const struct difference *found)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "table", json_text(found->table), "key",
                     json_text(found->key), "old", json_text(found->old_shape), "new",
                     json_text(found->new_shape), "error", json_text(found->error), "repaired",
                     found->mended);
}

static json_t *report_document(const struct verify_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->n_list; i++)
        json_array_append_new(list, difference_json(&report->list[i]));
    return json_pack("{s:b, s:I, s:I, s:I, s:f, s:o}", "complete", report->complete, "rows",
                     (json_int_t)report->rows, "differences", (json_int_t)report->differences, "repaired",
                     (json_int_t)report->mended, "seconds", report->seconds, "list", list);
}

static void pass_done(void *context, const struct verify_report *report)
{
    struct printer *printer = context;
    if (report->differences > report->mended)
        printer->call->status = 1;
    if (printer->passes) {
        json_array_append_new(printer->passes, report_document(report));
        return;
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_end(printer->view);
    for (size_t i = 0; i < report->n_list; i++)
        print_difference(&report->list[i], &out);
    print_sum(report, &out);
    (void)fputs(text_string(&out), stdout);
    (void)fflush(stdout);
}

static bool read_options(const struct invocation *call, struct run_settings *settings,
                         struct verify_settings *verify, struct error *err)
{
    long jobs = 1, limit = 20;
    double every_ms = 60e3;
    const char *repair = given_value(call, "repair");
    verify->watch = given(call, "watch");
    settings->pace_percent = verify->watch ? 5 : 50;
    if (!given_long(call, "jobs", 1, MOST_JOBS, &jobs, err) ||
        !given_long(call, "limit", 0, MOST_NAMED, &limit, err) ||
        !given_double(call, "pace", 1, 100, &settings->pace_percent, err) ||
        !given_duration_ms(call, "every", 0, 86400e3, &every_ms, err))
        return false;
    verify->jobs = (int)jobs;
    verify->limit = (size_t)limit;
    verify->every_seconds = every_ms / 1e3;
    /* The side that is trusted stays; the other is made from it. */
    if (repair)
        verify->mend = strcmp(repair, "old") == 0 ? MEND_NEW : MEND_OLD;
    return true;
}

static bool run(struct invocation *call, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    struct printer printer = {.call = call, .view = &view, .passes = call->json ? json_array() : NULL};
    struct verify_settings verify = {.context = &printer, .pass_done = pass_done};
    bool good = run_options(call, &view, &settings, err) && read_options(call, &settings, &verify, err);
    settings.migration = migration_name(call, argument_at(call, 0));
    good = good && run_ended(&view, run_verify(&settings, &verify, err), "segue verify", err);
    if (good && printer.passes)
        json_print(json_pack("{s:O}", "passes", printer.passes));
    json_decref(printer.passes);
    return good;
}

static const struct command_option options[] = {
    {.name = "jobs",
     .value = "N",
     .help = "How many sessions compare at once. Each keeps the pace for itself.",
     .fallback = "1"},
    {.name = "repair",
     .value = "SIDE",
     .help =
         "Make rows that differ equal: old takes the old version's values for right and makes the new ones from them, new "
         "the other way round.",
     .kind = VALUE_WORDS,
     .words = "old new"},
    {.name = "limit",
     .value = "N",
     .help = "How many of the rows that differ are printed. All of them are counted.",
     .fallback = "20"},
    {.name = "watch",
     .help =
         "Compare pass after pass, slowly, until the migration is completed or rolled back, or a signal comes."},
    {.name = "every",
     .value = "DURATION",
     .help = "With --watch: the rest between two passes.",
     .fallback = "60s"},
    {.name = "pace",
     .value = "PERCENT",
     .help =
         "The share of the time that each session works; the rest of it is left to the applications. Without it 50, "
         "with --watch 5."},
    {.name = "chunk-time",
     .value = "DURATION",
     .help = "How long the comparison of one range of rows should take. No row is locked.",
     .fallback = "50ms"},
    {0},
};

static const struct command_argument arguments[] = {MIGRATION_ARGUMENT, {0}};

static const char *const description[] = {
    "Compares what the two versions read in every row, while both are live and write. Rows whose shapes differ are printed with their "
    "key and both shapes, and exit status 1 says that there are some. Nothing is locked; a range of rows is compared in one snapshot.",
    "segue status shows the last pass that looked at every row, and segue complete demands one. The comparison at the end of segue start "
    "counts. A pass counts until it is known to prove nothing any more: a later one has found differences that were left, or the triggers "
    "and functions that keep both shapes in step were changed.",
    "Only what has a way in both directions is compared: values of a column that came without a way back are the new version's alone.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue verify --jobs 2 --pace 100", "Compare everything as fast as two cores can."},
    {"segue verify --repair old", "Trust the old version where the shapes differ."},
    {"segue verify --watch", "Go on comparing, slowly, until the migration ends."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "Every row was compared, and no difference is left."},
    {1, "Rows differ, or refused: the two versions are not both live."},
    {2, "The command line is wrong."},
    {3, "The database reported an error, or the connection was lost."},
    {4, "Interrupted."},
    {0, NULL},
};

const struct command command_verify = {
    .name = "verify",
    .summary = "compare both shapes of every row",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
