/* What the help, the man pages and the reference page all say. */
#include "cli/manual.h"

const char *const manual_about[] = {
    "segue changes the schema of a live PostgreSQL database while the old and the new version of an application keep "
    "reading and writing it. No request fails, none waits for long, and everything can be undone until the old version "
    "is retired.",
    "A migration is a plain SQL file; comments that begin with \"-- segue:\" say what SQL cannot. segue start makes both "
    "versions live, segue complete retires the old one, segue rollback goes back. Each of them can be killed at any moment "
    "and run again.",
    NULL,
};

const struct manual_variable manual_environment[] = {
    {"SEGUE_URL", "Where the database is, when --url is not given."},
    {"SEGUE_TRACE",
     "A file to which every statement sent is appended, with its time and outcome. Values are left out."},
    {"SEGUE_FAULT", "For tests: where segue shall fail, as STEP:before|after:kill|error|drop-connection."},
    {"NO_COLOR", "When set, nothing is printed in colour."},
    {NULL, NULL},
};

void manual_arguments(const struct command *command, struct text *out)
{
    for (const struct command_argument *argument = command->arguments; argument && argument->name; argument++)
        text_printf(out, argument->optional ? " [%s%s]" : " %s%s", argument->name,
                    argument->repeated ? "..." : "");
}
