/* segue init: the state schema and the first version. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "run/run.h"

static bool was_installed(const struct invocation *call, bool *out, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    return call_open(call, "segue init", false, &session, err) &&
           call->engine->state_installed(session, out, err);
}

static bool run(struct invocation *call, struct error *err)
{
    bool before = false;
    struct run_settings settings;
    run_settings_init(&settings, call->engine, call->url);
    settings.schema = call->schema;
    if (!was_installed(call, &before, err) || !run_init(&settings, err))
        return false;
    if (call->json)
        json_print(json_pack("{s:o, s:b}", "schema", json_text(call->schema), "new", !before));
    else if (before)
        printf("The state of segue is there and up to date; schema %s can be migrated.\n", call->schema);
    else
        printf("The state of segue is in place; schema %s can be migrated. Next: segue plan FILE\n",
               call->schema);
    return true;
}

static const char *const description[] = {
    "Creates what segue keeps in the database: schema segue with its tables, and the first version of the schema that will be "
    "changed, for example public_base, which is empty. Applications notice nothing. Run again it changes nothing, or brings "
    "the state of an older release up to date.",
    "The role needs CREATE on the database and on the schema. It must own the tables that migrations change.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue init --url postgresql://owner@db.example/shop", "Prepares database shop."},
    {0},
};

const struct command command_init = {
    .name = "init",
    .summary = "prepare a database for migrations",
    .description = description,
    .examples = examples,
    .run = run,
};
