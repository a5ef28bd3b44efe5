/* segue start: makes both versions live. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/run_options.h"
#include "cli/state.h"

static void print_outcome(const struct invocation *call, const struct run_view *view,
                          const struct state_migration *migration)
{
    if (call->json) {
        json_print(
            json_pack("{s:o, s:o}", "migration", state_json(migration), "phases", run_phases_json(view)));
        return;
    }
    printf("\nBoth versions are live: %s (old) and %s (new).\n", migration->old_version,
           migration->new_version);
    printf("  new applications  segue url %s, or segue use %s --role ROLE\n", migration->new_version,
           migration->new_version);
    printf("  retire the old    segue complete\n");
    printf("  go back           segue rollback\n");
}

static bool run(struct invocation *call, struct error *err)
{
    struct run_view view;
    struct run_settings settings;
    struct state_migration *migration = NULL;
    const char *file = argument_at(call, 0);
    if (!run_options(call, &view, &settings, err) ||
        !run_ended(&view, run_start(&settings, file, err), arena_printf(call->arena, "segue start %s", file),
                   err) ||
        !run_last(call, &migration, err))
        return false;
    if (migration)
        print_outcome(call, &view, migration);
    return true;
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
