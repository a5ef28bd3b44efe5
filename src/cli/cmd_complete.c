/* segue complete: retires the old version. */
#include "cli/command.h"
#include "cli/run_options.h"

static bool run(struct invocation *call, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    return run_options(call, &view, &settings, err) &&
           run_ended(&view, run_complete(&settings, err), "segue complete", err) &&
           run_print_outcome(call, &view, err);
}

static const struct command_option options[] = {
    {.name = "force",
     .help = "Complete although sessions of the old version were seen lately. Their statements will fail."},
    LOCK_OPTIONS,
    {0},
};

static const char *const description[] = {
    "Ends the migration that is under way: the old version goes and the tables get their final shape, as if the file had been "
    "run with psql. After that there is no rollback.",
    "It refuses while a session of the old version was seen within the last minute, and names it.",
    "Killed or interrupted, the same command goes on where it stopped.",
    NULL,
};

const struct command command_complete = {
    .name = "complete",
    .summary = "retire the old version and end the migration",
    .options = options,
    .description = description,
    .run = run,
};
