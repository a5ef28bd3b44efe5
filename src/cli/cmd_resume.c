/* segue resume: goes on with what was paused or interrupted. */
#include "cli/command.h"
#include "cli/run_options.h"

static bool run(struct invocation *call, struct error *err)
{
    return run_live(call, run_resume, "segue resume", err);
}

static const struct command_option options[] = {LOCK_OPTIONS, SETTLE_OPTION, WALK_OPTIONS, {0}};

static const struct command_argument arguments[] = {MIGRATION_ARGUMENT, {0}};

static const char *const description[] = {
    "Takes a pause back and goes on with whatever was under way: the start, the completion or the rollback of a migration. "
    "When another segue still runs it, that one goes on and this command ends at once.",
    NULL,
};

const struct command command_resume = {
    .name = "resume",
    .summary = "go on with a migration that was paused or interrupted",
    .options = options,
    .arguments = arguments,
    .description = description,
    .run = run,
};
