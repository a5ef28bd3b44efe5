/* segue export: a migration as a script of plain SQL. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/report.h"

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text script = {0};
    struct migration *migration;
    if (!given(call, "idempotent")) {
        error_set(err, ERROR_USAGE, "say --idempotent: it is the only script that there is");
        return error_hint(err, "segue plan --sql prints the statements of segue start and segue complete");
    }
    if (!call->engine->read_migration(call->arena, argument_at(call, 0), &migration, err) ||
        !call->engine->export(call->arena, migration, call->schema, given(call, "drops"), &script, err))
        return false;
    if (call->json)
        json_print(json_pack("{s:o, s:o, s:b}", "migration", json_text(migration->name), "script",
                             json_text(text_string(&script)), "drops", given(call, "drops")));
    else
        (void)fputs(text_string(&script), stdout);
    return true;
}

static const struct command_argument arguments[] = {
    {.name = "FILE", .help = "The migration.", .kind = VALUE_FILE},
    {0},
};

static const struct command_option options[] = {
    {.name = "idempotent",
     .help =
         "A script that brings any database between the two versions to the newer one, and may be run again."},
    {.name = "drops", .help = "Also drop what the file drops; else that is left out, with a remark."},
    {0},
};

static const char *const description[] = {
    "Prints a migration as one script for psql. Each change of the file becomes a block that first looks whether it is there "
    "already, so that the script may be run again, and on a database on which a part of the file has been run. For databases that "
    "nobody uses while they are changed: those of tests, of developers, of customers who stop for an update.",
    "Where the file says what a new column takes (up, existing), the script fills the rows present. The database is not asked.",
    "What cannot be exported is refused with its place: rows that the file changes, and what it makes and takes away again.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue export --idempotent migrations/0007_full_name.sql > 0007.sql", "The additive part."},
    {"segue export --idempotent --drops 0007_full_name.sql | psql --set ON_ERROR_STOP=1 shop",
     "All of it, at once."},
    {0},
};

const struct command command_export = {
    .name = "export",
    .summary = "print a migration as a script that may be run again",
    .arguments = arguments,
    .options = options,
    .description = description,
    .examples = examples,
    .run = run,
};
