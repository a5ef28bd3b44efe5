/*
 * Which names of one version's tables and columns are which of another's, as data: read by an engine from what both versions show, and used to ask the other version the
 * same question. Strings are in the arena of whoever had it read.
 */
#ifndef SEGUE_ENGINE_NAMES_H
#define SEGUE_ENGINE_NAMES_H

#include <stddef.h>

#include "base/arena.h"

struct named_column {
    const char *from; /* NULL: the new version's alone */
    const char *to;   /* NULL: the new version does not have it */
};

/* One table as the two versions show it. */
struct named_relation {
    const char *from, *to;
    struct named_column *columns;
    size_t n_columns;
};

/* A relation that is no version's and has a column of a name that differs between the versions. */
struct named_other {
    const char *schema, *relation, *column;
};

struct name_map {
    struct named_relation *relations; /* those alone of which a name differs */
    size_t n_relations;
    struct named_other *others;
    size_t n_others;
};

/* A column of the translation's result, and what the statement calls it. */
struct named_output {
    const char *from, *to;
};

enum translation_kind {
    TRANSLATION_NONE,  /* the statement has no name that differs */
    TRANSLATION_DONE,  /* text asks the new version the same */
    TRANSLATION_UNSURE /* it has, or may have, and what would be the same question cannot be said */
};

struct translation {
    enum translation_kind kind;
    const char *text;             /* of one that is done */
    const char *needs;            /* "email_address for email, people for users" */
    struct named_output *outputs; /* where * has columns of other names */
    size_t n_outputs;
    const char *why_not; /* in words */
};

/* What the statement calls a column that its translation's result has under this name. */
const char *translation_output(const struct translation *translation, const char *name);

#endif
