/* segue resume. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue resume is not built yet");
}

static const char *const description[] = {
    "go on with a migration that was paused or interrupted.",
    NULL,
};

const struct command command_resume = {
    .name = "resume",
    .summary = "go on with a migration that was paused or interrupted",
    .description = description,
    .run = run,
};
