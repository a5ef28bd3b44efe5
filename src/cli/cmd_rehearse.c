/* segue rehearse: a migration carried out for real on a throwaway copy. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/print.h"
#include "cli/run_options.h"
#include "rehearse/config.h"
#include "rehearse/rehearse.h"

enum { LOOK_US = 200000 };

static void say(void *context, const char *line)
{
    (void)context;
    (void)fprintf(stderr, "rehearse: %s\n", line);
}

static void keep(void *context, const char *where)
{
    (void)context;
    (void)fprintf(stderr, "rehearse: the copy is at %s until Ctrl-C\n", where);
    while (!interrupted())
        clock_sleep_us(LOOK_US);
    interrupt_reset();
}

static bool read_rules(struct invocation *call, struct rehearse_settings *out, struct error *err)
{
    struct toml toml;
    struct rehearse_config config;
    const char *path = given_value(call, "config");
    SEGUE_CLEANUP(text_free) struct text content = {0};
    if (!path && access("segue.toml", F_OK) != 0)
        return true;
    path = path ? path : "segue.toml";
    if (!read_file(path, &content, err) || !toml_read(call->arena, path, text_string(&content), &toml, err) ||
        !rehearse_config_read(call->arena, &toml, call->schema, &config, err))
        return false;
    out->rules = config.rules;
    out->n_rules = config.n_rules;
    return true;
}

static bool read_statements(struct invocation *call, struct rehearse_settings *out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text content = {0};
    out->statements_path = given_value(call, "statements");
    if (!out->statements_path)
        return true;
    if (!read_file(out->statements_path, &content, err))
        return false;
    out->statements = arena_strdup(call->arena, text_string(&content));
    return true;
}

static enum rehearse_traffic traffic_of(const char *word, double ms)
{
    if (strcmp(word, "none") == 0 || ms <= 0)
        return TRAFFIC_NONE;
    return strcmp(word, "recorded") == 0 ? TRAFFIC_RECORDED : TRAFFIC_DRIVE;
}

static bool read_options(struct invocation *call, struct rehearse_settings *out, struct error *err)
{
    struct run_settings plan;
    run_settings_init(&plan, call->engine, call->url);
    *out = (struct rehearse_settings){.engine = call->engine,
                                      .url = call->url,
                                      .schema = call->schema,
                                      .file = argument_at(call, 0),
                                      .dump = given_value(call, "dump"),
                                      .pg_bin = given_value(call, "pg-bin"),
                                      .on = given_value(call, "on"),
                                      .say = say,
                                      .keep = given(call, "keep") ? keep : NULL};
    if (given(call, "full") && given(call, "sample"))
        return error_set(err, ERROR_USAGE, "--full and --sample ask for different things");
    if (out->dump && (given(call, "full") || given(call, "sample")))
        return error_set(err, ERROR_USAGE,
                         "--dump has the rows that it has: neither --full nor --sample goes with it");
    double seconds_ms = 0;
    if (!given_double(call, "sample", 0.01, 100, &out->percent, err) ||
        !given_duration_ms(call, "seconds", 0, 3600e3, &seconds_ms, err) ||
        !strategy_options(call, &plan, err))
        return false;
    out->percent = given(call, "full") || out->dump ? 100 : out->percent;
    out->traffic = traffic_of(given_value(call, "traffic"), seconds_ms);
    out->seconds = seconds_ms / 1000;
    out->strategy = plan.strategy;
    out->capture = plan.capture;
    out->jobs = plan.jobs;
    return read_statements(call, out, err) && read_rules(call, out, err);
}

static bool run(struct invocation *call, struct error *err)
{
    struct rehearse_settings settings;
    struct document *document = NULL;
    bool clean = true;
    if (!read_options(call, &settings, err) || !rehearse(&settings, call->arena, &document, &clean, err))
        return false;
    print_document(call, document);
    call->status = clean ? 0 : 1;
    return true;
}

static const struct command_option options[] = {
    {.name = "sample",
     .value = "PERCENT",
     .help = "How much of each large table is copied. Tables of fewer than 25,000 rows are copied whole.",
     .fallback = "10"},
    {.name = "full", .help = "Copy all rows."},
    {.name = "dump",
     .value = "FILE",
     .help =
         "Rehearse on what pg_dump has written, SQL or an archive (-Fc), in place of a database. No database is asked.",
     .kind = VALUE_FILE},
    {.name = "seconds",
     .value = "DURATION",
     .help = "How long both versions work side by side, and before and after that the one that is there.",
     .fallback = "3s"},
    {.name = "traffic",
     .value = "WHAT",
     .help =
         "drive makes up requests of both versions from the schema, as segue drive does; recorded runs the statements that the target's "
         "pg_stat_statements or --statements has, as the old version; none rehearses without.",
     .fallback = "drive",
     .kind = VALUE_WORDS,
     .words = "drive recorded none"},
    {.name = "statements",
     .value = "FILE",
     .help =
         "Statements of the application, SQL with $1 or values: whether they would be executed otherwise is looked at, and --traffic "
         "recorded runs them. Without it those that the target's pg_stat_statements has recorded.",
     .kind = VALUE_FILE},
    {.name = "config",
     .value = "FILE",
     .help =
         "Rules for personal data, in [rehearse.scrub]. Where it is not given, segue.toml in the directory that segue runs in.",
     .kind = VALUE_FILE},
    {.name = "format",
     .value = "FORMAT",
     .help = "How the report is written.",
     .fallback = "text",
     .kind = VALUE_WORDS,
     .words = "text markdown html json"},
    {.name = "pg-bin",
     .value = "DIR",
     .help =
         "Folder of the throwaway server's programs (initdb, postgres). Without it pg_config, PATH and /usr/lib/postgresql "
         "are asked.",
     .kind = VALUE_DIRECTORY},
    {.name = "on",
     .value = "URL",
     .help =
         "Make the copy on a server that is there, in databases of its own that are dropped afterwards, in place of a throwaway server. The role "
         "needs CREATEDB. A database of the target's own server costs the target its load."},
    {.name = "keep", .help = "Keep the copy until Ctrl-C, to look at it."},
    STRATEGY_OPTIONS,
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "FILE", .help = "The migration, a file of SQL.", .kind = VALUE_FILE},
    {0},
};

static const char *const description[] = {
    "Carries a migration out for real on a copy: a throwaway PostgreSQL of its own gets the target's schema, as pg_dump prints it, and a "
    "part of its rows, with every row that these point to. There the migration is started, rolled back, started again and completed: "
    "without rows, with nobody else at work, and while both versions of an application work side by side. The report "
    "says how long each took, how long it is likely to take on the target and how sure that is, and what went wrong.",
    "The target is only read, in one transaction that may not write. Personal data need not leave it: a rule in segue.toml puts an "
    "expression of SQL in a column's place, and it is the target that computes it.",
    "It needs pg_dump and psql, as new as the target, and a server's programs. Called by root it drops to the user postgres or nobody "
    "for the throwaway server, which ends with segue, however that ends.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue rehearse migrations/0007_full_name.sql", "Rehearses on a tenth of the rows."},
    {"segue rehearse --full --traffic none migrations/0007_full_name.sql", "On all rows, without traffic."},
    {"segue rehearse --traffic recorded migrations/0007_full_name.sql",
     "While statements run that pg_stat_statements has recorded on the target."},
    {"segue rehearse --format html migrations/0007_full_name.sql >rehearsal.html", "Writes a page."},
    {0},
};

static const struct command_exit exits[] = {
    {0, "Rehearsed, and nothing was found."},
    {1, "Something was found; the report says what. Or the rehearsal was refused."},
    {2, "The command line or segue.toml is wrong."},
    {3, "A server reported an error."},
    {4, "Interrupted. Nothing is left behind."},
    {0, NULL},
};

const struct command command_rehearse = {
    .name = "rehearse",
    .summary = "carry a migration out on a throwaway copy",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .exits = exits,
    .run = run,
};
