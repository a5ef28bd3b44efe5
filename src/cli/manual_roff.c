/* Man pages in the man macros of roff (groff_man(7)), in ASCII. */
#include <ctype.h>
#include <stdio.h>

#include "cli/manual.h"

/* The code point that begins at *at; moves *at past it. */
static unsigned code_point(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    int more = bytes[0] >= 0xf0 ? 3 : bytes[0] >= 0xe0 ? 2 : bytes[0] >= 0xc0 ? 1 : 0;
    unsigned point = more ? bytes[0] & (0x3fu >> more) : bytes[0];
    int i = 1;
    for (; i <= more && bytes[i]; i++)
        point = point << 6 | (bytes[i] & 0x3fu);
    *at += i;
    return point;
}

/* Text that roff takes literally; a line must not begin with one of its control characters. */
static void escaped(struct text *out, const char *string)
{
    bool line_start = !out->length || out->data[out->length - 1] == '\n';
    while (*string) {
        if ((unsigned char)*string >= 0x80) {
            text_printf(out, "\\[u%04X]", code_point(&string));
            line_start = false;
            continue;
        }
        char c = *string++;
        if (line_start && (c == '.' || c == '\''))
            text_append(out, "\\&");
        switch (c) {
        case '\\': text_append(out, "\\e"); break;
        case '-': text_append(out, "\\-"); break;
        case '\'': text_append(out, "\\(aq"); break;
        case '^': text_append(out, "\\(ha"); break;
        case '~': text_append(out, "\\(ti"); break;
        case '`': text_append(out, "\\(ga"); break;
        default: text_append_char(out, c);
        }
        line_start = c == '\n';
    }
}

static void bold(struct text *out, const char *string)
{
    text_append(out, "\\fB");
    escaped(out, string);
    text_append(out, "\\fR");
}

static void section(struct text *out, const char *title)
{
    text_printf(out, ".SH %s\n", title);
}

static void paragraphs(struct text *out, const char *const *list)
{
    for (bool first = true; list && *list; list++, first = false) {
        text_append(out, first ? "" : ".PP\n");
        escaped(out, *list);
        text_append_char(out, '\n');
    }
}

static void item(struct text *out, const char *name, const char *help)
{
    text_append(out, ".TP\n");
    bold(out, name);
    text_append_char(out, '\n');
    escaped(out, help);
    text_append_char(out, '\n');
}

static void option_items(struct text *out, const struct command_option *option)
{
    for (; option && option->name; option++) {
        text_append(out, ".TP\n");
        if (option->letter)
            text_printf(out, "\\fB\\-%c\\fR, ", option->letter);
        text_append(out, "\\fB\\-\\-");
        escaped(out, option->name);
        text_append(out, "\\fR");
        if (option->value) {
            text_append(out, " \\fI");
            escaped(out, option->value);
            text_append(out, "\\fR");
        }
        text_append_char(out, '\n');
        escaped(out, option->help);
        if (option->fallback) {
            text_append(out, " Default: ");
            escaped(out, option->fallback);
            text_append_char(out, '.');
        }
        text_append_char(out, '\n');
    }
}

static void title(struct text *out, const struct command *command)
{
    text_append(out, ".TH SEGUE");
    for (const char *c = command ? command->name : ""; *c; c++)
        text_printf(out, "%s%c", c == command->name ? "\\-" : "", toupper((unsigned char)*c));
    text_append(out, " 1 \"\" \"segue " SEGUE_VERSION "\" \"segue manual\"\n");
}

static void environment_section(struct text *out)
{
    section(out, "ENVIRONMENT");
    for (const struct manual_variable *variable = manual_environment; variable->name; variable++)
        item(out, variable->name, variable->help);
    text_append(
        out,
        ".PP\nWithout a URL the variables of libpq count as well: PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSFILE "
        "and so on.\n");
}

static void command_page(struct text *out, const struct command *command)
{
    section(out, "NAME");
    text_printf(out, "segue\\-%s \\- ", command->name);
    escaped(out, command->summary);
    text_append_char(out, '\n');
    section(out, "SYNOPSIS");
    text_printf(out, "\\fBsegue %s\\fR [\\fIOPTION\\fR]...", command->name);
    SEGUE_CLEANUP(text_free) struct text arguments = {0};
    manual_arguments(command, &arguments);
    text_printf(out, "\\fI%s\\fR\n", text_string(&arguments));
    section(out, "DESCRIPTION");
    paragraphs(out, command->description);
    for (const struct command_argument *argument = command->arguments; argument && argument->name; argument++)
        item(out, argument->name, argument->help);
    section(out, "OPTIONS");
    option_items(out, command->options);
    text_append(out, ".SS Options of every command\n");
    option_items(out, global_options);
    if (command->examples && command->examples->line)
        section(out, "EXAMPLES");
    for (const struct command_example *example = command->examples; example && example->line; example++)
        item(out, example->line, example->says);
    section(out, "EXIT STATUS");
    for (const struct command_exit *status = command->exits ? command->exits : common_exits; status->meaning;
         status++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%d", status->status);
        item(out, name, status->meaning);
    }
    environment_section(out);
    section(out, "SEE ALSO");
    text_append(out, "\\fBsegue\\fR(1)\n");
}

static void overview(struct text *out)
{
    section(out, "NAME");
    text_append(out, "segue \\- schema changes without downtime\n");
    section(out, "SYNOPSIS");
    text_append(out, "\\fBsegue\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n");
    section(out, "DESCRIPTION");
    paragraphs(out, manual_about);
    section(out, "COMMANDS");
    for (size_t i = 0; commands[i]; i++)
        item(out, commands[i]->name, commands[i]->summary);
    section(out, "OPTIONS");
    option_items(out, global_options);
    section(out, "EXIT STATUS");
    for (const struct command_exit *status = common_exits; status->meaning; status++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%d", status->status);
        item(out, name, status->meaning);
    }
    environment_section(out);
    section(out, "SEE ALSO");
    for (size_t i = 0; commands[i]; i++)
        text_printf(out, "\\fBsegue\\-%s\\fR(1)%s\n", commands[i]->name, commands[i + 1] ? "," : "");
}

void manual_roff(const struct command *command, struct text *out)
{
    title(out, command);
    if (command)
        command_page(out, command);
    else
        overview(out);
}
