/*
 * Whether two answers to one statement say the same. Pure: answers in, the first difference out. Rows count in their order as far as the statement asks for one:
 * rows of equal sort keys, and all rows of a statement without ORDER BY, may come in any.
 */
#ifndef SEGUE_COMPARE_ANSWER_H
#define SEGUE_COMPARE_ANSWER_H

#include "engine/compare.h"

struct answer_rules {
    const struct answer_order *order;
    const char *const *ignored; /* columns of the result, by name */
    size_t n_ignored;
    double tolerance; /* of floating-point numbers, relative */
    uint64_t salt;    /* of hashes */
    bool values;      /* the difference shows values */
};

enum answer_kind {
    ANSWER_SAME,
    ANSWER_ERROR,   /* one failed, or they failed differently */
    ANSWER_COLUMNS, /* other columns */
    ANSWER_COUNT,   /* another number of rows */
    ANSWER_ROWS,    /* other rows */
    ANSWER_ORDER    /* the same rows in another order */
};

struct answer_difference {
    enum answer_kind kind;
    const char *what;    /* in words, without values */
    size_t row;          /* of the first answer, from 1; 0: none */
    const char *columns; /* whose values differ there; NULL: the row is not there at all */
    uint64_t hash;       /* of that row; 0: none */
    const char *values;  /* "column: new instead of old"; NULL: not asked for */
    bool any_rows;       /* LIMIT without a full order: other rows may be as right */
};

/* A word for programs: "rows". */
const char *answer_kind_name(enum answer_kind kind);
/* Strings are in the arena. */
void answer_compare(const struct answer *current, const struct answer *new, const struct answer_rules *rules,
                    struct arena *arena, struct answer_difference *out);

#endif
