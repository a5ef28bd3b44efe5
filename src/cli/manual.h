/* Help, man pages, completion and the reference page, all made from the table of commands. A NULL command means segue itself. */
#ifndef SEGUE_CLI_MANUAL_H
#define SEGUE_CLI_MANUAL_H

#include "base/text.h"
#include "cli/command.h"

/* `segue --help` and `segue CMD --help`, wrapped to the width. */
void manual_help(const struct command *command, bool color, int width, struct text *out);
/* segue.1 or segue-CMD.1 in roff's man macros, ASCII only. */
void manual_roff(const struct command *command, struct text *out);
/* docs/cli.md: every command in one page. */
void manual_markdown(struct text *out);
/* The completion script of a shell: bash, zsh or fish. False when it is another. */
bool manual_completion(const char *shell, struct text *out);

/* "FILE", "[COMMAND]": the words after the command's name in a synopsis. */
void manual_arguments(const struct command *command, struct text *out);
/* What segue is, in paragraphs ended by NULL. */
extern const char *const manual_about[];
/* Environment variables that segue reads itself; ended by {NULL, NULL}. */
struct manual_variable {
    const char *name, *help;
};
extern const struct manual_variable manual_environment[];

#endif
