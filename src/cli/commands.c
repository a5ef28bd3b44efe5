/* The list of commands, and what all of them share. */
#include "cli/command.h"

#include <string.h>

const struct command *const commands[] = {
    &command_init,       &command_lint,
    &command_plan,       &command_rehearse,
    &command_start,      &command_status,
    &command_pause,      &command_resume,
    &command_verify,     &command_complete,
    &command_rollback,   &command_history,
    &command_pending,    &command_baseline,
    &command_audit,      &command_export,
    &command_use,        &command_url,
    &command_gateway,    &command_ramp,
    &command_compare,    &command_drive,
    &command_demo,       &command_help,
    &command_completion, NULL,
};

const struct command_option global_options[] = {
    {.name = "url",
     .value = "URL",
     .help =
         "Where the database is: postgresql://user@host:port/database or a libpq keyword string. Without it "
         "SEGUE_URL counts, then libpq's own environment (PGHOST, PGDATABASE, ~/.pgpass and so on)."},
    {.name = "schema", .value = "NAME", .help = "The schema that is changed.", .fallback = "public"},
    {.name = "json", .help = "Print one JSON document for programs instead of text."},
    {.name = "no-color", .help = "Print without colours, as with NO_COLOR in the environment."},
    {.name = "help", .letter = 'h', .help = "Show this help."},
    {.name = "version", .letter = 'V', .help = "Show the version of segue."},
    {0},
};

const struct command_exit common_exits[] = {
    {0, "Done."},
    {1, "Refused: nothing was changed, or something was found; the message says what."},
    {2, "The command line is wrong."},
    {3, "The database reported an error, or the connection was lost."},
    {4,
     "Interrupted, or stopped because a lock could not be had in time; the same command goes on from there."},
    {0, NULL},
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}
