/*
 * Reads segue.toml and its like: the part of TOML that settings need. Tables, lists of tables, keys (bare, quoted, dotted), strings on one line,
 * numbers, booleans, and lists of those. What else TOML has (dates, exponents, inline tables, strings of several lines) is refused by name and place. A key
 * that stands twice is refused.
 */
#ifndef SEGUE_CONFIG_TOML_H
#define SEGUE_CONFIG_TOML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum toml_kind { TOML_STRING, TOML_NUMBER, TOML_FRACTION, TOML_BOOLEAN, TOML_LIST };

struct toml_value {
    enum toml_kind kind;
    const char *string;
    long number;     /* TOML_NUMBER: a whole one */
    double fraction; /* of both kinds of numbers */
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
    size_t entry; /* 0; in a list of tables: which of toml.entries it is, from 1 */
};

/* A [[table]]. */
struct toml_entry {
    const char *table;
    int line;
};

struct toml {
    const char *path;
    struct toml_setting *settings; /* in the file's order */
    size_t n;
    struct toml_entry *entries; /* of all lists of tables, in the file's order */
    size_t n_entries;
};

/* Everything is in the arena. Errors are ERROR_USAGE with their place. */
bool toml_read(struct arena *arena, const char *path, const char *content, struct toml *out,
               struct error *err) SEGUE_MUST_CHECK;
/* "a string", "a number", …: for messages. Static. */
const char *toml_kind_name(enum toml_kind kind);

#endif
