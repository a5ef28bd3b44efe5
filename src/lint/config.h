/* What segue.toml says of lint: [lint] and [lint.rules]. */
#ifndef SEGUE_LINT_CONFIG_H
#define SEGUE_LINT_CONFIG_H

#include "config/toml.h"
#include "lint/lint.h"

struct lint_config {
    int server_major; /* pg-version; 0: not said */
    const char **schema_files;
    size_t n_schema_files;
    bool in_transaction;
    enum lint_level least;   /* level; LINT_NOTHING: not said */
    enum lint_level fail_on; /* likewise */
    struct lint_levels levels;
};

/* Other tables are other commands'. What is unknown in these two is an error, with its place. */
bool lint_config_read(struct arena *arena, const struct toml *toml, struct lint_config *out,
                      struct error *err) SEGUE_MUST_CHECK;
/* The level of that name; "off": LINT_NOTHING. False: there is no such level. */
bool lint_level_named(const char *name, enum lint_level *out);

#endif
