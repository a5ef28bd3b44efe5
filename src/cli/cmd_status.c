/* segue status. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue status is not built yet");
}

static const char *const description[] = {
    "show the migration that is under way.",
    NULL,
};

const struct command command_status = {
    .name = "status",
    .summary = "show the migration that is under way",
    .description = description,
    .run = run,
};
