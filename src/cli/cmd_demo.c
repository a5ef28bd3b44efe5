/* segue demo: a live change on a throwaway server, shown on the terminal. */
#include "cli/command.h"

static bool run(struct invocation *call, struct error *err)
{
    (void)call;
    return error_set(err, ERROR_REFUSED, "segue demo is not built yet");
}

static const char *const description[] = {
    "Starts a throwaway PostgreSQL, changes its schema under live traffic of both versions and tears it down.",
    NULL,
};

const struct command command_demo = {
    .name = "demo",
    .summary = "show a live change on a throwaway server",
    .description = description,
    .run = run,
};
