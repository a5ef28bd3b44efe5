/* segue plan: what a migration would do, without doing it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/run_options.h"
#include "cli/terminal.h"
#include "run/run.h"
#include "runbook/runbook.h"

/* The catalog from a file, so that a plan can be made and compared without a server. */
static bool stored_catalog(struct invocation *call, const char *path, struct catalog **out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text json = {0};
    if (!read_file(path, &json, err))
        return false;
    if (catalog_from_json(call->arena, text_string(&json), out, err))
        return true;
    err->class = ERROR_USAGE; /* from a server it would be a bug; here it is the wrong file */
    return error_where(err, "%s", path);
}

static bool plan_from_catalog(struct invocation *call, const char *file, const char *path, struct plan **out,
                              struct error *err)
{
    struct migration *migration = NULL;
    struct catalog *catalog = NULL;
    return call->engine->read_migration(call->arena, file, &migration, err) &&
           stored_catalog(call, path, &catalog, err) &&
           call->engine->plan(call->arena, migration, catalog, out, err);
}

static bool plan_from_database(struct invocation *call, const char *file, struct plan **out,
                               struct error *err)
{
    struct run_settings settings;
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    return strategy_options(call, &settings, err) && run_plan(&settings, file, call->arena, NULL, out, err);
}

/* Options that segue start must be given, so that it does what this plan says. */
static const char *start_options(struct invocation *call)
{
    static const char *const names[] = {"strategy", "capture", "jobs"};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < SEGUE_COUNT(names); i++) {
        if (!given(call, names[i]))
            continue;
        text_printf(&out, "%s--%s ", out.length ? " " : "", names[i]);
        runbook_shell_word(&out, given_value(call, names[i]));
    }
    return arena_strdup(call->arena, text_string(&out));
}

/* A server that cannot be asked any more after the plan was made leaves a runbook that says so. */
static bool gather(struct invocation *call, const struct plan *plan, struct runbook_request *out,
                   struct error *err)
{
    struct run_settings settings;
    struct facts *facts = NULL;
    double sample_ms = 0;
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    out->lock_ceiling_ms = settings.lock_ceiling_ms;
    if (given(call, "catalog")) {
        out->why_no_facts = "the plan was made from a file, and no server was asked";
        return true;
    }
    if (!given_duration_ms(call, "sample", 0, 600e3, &sample_ms, err))
        return false;
    if (run_facts(&settings, plan, sample_ms / 1000, call->arena, &facts, err)) {
        out->facts = facts;
        return true;
    }
    if (err->class == ERROR_INTERRUPTED)
        return false;
    out->why_no_facts = arena_printf(call->arena, "the server could not be asked: %s", err->message);
    error_clear(err);
    return true;
}

/* A rehearsal of another file says nothing of this one. */
static bool read_rehearsal(struct invocation *call, const struct plan *plan, const struct rehearsed **out,
                           struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text json = {0};
    const char *path = given_value(call, "rehearsal");
    struct rehearsed *rehearsed = NULL;
    if (!path)
        return true;
    if (!read_file(path, &json, err))
        return false;
    if (!rehearsed_from_json(call->arena, text_string(&json), &rehearsed, err))
        return error_where(err, "%s", path);
    *out = rehearsed;
    if (plan->digest && strcmp(plan->digest, rehearsed->digest) == 0)
        return true;
    error_set(err, ERROR_USAGE,
              "this is the rehearsal of another file, or of this one before it was changed");
    error_hint(err, "segue rehearse --json %s >%s", argument_at(call, 0), path);
    return error_where(err, "%s", path);
}

static bool make_runbook(struct invocation *call, const struct plan *plan, struct document **out,
                         struct error *err)
{
    struct runbook_request request = {
        .plan = plan, .file = argument_at(call, 0), .start_options = start_options(call)};
    if (!read_rehearsal(call, plan, &request.rehearsed, err) || !gather(call, plan, &request, err))
        return false;
    *out = runbook_build(call->arena, &request);
    return true;
}

static bool print_runbook(struct invocation *call, const char *format, const struct plan *plan,
                          struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct document *document;
    if (!make_runbook(call, plan, &document, err))
        return false;
    if (strcmp(format, "json") == 0) {
        SEGUE_CLEANUP(text_free) struct text json = {0};
        document_to_json(document, 1, &json);
        plan_to_json_with(plan, "runbook", text_string(&json), &out);
    } else if (strcmp(format, "markdown") == 0) {
        document_to_markdown(document, &out);
    } else if (strcmp(format, "html") == 0) {
        document_to_html(document, &out);
    } else {
        document_to_text(document, call->color, terminal_width(STDOUT_FILENO), &out);
    }
    (void)fputs(text_string(&out), stdout);
    return true;
}

/* What is to be printed: a format of the runbook, or the SQL alone. */
static bool choose_format(const struct invocation *call, const char **out, struct error *err)
{
    const char *format = given_value(call, "format");
    *out = call->json ? "json" : given(call, "sql") ? "sql" : format ? format : "text";
    bool other = format && strcmp(format, *out) != 0;
    if (!other && !(call->json && given(call, "sql")))
        return true;
    error_set(err, ERROR_USAGE, "--format, --json and --sql ask for different things");
    return error_hint(err, "one of them");
}

static bool run(struct invocation *call, struct error *err)
{
    struct plan *plan = NULL;
    const char *file = argument_at(call, 0), *format;
    const char *catalog = given_value(call, "catalog");
    if (!choose_format(call, &format, err))
        return false;
    if (catalog ? !plan_from_catalog(call, file, catalog, &plan, err)
                : !plan_from_database(call, file, &plan, err))
        return false;
    if (strcmp(format, "sql") != 0)
        return print_runbook(call, format, plan, err);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    plan_to_sql(plan, &out);
    (void)fputs(text_string(&out), stdout);
    return true;
}

static const struct command_option options[] = {
    {.name = "format",
     .value = "FORMAT",
     .help =
         "How the runbook is written: text for a terminal, markdown for a ticket, html as one page that needs nothing else, "
         "json as --json.",
     .kind = VALUE_WORDS,
     .words = "text markdown html json"},
    {.name = "sample",
     .value = "DURATION",
     .help =
         "How long to look at what the server counts, to see how many reads and writes a second there are now. 0 does not look.",
     .fallback = "500ms"},
    {.name = "rehearsal",
     .value = "FILE",
     .help = "Forecast by what segue rehearse --json has written of this migration.",
     .kind = VALUE_FILE},
    {.name = "sql", .help = "Print the very SQL that would be sent, each step with a comment."},
    {.name = "catalog",
     .value = "FILE",
     .help =
         "Read the database's catalog from this JSON file instead of connecting, so that a plan can be made without a "
         "server.",
     .kind = VALUE_FILE},
    STRATEGY_OPTIONS,
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "FILE", .help = "The migration, a file of SQL.", .kind = VALUE_FILE},
    {0},
};

static const char *const description[] = {
    "Reads a migration and the database's catalog and prints what segue start and segue complete would do: what happens to "
    "each table, each step with its locks and for how long they are held, how many rows are touched, how each step is "
    "undone, and what the old and the new applications see. The database is only read; segue init is not needed for it.",
    "It is the runbook of the migration: the size of what is changed, its traffic, long transactions and locks at this moment, a table "
    "of all locks with what queues behind them, the room that is needed on the disk, a forecast of the time it takes, what can be "
    "taken back after each phase, and the commands that pause, resume, roll back and complete it. What the server does not know or "
    "the role may not see is said. See docs/runbook.md.",
    "With --json the steps are listed with their ids for programs; this is also the form in which segue start stores the "
    "plan; what the runbook knows besides is in the key runbook.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue plan migrations/0007_full_name.sql", "Shows the plan."},
    {"segue plan --format html migrations/0007_full_name.sql >runbook.html",
     "Writes a page for those who decide and who are on call."},
    {"segue plan --sql migrations/0007_full_name.sql", "Shows the SQL."},
    {0},
};

const struct command command_plan = {
    .name = "plan",
    .summary = "show what a migration would do",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
