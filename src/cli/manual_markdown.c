/* docs/cli.md, the reference of all commands in one page. */
#include <ctype.h>
#include <string.h>

#include "cli/manual.h"

/* Text in which * _ < > and ` mean themselves. */
static void escaped(struct text *out, const char *string)
{
    for (; *string; string++) {
        if (strchr("*_<>`|", *string))
            text_append_char(out, '\\');
        text_append_char(out, *string);
    }
}

static void option_rows(struct text *out, const struct command_option *option)
{
    text_append(out, "\n| option | |\n|---|---|\n");
    for (; option->name; option++) {
        text_append(out, "| `");
        if (option->letter)
            text_printf(out, "-%c`, `", option->letter);
        text_printf(out, "--%s%s%s` | ", option->name, option->value ? " " : "",
                    option->value ? option->value : "");
        escaped(out, option->help);
        if (option->fallback)
            text_printf(out, " Default: `%s`.", option->fallback);
        text_append(out, " |\n");
    }
}

static void exit_rows(struct text *out, const struct command_exit *status)
{
    text_append(out, "\n| exit status | |\n|---|---|\n");
    for (; status->meaning; status++) {
        text_printf(out, "| %d | ", status->status);
        escaped(out, status->meaning);
        text_append(out, " |\n");
    }
}

static void command_section(struct text *out, const struct command *command)
{
    text_printf(out, "\n## segue %s\n\n", command->name);
    text_append_char(out, (char)toupper((unsigned char)command->summary[0]));
    escaped(out, command->summary + 1);
    text_printf(out, ".\n\n    segue %s [OPTION]...", command->name);
    manual_arguments(command, out);
    text_append_char(out, '\n');
    for (const char *const *paragraph = command->description; paragraph && *paragraph; paragraph++) {
        text_append_char(out, '\n');
        escaped(out, *paragraph);
        text_append_char(out, '\n');
    }
    if (command->arguments && command->arguments->name)
        text_append(out, "\n| argument | |\n|---|---|\n");
    for (const struct command_argument *argument = command->arguments; argument && argument->name;
         argument++) {
        text_printf(out, "| `%s` | ", argument->name);
        escaped(out, argument->help);
        text_append(out, " |\n");
    }
    if (command->options && command->options->name)
        option_rows(out, command->options);
    for (const struct command_example *example = command->examples; example && example->line; example++) {
        text_printf(out, "\n    %s\n\n", example->line);
        escaped(out, example->says);
        text_append_char(out, '\n');
    }
    if (command->exits)
        exit_rows(out, command->exits);
}

void manual_markdown(struct text *out)
{
    text_append(out, "# The command line\n\nMade from the same table as `--help` and the man pages: "
                     "`segue help --markdown` prints this page, and a test compares the two.\n");
    for (const char *const *paragraph = manual_about; *paragraph; paragraph++) {
        text_append_char(out, '\n');
        escaped(out, *paragraph);
        text_append_char(out, '\n');
    }
    text_append(out, "\n| command | |\n|---|---|\n");
    for (size_t i = 0; commands[i]; i++)
        text_printf(out, "| [`segue %s`](#segue-%s) | %s |\n", commands[i]->name, commands[i]->name,
                    commands[i]->summary);
    text_append(out, "\n## Options of every command\n");
    option_rows(out, global_options);
    text_append(out, "\n## Exit status\n");
    exit_rows(out, common_exits);
    text_append(out, "\n## Environment\n\n| variable | |\n|---|---|\n");
    for (const struct manual_variable *variable = manual_environment; variable->name; variable++) {
        text_printf(out, "| `%s` | ", variable->name);
        escaped(out, variable->help);
        text_append(out, " |\n");
    }
    for (size_t i = 0; commands[i]; i++)
        command_section(out, commands[i]);
}
