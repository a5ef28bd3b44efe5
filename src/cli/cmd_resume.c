/* segue resume: goes on with what was paused or interrupted. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/run_options.h"
#include "cli/state.h"

static bool run(struct invocation *call, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    struct state_migration *migration = NULL;
    if (!run_options(call, &view, &settings, err) ||
        !run_ended(&view, run_resume(&settings, err), "segue resume", err) ||
        !run_last(call, &migration, err))
        return false;
    if (call->json && migration)
        json_print(
            json_pack("{s:o, s:o}", "migration", state_json(migration), "phases", run_phases_json(&view)));
    else if (migration)
        printf("%s: %s\n", migration->name, migration->state);
    return true;
}

static const struct command_option options[] = {LOCK_OPTIONS, WALK_OPTIONS, {0}};

static const char *const description[] = {
    "Takes a pause back and goes on with whatever was under way: the start, the completion or the rollback of a migration. "
    "When another segue still runs it, that one goes on and this command ends at once.",
    NULL,
};

const struct command command_resume = {
    .name = "resume",
    .summary = "go on with a migration that was paused or interrupted",
    .options = options,
    .description = description,
    .run = run,
};
