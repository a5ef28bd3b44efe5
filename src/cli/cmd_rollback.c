/* segue rollback: undoes the migration that is under way. */
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
        !run_ended(&view, run_rollback(&settings, err), "segue rollback", err) ||
        !run_last(call, &migration, err))
        return false;
    if (call->json && migration)
        json_print(
            json_pack("{s:o, s:o}", "migration", state_json(migration), "phases", run_phases_json(&view)));
    else if (migration)
        printf("\n%s is undone: schema %s is as it was before, and %s is its version.\n", migration->name,
               migration->schema, migration->old_version);
    return true;
}

static const struct command_option options[] = {LOCK_OPTIONS, {0}};

static const char *const description[] = {
    "Undoes the migration that is under way, last step first, from any point before segue complete has begun its last step: "
    "the schema is then as it was before segue start. What applications of the new version wrote stays, in the old "
    "shape.",
    "Killed or interrupted, the same command goes on where it stopped.",
    NULL,
};

const struct command command_rollback = {
    .name = "rollback",
    .summary = "undo the migration that is under way",
    .options = options,
    .description = description,
    .run = run,
};
