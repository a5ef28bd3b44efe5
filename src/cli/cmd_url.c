/* segue url: a connection string for a version. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/version.h"

static bool run(struct invocation *call, struct error *err)
{
    const char *version = version_schema(call, argument_at(call, 0));
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    SEGUE_CLEANUP(text_free) struct text url = {0};
    if (!call_open(call, "segue url", false, &session, err) ||
        !call->engine->version_url(session, call->url, call->schema, version, &url, err))
        return false;
    if (call->json)
        json_print(
            json_pack("{s:o, s:o}", "version", json_text(version), "url", json_text(text_string(&url))));
    else
        printf("%s\n", text_string(&url));
    return true;
}

static const struct command_argument arguments[] = {
    {.name = "VERSION", .help = "The version: public_0007_full_name, or 0007_full_name, or base."},
    {0},
};

static const char *const description[] = {
    "Prints a connection string like the one that segue itself uses, with the search_path of the version in it, so that an "
    "application that connects with it uses that version. A password is never printed.",
    NULL,
};

static const struct command_example examples[] = {
    {"psql \"$(segue url base)\"", "Opens psql on the old version."},
    {0},
};

const struct command command_url = {
    .name = "url",
    .summary = "print a connection string for a version",
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
