/*
 * Reads segue.toml: the part of TOML that settings need. Tables, keys (bare, quoted, dotted), strings on one line, whole numbers, booleans,
 * and lists of those. What else TOML has (dates, fractions, inline tables, lists of tables, strings of several lines) is refused by
 * name and place. A key that stands twice is refused.
 */
#ifndef SEGUE_CONFIG_TOML_H
#define SEGUE_CONFIG_TOML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum toml_kind { TOML_STRING, TOML_NUMBER, TOML_BOOLEAN, TOML_LIST };

struct toml_value {
    enum toml_kind kind;
    const char *string;
    long number;
    bool boolean;
    struct toml_value *items;
    size_t n_items;
};

/* One setting: `key` of [table]. In a dotted key all but the last part belong to the table. */
struct toml_setting {
    const char *table; /* "lint.rules"; "" at the top */
    const char *key;
    struct toml_value value;
    int line;
};

struct toml {
    const char *path;
    struct toml_setting *settings; /* in the file's order */
    size_t n;
};

/* Everything is in the arena. Errors are ERROR_USAGE with their place. */
bool toml_read(struct arena *arena, const char *path, const char *content, struct toml *out,
               struct error *err) SEGUE_MUST_CHECK;
/* "a string", "a number", …: for messages. Static. */
const char *toml_kind_name(enum toml_kind kind);

#endif
