/* segue start: makes both versions live. */
#include "cli/command.h"
#include "cli/run_options.h"
#include "migration/folder.h"

static bool start(struct invocation *call, const struct run_settings *settings, const char *path,
                  struct error *err)
{
    const struct folder_choice choice = {.all = given(call, "all"),
                                         .edited = given(call, "edited"),
                                         .missing = given(call, "missing"),
                                         .out_of_order = given(call, "out-of-order")};
    if (folder_is(path))
        return run_start_folder(settings, path, &choice, err);
    if (!choice.all && !choice.edited && !choice.missing && !choice.out_of_order)
        return run_start(settings, path, err);
    error_set(err, ERROR_USAGE, "--all, --edited, --missing and --out-of-order are for a folder");
    return error_hint(err, "%s is not one", path);
}

static bool run(struct invocation *call, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    const char *path = argument_at(call, 0);
    const char *again = arena_printf(call->arena, "segue start %s", path);
    return run_options(call, &view, &settings, err) &&
           run_ended(&view, start(call, &settings, path, err), again, err) &&
           run_print_outcome(call, &view, err);
}

static const struct command_option options[] = {
    {.name = "all",
     .help =
         "Of a folder: start and complete one file after the other, up to the last, which stays live in both versions."},
    {.name = "out-of-order", .help = "Of a folder: start a file also where a later one was applied before."},
    {.name = "edited", .help = "Of a folder: go on although files were changed after they were applied."},
    {.name = "missing", .help = "Of a folder: go on although applied migrations have no file there."},
    LOCK_OPTIONS,
    STRATEGY_OPTIONS,
    SETTLE_OPTION,
    WALK_OPTIONS,
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "FILE",
     .help =
         "The migration, a file of SQL. Its stem names it: 0007_full_name.sql. Or a folder of such files.",
     .kind = VALUE_FILE},
    {0},
};

static const char *const description[] = {
    "Carries a migration out up to the point where both versions are live: the new shape is made beside the old one, filled, "
    "and compared. Then the new version's schema appears, and applications of both versions can read and write. The old "
    "version goes on as before all the time.",
    "Killed or interrupted with Ctrl-C, the same command goes on where it stopped; so does segue resume. Another "
    "migration can be started while this one waits for segue complete, if the two have no table in common.",
    "Of a folder, the first file that was not applied yet is started; files count in the order of their names. segue pending "
    "shows how the folder stands.",
    "No statement queues in front of the applications for longer than --lock-ceiling. When a lock cannot be had, segue "
    "tells which sessions hold it and tries again until --lock-budget is spent.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue start migrations/0007_full_name.sql", "Starts the migration and shows its progress."},
    {"segue start migrations", "Starts the next file of the folder."},
    {"segue start --max-p95 5% --max-lag 2s migrations/0007_full_name.sql",
     "Slows statements by 5 % at most, and standbys by 2 s."},
    {"segue start --window 01:00-05:00 migrations/0007_full_name.sql", "Moves rows at night only."},
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
