/*
 * A command of the command line as data. From this one table come parsing, `--help`, the man pages, shell completion
 * and docs/cli.md; a command adds only its run function. Everything is static; lists end with an empty element.
 */
#ifndef SEGUE_CLI_COMMAND_H
#define SEGUE_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/engine.h"

/* What a shell may offer as a value. */
enum value_kind { VALUE_TEXT, VALUE_FILE, VALUE_DIRECTORY, VALUE_WORDS };

/* An option: `--name` or `--name VALUE`. */
struct command_option {
    const char *name;     /* without dashes */
    char letter;          /* short form, or 0 */
    const char *value;    /* the value's name in the help, "URL"; NULL: the option is a switch */
    const char *help;     /* one or two sentences with a full stop */
    const char *fallback; /* the value when it is not given, also shown in the help; or NULL */
    bool repeated;        /* may be given several times */
    enum value_kind kind;
    const char *words; /* VALUE_WORDS: the words allowed, separated by spaces; others are refused */
};

struct command_argument {
    const char *name; /* "FILE" */
    const char *help;
    bool optional;
    enum value_kind kind;
    const char *words; /* as above */
    bool repeated;     /* the last one: may be given several times */
};

struct command_exit {
    int status;
    const char *meaning;
};

struct command_example {
    const char *line; /* as typed, without prompt */
    const char *says; /* what it does */
};

struct invocation;

struct command {
    const char *name;
    const char *summary; /* a few words without a full stop: "show what a migration would do" */
    const struct command_option *options;     /* its own, ended by {0}; NULL: none */
    const struct command_argument *arguments; /* ended by {0}; NULL: none */
    const char *const *description;           /* paragraphs, ended by NULL */
    const struct command_example *examples;   /* ended by {0}; NULL: none */
    const struct command_exit *exits;         /* ended by {0, NULL}; NULL: the common ones */
    /*
     * Does the work and prints to stdout. On failure fills *err and returns false; the caller prints the error and makes the
     * exit status from its class. A command that worked and found something sets invocation->status to 1 and returns true.
     */
    bool (*run)(struct invocation *call, struct error *err);
};

/* A command line, parsed. */
struct invocation {
    const struct command *command;
    const struct engine *engine;
    struct arena *arena; /* lives as long as the command */
    const char *
        url; /* --url, else SEGUE_URL, else NULL: libpq's own environment. May hold a password: never print it */
    const char *schema;     /* --schema */
    bool json;              /* --json: exactly one JSON document on stdout */
    bool color;             /* stdout is a terminal and neither NO_COLOR nor --no-color says otherwise */
    const char **arguments; /* in order; missing optional ones are absent */
    size_t n_arguments;
    struct given_option *given;
    size_t n_given;
    int status; /* exit status when run returns true */
};

/* An option as it stood on the command line, or in a file of settings. */
struct given_option {
    const struct command_option *option;
    const char *value; /* NULL for a switch */
    const char *where; /* file:line; NULL: on the command line */
};

/* --- What a run function asks --- */

/* True when the option was given. */
bool given(const struct invocation *call, const char *option);
/* Its value: the last one given, else the fallback, else NULL. */
const char *given_value(const struct invocation *call, const char *option);
/* All values of a repeated option in order, in the call's arena. */
const char **given_values(const struct invocation *call, const char *option, size_t *n);
/* Its value as a number between min and max; *out stays as it is when there is neither value nor fallback. Error: ERROR_USAGE. */
bool given_long(const struct invocation *call, const char *option, long min, long max, long *out,
                struct error *err) SEGUE_MUST_CHECK;
bool given_double(const struct invocation *call, const char *option, double min, double max, double *out,
                  struct error *err) SEGUE_MUST_CHECK;
/* A duration in milliseconds: 100ms, 5s, 1.5s, 2m, 1h. A number alone means seconds. Otherwise as above. */
bool given_duration_ms(const struct invocation *call, const char *option, double min_ms, double max_ms,
                       double *out_ms, struct error *err) SEGUE_MUST_CHECK;
/* The argument at this place, or NULL. */
const char *argument_at(const struct invocation *call, size_t index);

/* Opens a session of the engine for this call's URL. `application_name`: "segue status". With `work` the server ends the
 * session soon after its client is gone, as a session that changes something must. */
bool call_open(const struct invocation *call, const char *application_name, bool work, struct session **out,
               struct error *err) SEGUE_MUST_CHECK;

/* --- The commands, each in a file of its own --- */

extern const struct command command_init, command_plan, command_start, command_status, command_pause,
    command_resume, command_complete, command_rollback, command_history, command_use, command_url,
    command_pending, command_verify, command_drive, command_demo, command_lint, command_baseline,
    command_audit, command_export, command_rehearse, command_gateway, command_ramp, command_compare,
    command_help, command_completion;

/* All commands in the order of the help, ended by NULL. */
extern const struct command *const commands[];
/* Options that every command takes, ended by {0}. */
extern const struct command_option global_options[];
/* The exit statuses of commands that list none of their own, ended by {0, NULL}. */
extern const struct command_exit common_exits[];

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);

#endif
