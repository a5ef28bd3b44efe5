/* The help on the terminal. */
#include <stdio.h>

#include "base/layout.h"
#include "cli/manual.h"

enum { NAME_COLUMN = 2, HELP_COLUMN = 26, COMMAND_COLUMN = 16 };

struct page {
    struct text *out;
    const char *bold, *plain;
    int width;
};

static void heading(const struct page *page, const char *title)
{
    text_printf(page->out, "\n%s%s%s\n", page->bold, title, page->plain);
}

/* A name and its help beside it; a long name has the help below. */
static void entry(const struct page *page, const char *name, const char *help, int column)
{
    text_printf(page->out, "%*s", NAME_COLUMN, "");
    if (NAME_COLUMN + layout_columns(name) + 2 > column)
        text_printf(page->out, "%s\n%*s", name, column, "");
    else
        layout_pad(page->out, name, column - NAME_COLUMN);
    layout_wrap(page->out, help, column, column, page->width);
    text_append_char(page->out, '\n');
}

static void paragraphs(const struct page *page, const char *const *list)
{
    for (; list && *list; list++) {
        text_append_char(page->out, '\n');
        layout_wrap(page->out, *list, 0, 0, page->width);
        text_append_char(page->out, '\n');
    }
}

static void options(const struct page *page, const char *title, const struct command_option *list)
{
    if (!list || !list->name)
        return;
    heading(page, title);
    for (; list->name; list++) {
        SEGUE_CLEANUP(text_free) struct text name = {0};
        SEGUE_CLEANUP(text_free) struct text help = {0};
        if (list->letter)
            text_printf(&name, "-%c, ", list->letter);
        text_printf(&name, "--%s", list->name);
        if (list->value)
            text_printf(&name, " %s", list->value);
        text_append(&help, list->help);
        if (list->fallback)
            text_printf(&help, " Default: %s.", list->fallback);
        entry(page, text_string(&name), text_string(&help), HELP_COLUMN);
    }
}

static void exits(const struct page *page, const struct command_exit *list)
{
    heading(page, "Exit status");
    for (list = list ? list : common_exits; list->meaning; list++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%d", list->status);
        entry(page, name, list->meaning, NAME_COLUMN + 3);
    }
}

static void command_help_page(const struct page *page, const struct command *command)
{
    text_printf(page->out, "%ssegue %s%s: %s\n", page->bold, command->name, page->plain, command->summary);
    text_printf(page->out, "\nUsage: segue %s [OPTION]...", command->name);
    manual_arguments(command, page->out);
    text_append_char(page->out, '\n');
    paragraphs(page, command->description);
    if (command->arguments && command->arguments->name)
        heading(page, "Arguments");
    for (const struct command_argument *argument = command->arguments; argument && argument->name; argument++)
        entry(page, argument->name, argument->help, HELP_COLUMN);
    options(page, "Options", command->options);
    options(page, "Options of every command", global_options);
    if (command->examples && command->examples->line)
        heading(page, "Examples");
    for (const struct command_example *example = command->examples; example && example->line; example++) {
        text_printf(page->out, "  %s\n      ", example->line);
        layout_wrap(page->out, example->says, 6, 6, page->width);
        text_append_char(page->out, '\n');
    }
    exits(page, command->exits);
}

static void overview(const struct page *page)
{
    text_printf(
        page->out,
        "%ssegue%s: schema changes without downtime\n\nUsage: segue COMMAND [OPTION]... [ARGUMENT]...\n",
        page->bold, page->plain);
    paragraphs(page, manual_about);
    heading(page, "Commands");
    for (size_t i = 0; commands[i]; i++)
        entry(page, commands[i]->name, commands[i]->summary, COMMAND_COLUMN);
    options(page, "Options of every command", global_options);
    heading(page, "Environment");
    for (const struct manual_variable *variable = manual_environment; variable->name; variable++)
        entry(page, variable->name, variable->help, COMMAND_COLUMN);
    text_append(page->out, "\nsegue help COMMAND tells more of a command.\n");
}

void manual_help(const struct command *command, bool color, int width, struct text *out)
{
    const struct page page = {
        .out = out,
        .bold = color ? "\033[1m" : "",
        .plain = color ? "\033[0m" : "",
        .width = width < 100 ? width : 100,
    };
    if (command)
        command_help_page(&page, command);
    else
        overview(&page);
}
