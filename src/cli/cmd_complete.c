/* segue complete: retires the old version. */
#include "cli/command.h"
#include "cli/run_options.h"

static bool run(struct invocation *call, struct error *err)
{
    return run_live(call, run_complete, "segue complete", err);
}

static const struct command_option options[] = {
    {.name = "force",
     .help = "Complete although sessions of the old version were seen lately. Their statements will fail."},
    {.name = "unverified",
     .help =
         "Complete although no comparison of every row counts: none was made, what keeps the shapes in step was changed since, or "
         "rows differ. What the new version reads in them is what stays."},
    LOCK_OPTIONS,
    WALK_OPTIONS,
    {0},
};

static const struct command_argument arguments[] = {MIGRATION_ARGUMENT, {0}};

static const char *const description[] = {
    ("Ends the migration that is under way: the old version goes and the tables get their final shape, as if the file had been "
     "run with psql. After that there is no rollback."),
    "It refuses while a session of the old version was seen within the last minute, and names it.",
    ("It refuses unless the two shapes of every row have been compared and nothing that came later makes that stale: see segue "
     "verify. The comparison at the end of segue start counts."),
    "Where several migrations are under way, they are completed from the oldest on.",
    "Killed or interrupted, the same command goes on where it stopped.",
    NULL,
};

const struct command command_complete = {
    .name = "complete",
    .summary = "retire the old version and end the migration",
    .options = options,
    .arguments = arguments,
    .description = description,
    .run = run,
};
