/* segue pause: lets a running migration stop at the next safe place. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/run_options.h"
#include "cli/status.h"
#include "run/run.h"

static bool run(struct invocation *call, struct error *err)
{
    struct run_settings settings;
    struct run_status status = {0};
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    settings.migration = migration_name(call, argument_at(call, 0));
    if (!run_pause(&settings, err) || !run_status(&settings, call->arena, &status, err))
        return false;
    if (call->json)
        json_print(status_json(&status));
    else if (status.live && status.runner_pid)
        printf("%s stops at the next safe place. Go on with: segue resume\n", status.live->name);
    else if (status.live)
        printf("%s is paused. Go on with: segue resume\n", status.live->name);
    return true;
}

static const struct command_argument arguments[] = {MIGRATION_ARGUMENT, {0}};

static const char *const description[] = {
    "Asks the migration that is under way to stop after the chunk or step that it is doing. Applications are not affected, "
    "and what was done stays. segue resume goes on; segue rollback works as well.",
    NULL,
};

const struct command command_pause = {
    .name = "pause",
    .summary = "stop the running migration at the next safe place",
    .arguments = arguments,
    .description = description,
    .run = run,
};
