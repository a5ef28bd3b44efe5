/* segue start. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue start is not built yet");
}

static const char *const description[] = {
    "start a migration.",
    NULL,
};

const struct command command_start = {
    .name = "start",
    .summary = "start a migration",
    .description = description,
    .run = run,
};
