/* segue baseline: adopts a database that was there before segue. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/state.h"
#include "run/run.h"

static json_t *adopted_json(const struct baseline *baseline)
{
    json_t *array = json_array();
    for (size_t i = 0; i < baseline->n_adopted; i++)
        json_array_append_new(array, json_text(baseline->adopted[i].name));
    return array;
}

static void print_baseline(const struct invocation *call, const struct baseline *baseline)
{
    if (call->json) {
        json_print(json_pack("{s:o, s:o, s:I, s:o}", "schema", json_text(baseline->schema), "fingerprint",
                             json_text(baseline->fingerprint), "objects", (json_int_t)baseline->n_objects,
                             "adopted", adopted_json(baseline)));
        return;
    }
    printf("Schema %s as it is now is the baseline: %zu objects, fingerprint %.16s.\n", baseline->schema,
           baseline->n_objects, baseline->fingerprint);
    if (baseline->n_adopted)
        printf("%zu migration%s as applied, the last one is %s.\n", baseline->n_adopted,
               baseline->n_adopted == 1 ? " counts" : "s count",
               baseline->adopted[baseline->n_adopted - 1].name);
}

static bool record(struct invocation *call, const struct run_settings *settings, struct error *err)
{
    struct baseline baseline;
    if (!run_baseline(settings, given_value(call, "upto"), given(call, "again"), call->arena, &baseline, err))
        return false;
    print_baseline(call, &baseline);
    return true;
}

static void print_differences(const struct invocation *call, const struct baseline *baseline,
                              const char *const *lines, size_t n)
{
    if (call->json) {
        json_t *array = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(array, json_text(lines[i]));
        json_print(json_pack("{s:o, s:o, s:o, s:o}", "schema", json_text(baseline->schema), "fingerprint",
                             json_text(baseline->fingerprint), "made_at", json_text(baseline->made_at),
                             "differences", array));
        return;
    }
    printf("The baseline of schema %s is of %s, fingerprint %.16s.\n", baseline->schema,
           state_time(call->arena, baseline->made_at), baseline->fingerprint);
    if (!n)
        printf("The schema is as it was then.\n");
    for (size_t i = 0; i < n; i++)
        printf("%s\n", lines[i]);
}

static bool check(struct invocation *call, const struct run_settings *settings, struct error *err)
{
    struct baseline baseline;
    const char **lines = NULL;
    size_t n = 0;
    if (given(call, "upto") || given(call, "again")) {
        error_set(err, ERROR_USAGE, "--check only looks");
        return error_hint(err, "--upto and --again go without it");
    }
    if (!run_baseline_check(settings, call->arena, &baseline, &lines, &n, err))
        return false;
    print_differences(call, &baseline, lines, n);
    call->status = n ? 1 : 0;
    return true;
}

static bool run(struct invocation *call, struct error *err)
{
    struct run_settings settings;
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    return given(call, "check") ? check(call, &settings, err) : record(call, &settings, err);
}

static const struct command_option options[] = {
    {.name = "upto",
     .value = "FILE",
     .kind = VALUE_FILE,
     .help =
         "The files of its folder up to this one, by name, count as applied: the database holds what they "
         "make."},
    {.name = "again",
     .help = "Record it anew where there is a baseline; which files count is said anew as well."},
    {.name = "check", .help = "Record nothing: list what differs between the schema and its baseline."},
    {0},
};

static const char *const description[] = {
    "Adopts a database that was there before segue: what the schema holds now is recorded as the starting point, with a "
    "fingerprint. Two databases with the same fingerprint have the same tables, columns, constraints, indexes, views, "
    "functions, triggers, types and sequences in the schema; owners, rights, comments and the order of columns are no part of it.",
    "With --upto, the migrations of a folder up to a file count as applied: segue pending and segue start FOLDER go on "
    "after it. What segue needs in the database is made as by segue init. Nothing of the schema is touched.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue baseline --upto migrations/0041_invoices.sql",
     "The database holds the migrations up to 0041; segue start migrations begins with the next one."},
    {"segue baseline --check", "Whether the schema is still what was recorded."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "Recorded; or, with --check, the schema is what was recorded."},
    {1, "Refused: nothing was changed. Or, with --check, the schema differs; the list says how."},
    {2, "The command line is wrong."},
    {3, "The database reported an error, or the connection was lost."},
    {0, NULL},
};

const struct command command_baseline = {
    .name = "baseline",
    .summary = "adopt a database that was there before segue",
    .options = options,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
