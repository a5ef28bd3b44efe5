/* segue plan: what a migration would do, without doing it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/run_options.h"
#include "cli/terminal.h"
#include "run/run.h"

static bool read_file(const char *path, struct text *out, struct error *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ERROR_USAGE, "cannot read %s: %s", path, strerror(errno));
    char buffer[8192];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_append_n(out, buffer, n);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    return !failed || error_set(err, ERROR_USAGE, "cannot read %s", path);
}

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

static bool run(struct invocation *call, struct error *err)
{
    struct plan *plan = NULL;
    const char *file = argument_at(call, 0);
    const char *catalog = given_value(call, "catalog");
    if (catalog ? !plan_from_catalog(call, file, catalog, &plan, err)
                : !plan_from_database(call, file, &plan, err))
        return false;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (call->json)
        plan_to_json(plan, &out);
    else if (given(call, "sql"))
        plan_to_sql(plan, &out);
    else
        plan_to_text(plan, call->color, terminal_width(STDOUT_FILENO), &out);
    (void)fputs(text_string(&out), stdout);
    return true;
}

static const struct command_option options[] = {
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
    "With --json the steps are listed with their ids for programs; this is also the form in which segue start stores the "
    "plan.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue plan migrations/0007_full_name.sql", "Shows the plan."},
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
