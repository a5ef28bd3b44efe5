/* segue start: makes both versions live. */
#include "cli/command.h"
#include "cli/run_options.h"

static bool run(struct invocation *call, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    const char *file = argument_at(call, 0);
    const char *again = arena_printf(call->arena, "segue start %s", file);
    return run_options(call, &view, &settings, err) &&
           run_ended(&view, run_start(&settings, file, err), again, err) &&
           run_print_outcome(call, &view, err);
}

static const struct command_option options[] = {LOCK_OPTIONS, WALK_OPTIONS, {0}};

static const struct command_argument arguments[] = {
    {.name = "FILE",
     .help = "The migration, a file of SQL. Its stem names it: 0007_full_name.sql.",
     .kind = VALUE_FILE},
    {0},
};

static const char *const description[] = {
    "Carries a migration out up to the point where both versions are live: the new shape is made beside the old one, filled, "
    "and compared. Then the new version's schema appears, and applications of both versions can read and write. The old "
    "version goes on as before all the time.",
    "Killed or interrupted with Ctrl-C, the same command goes on where it stopped; so does segue resume. One migration can be under way "
    "at a time.",
    "No statement queues in front of the applications for longer than --lock-ceiling. When a lock cannot be had, segue "
    "tells which sessions hold it and tries again until --lock-budget is spent.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue start migrations/0007_full_name.sql", "Starts the migration and shows its progress."},
    {"segue start --pace 20 migrations/0007_full_name.sql", "Leaves more of the server to the applications."},
    {0},
};

const struct command command_start = {
    .name = "start",
    .summary = "start a migration, or go on with it: makes both versions live",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
