/* segue rollback. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue rollback is not built yet");
}

static const char *const description[] = {
    "undo the migration that is under way.",
    NULL,
};

const struct command command_rollback = {
    .name = "rollback",
    .summary = "undo the migration that is under way",
    .description = description,
    .run = run,
};
