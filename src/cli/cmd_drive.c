/* segue drive: traffic of an old and a new application version that checks what it reads. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue drive is not built yet");
}

static const char *const description[] = {
    "Runs workers of the old and of the new application version side by side and checks what they read.",
    NULL,
};

const struct command command_drive = {
    .name = "drive",
    .summary = "run checked traffic of two application versions",
    .description = description,
    .run = run,
};
