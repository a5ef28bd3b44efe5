/* segue status: how the migration that is under way stands. */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/status.h"
#include "cli/terminal.h"

static bool run(struct invocation *call, struct error *err)
{
    struct run_settings settings;
    struct run_status status = {0};
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    if (!run_status(&settings, call->arena, &status, err))
        return false;
    if (call->json) {
        json_print(status_json(&status));
        return true;
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    status_text(&status, call->arena, call->color, terminal_width(STDOUT_FILENO), &out);
    (void)fputs(text_string(&out), stdout);
    return true;
}

static const char *const description[] = {
    "Shows the migration that is under way: its state, the step it is at, rows done, rate and time left, who stands in its way, "
    "which sessions used the old and the new version within the last minute, and what can be done next. It only reads, takes "
    "no lock and answers at once, also while a migration runs.",
    NULL,
};

const struct command command_status = {
    .name = "status",
    .summary = "show the migration that is under way",
    .description = description,
    .run = run,
};
