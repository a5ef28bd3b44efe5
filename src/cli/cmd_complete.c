/* segue complete. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue complete is not built yet");
}

static const char *const description[] = {
    "retire the old version.",
    NULL,
};

const struct command command_complete = {
    .name = "complete",
    .summary = "retire the old version",
    .description = description,
    .run = run,
};
