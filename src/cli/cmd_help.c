/* segue help: the help of a command, its man page, or the reference of all commands. */
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/manual.h"
#include "cli/terminal.h"

static bool run(struct invocation *call, struct error *err)
{
    const char *name = argument_at(call, 0);
    const struct command *command = name ? command_find(name) : NULL;
    if (name && !command) {
        error_set(err, ERROR_USAGE, "there is no command %s", name);
        return error_hint(err, "segue help lists the commands");
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (given(call, "man"))
        manual_roff(command, &out);
    else if (given(call, "markdown"))
        manual_markdown(&out);
    else
        manual_help(command, call->color, terminal_width(STDOUT_FILENO), &out);
    (void)fputs(text_string(&out), stdout);
    return true;
}

static const struct command_option options[] = {
    {.name = "man", .help = "Print the man page as roff, for man -l or an installation."},
    {.name = "markdown", .help = "Print the reference of all commands as Markdown, which is docs/cli.md."},
    {0},
};

static const struct command_argument arguments[] = {
    {.name = "COMMAND", .help = "The command; without it segue itself is described.", .optional = true},
    {0},
};

static const char *const description[] = {
    "Shows what segue --help or segue COMMAND --help would show.",
    NULL,
};

static const struct command_example examples[] = {
    {"segue help start", "Tells how to start a migration."},
    {"segue help --man start | man -l -", "Reads its man page without installing it."},
    {0},
};

const struct command command_help = {
    .name = "help",
    .summary = "show the help of a command",
    .options = options,
    .arguments = arguments,
    .description = description,
    .examples = examples,
    .run = run,
};
