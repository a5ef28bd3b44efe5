/* segue rollback: undoes the migration that is under way. */
#include "cli/command.h"
#include "cli/run_options.h"

static bool run(struct invocation *call, struct error *err)
{
    return run_live(call, run_rollback, "segue rollback", err);
}

static const struct command_option options[] = {LOCK_OPTIONS, WALK_OPTIONS, {0}};

static const struct command_argument arguments[] = {MIGRATION_ARGUMENT, {0}};

static const char *const description[] = {
    "Undoes the migration that is under way, last step first, from any point before segue complete has begun its last step: "
    "the schema is then as it was before segue start. What applications of the new version wrote stays, in the old "
    "shape.",
    "Where several migrations are under way, they are rolled back from the newest on.",
    "Killed or interrupted, the same command goes on where it stopped.",
    NULL,
};

const struct command command_rollback = {
    .name = "rollback",
    .summary = "undo the migration that is under way",
    .options = options,
    .arguments = arguments,
    .description = description,
    .run = run,
};
