/* segue use: the version that a role's new connections get. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/version.h"

static bool run(struct invocation *call, struct error *err)
{
    const char *role = given_value(call, "role");
    const char *version = version_schema(call, argument_at(call, 0));
    if (!role) {
        error_set(err, ERROR_USAGE, "use needs --role ROLE: whose connections shall use the version");
        return error_hint(err, "see: segue use --help");
    }
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!call_open(call, "segue use", true, &session, err) ||
        !call->engine->use_version(session, call->schema, version, role, given_value(call, "database"), err))
        return false;
    if (call->json)
        json_print(json_pack("{s:o, s:o, s:o}", "version", json_text(version), "role", json_text(role),
                             "database", json_text(given_value(call, "database"))));
    else
        printf("New connections of role %s use version %s. Those that are open keep theirs.\n", role,
               version);
    return true;
}

static const struct command_option options[] = {
    {.name = "role", .value = "ROLE", .help = "The role whose new connections use the version."},
    {.name = "database", .value = "NAME", .help = "In which database; without it, the one connected to."},
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "VERSION", .help = "The version: public_0007_full_name, or 0007_full_name, or base."},
    {0},
};

static const char *const description[] = {
    "Sets the search_path of a role so that its new connections use a version of the schema. It is what ALTER ROLE ... IN "
    "DATABASE ... SET search_path does; connections that are open keep the version they have.",
    "An application can also choose for itself, through its connection string: see segue url.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue use 0007_full_name --role shop_app", "From now on shop_app connects to the new version."},
    {0},
};

const struct command command_use = {
    .name = "use",
    .summary = "let a role's new connections use a version",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
