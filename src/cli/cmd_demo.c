/* segue demo: a live change on a throwaway server, shown on the terminal. */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cli/throttle_options.h"
#include "demo/demo.h"

static const struct command_option options[] = {
    {.name = "rows",
     .value = "N",
     .help = "Orders in the shop; it has a tenth as many customers.",
     .fallback = "1000000"},
    {.name = "rollback",
     .help = "Show the way back: instead of completing, undo everything under the old version's traffic."},
    {.name = "seconds-per-phase",
     .value = "S",
     .help =
         "How long the phases last that only wait: the baseline, both versions side by side, and the one that stays.",
     .fallback = "5"},
    {.name = "rate", .value = "N", .help = "Requests a second of each version.", .fallback = "400"},
    {.name = "pace", .value = "PERCENT", .help = "As in segue start."},
    {.name = "max-p95", .value = "LIMIT", .help = "As in segue start, a ratio or off.", .fallback = "1.1"},
    {.name = "pg-bin",
     .value = "DIR",
     .help =
         "Folder of the server's programs (initdb, postgres). Without it pg_config, PATH and /usr/lib/postgresql are asked.",
     .kind = VALUE_DIRECTORY},
    {.name = "report",
     .value = "FILE",
     .help = "Where to write the report.",
     .fallback = "demo-report.html",
     .kind = VALUE_FILE},
    {0},
};

static bool read_options(const struct invocation *call, struct demo_options *out, struct error *err)
{
    /* With --json standard output is for programs: the picture goes where people look. */
    FILE *picture = call->json ? stderr : stdout;
    int fd = fileno(picture);
    *out = (struct demo_options){
        .engine = call->engine,
        .pg_bin = given_value(call, "pg-bin"),
        .rollback = given(call, "rollback"),
        .report = given_value(call, "report"),
        .out = picture,
        .live = terminal_is_one(fd),
        .color = terminal_color(fd, given(call, "no-color")),
    };
    struct run_settings limits;
    run_settings_init(&limits, call->engine, NULL);
    if (!throttle_options(call, &limits, err) || !given_double(call, "pace", 1, 100, &out->pace_percent, err))
        return false;
    out->max_p95_ratio = limits.max_p95_ratio;
    out->unguarded = limits.max_p95_ratio <= 0;
    return given_long(call, "rows", 1, 1000000000, &out->rows, err) &&
           given_double(call, "seconds-per-phase", 0.5, 3600, &out->seconds, err) &&
           given_double(call, "rate", 1, 100000, &out->rate, err);
}

static void print_result(const struct invocation *call, const struct demo_options *demo,
                         const struct demo_figures *figures, const char *summary)
{
    SEGUE_CLEANUP(text_free) struct text json = {0};
    (void)fprintf(demo->out, "\n%s\n%s  The report is in %s\n",
                  figures_clean(figures)
                      ? "No request failed, nothing was lost, and the schema is as it should be."
                      : "Something went wrong.",
                  summary, demo->report);
    (void)fflush(demo->out);
    if (!call->json)
        return;
    figures_json(figures, &json);
    printf("%s\n", text_string(&json));
}

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text summary = {0};
    struct demo_options demo;
    struct demo_figures figures;
    if (!read_options(call, &demo, err))
        return false;
    if (!demo_run(&demo, &figures, &summary, err)) {
        (void)fprintf(demo.out, "\n%s", text_string(&summary));
        (void)fflush(demo.out);
        return false;
    }
    print_result(call, &demo, &figures, text_string(&summary));
    call->status = figures_clean(&figures) ? 0 : 1;
    return true;
}

static const char *const description[] = {
    "Starts a throwaway PostgreSQL of its own, fills a small shop, and changes its schema while an old and a new version of "
    "the shop's application keep reading and writing. Every request checks what it reads; at the end the schema is compared "
    "with what psql makes of the same file. Nothing stays but the report.",
    "On a terminal it shows the phases, the progress and the latency of both versions against a quiet baseline while it "
    "runs. With --json the last line of standard output is one JSON object, and the picture goes to standard error.",
    "It needs no database: --url does not count. Called by root it drops to the user postgres or nobody for the server.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue demo", "a million orders, about four minutes"},
    {"segue demo --rows 200000 --rollback", "the way back, with fewer rows"},
    {"segue demo --json 2>/dev/null", "only the figures"},
    {0},
};

static const struct command_exit exits[] = {
    {0, "No request failed, no check found anything, and the schemas are equal."},
    {1, "There was an error, a mismatch or a difference between the schemas; or the demo could not begin."},
    {2, "The command line is wrong."},
    {3, "The throwaway server reported an error."},
    {4, "Interrupted. Nothing is left behind."},
    {0, NULL},
};

const struct command command_demo = {
    .name = "demo",
    .summary = "show a live change on a throwaway server",
    .options = options,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
