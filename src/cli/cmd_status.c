/* segue status: how the migration that is under way stands. */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/run_options.h"
#include "cli/status.h"
#include "cli/terminal.h"

/* Every migration that is under way, one below the other; what can be done next stands below the last. */
static bool print_all(struct invocation *call, const struct run_settings *settings,
                      const struct run_status *first, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    int width = terminal_width(STDOUT_FILENO);
    for (size_t i = 0; i < first->n_all; i++) {
        struct run_settings one = *settings;
        struct run_status status = {0};
        one.migration = first->all[i].name;
        if (!run_status(&one, call->arena, &status, err))
            return false;
        status_text(&status, call->arena, call->color, width, &out);
        text_append(&out, i + 1 < first->n_all ? "\n" : "");
    }
    (void)fputs(text_string(&out), stdout);
    return true;
}

static bool print_stubborn(const struct invocation *call, const struct run_status *status)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (call->json) {
        json_print(status_stubborn_json(status));
        return true;
    }
    status_stubborn_text(status, &out);
    (void)fputs(text_string(&out), stdout);
    return true;
}

static bool run(struct invocation *call, struct error *err)
{
    struct run_settings settings;
    struct run_status status = {0};
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    settings.migration = migration_name(call, argument_at(call, 0));
    if (!run_status(&settings, call->arena, &status, err))
        return false;
    if (given(call, "stubborn"))
        return print_stubborn(call, &status);
    if (call->json) {
        json_print(status_json(&status));
        return true;
    }
    if (status.n_all > 1 && !settings.migration)
        return print_all(call, &settings, &status, err);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    status_text(&status, call->arena, call->color, terminal_width(STDOUT_FILENO), &out);
    (void)fputs(text_string(&out), stdout);
    return true;
}

static const struct command_option options[] = {
    {.name = "stubborn",
     .help =
         "List only the rows that the backfill has left because their up fails, with the server's message, which may hold a value "
         "of the row."},
    {0},
};

static const struct command_argument arguments[] = {MIGRATION_ARGUMENT, {0}};

static const char *const description[] = {
    "Shows the migration that is under way: its state, the step it is at, rows done, rate and time left, who stands in its way, "
    "which sessions used the old and the new version within the last minute, and what can be done next. It only reads, takes "
    "no lock and answers at once, also while a migration runs.",
    "Where several are under way, all of them are shown; with --json the one named, else the one that is on its way or the oldest, and "
    "a list of all in live.",
    NULL,
};

const struct command command_status = {
    .name = "status",
    .summary = "show the migration that is under way",
    .options = options,
    .arguments = arguments,
    .description = description,
    .run = run,
};
