/* The command line into an invocation, by the table of commands. */
#ifndef SEGUE_CLI_PARSE_H
#define SEGUE_CLI_PARSE_H

#include "cli/command.h"

/*
 * Fills command, options, arguments, schema, url and json of *call, whose arena the caller has set. call->command stays NULL
 * when the line names none (only --help, --version or nothing). Options may stand anywhere; `--` ends them. The value of
 * --url is copied and then overwritten with asterisks in argv, so that ps never shows a password for long. Arguments are not counted when
 * --help was asked for. Error: ERROR_USAGE with a hint.
 */
bool parse_command_line(int argc, char **argv, struct invocation *call, struct error *err) SEGUE_MUST_CHECK;

/* A duration as milliseconds: 100ms, 5s, 1.5s, 2m, 1h; a number alone means seconds. False when it is none. */
bool parse_duration_ms(const char *string, double *out_ms) SEGUE_MUST_CHECK;

/* Whether the value is one of the words, which are separated by spaces. */
bool parse_word_allowed(const char *words, const char *value);

#endif
