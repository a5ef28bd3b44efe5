/* The file of settings of a gateway: each key is an option, as if it had been given. */
#ifndef SEGUE_CLI_GATEWAY_FILE_H
#define SEGUE_CLI_GATEWAY_FILE_H

#include "cli/command.h"
#include "gateway/rules.h"

/* What an option wants in the file. */
enum setting_kind {
    SETTING_TEXT,
    SETTING_URL,    /* a text that may hold a password */
    SETTING_PLACES, /* one, or a list of them */
    SETTING_SWITCH,
    SETTING_WHOLE, /* an unsigned number */
    SETTING_NUMBER,
    SETTING_SECONDS, /* a duration as on the command line, or a number of seconds */
    SETTING_LAG      /* that, or an amount of the server's log: "64MB" */
};

/* The kind of the setting of that name; false: there is none. */
typedef bool setting_finder(const char *name, enum setting_kind *kind);

/* Reads the file into options that are put before those of the command line, where these do not say it themselves, and into rules. Everything is in the
 * call's arena. ERROR_USAGE with its place: it is not what it must be, or it holds a password and others may read it. */
bool gateway_file_read(struct invocation *call, const char *path, setting_finder *find, struct rules **rules,
                       struct error *err) SEGUE_MUST_CHECK;

#endif
