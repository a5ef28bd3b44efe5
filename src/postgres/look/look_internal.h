/* What the parts that look into a database share. */
#ifndef SEGUE_POSTGRES_LOOK_LOOK_INTERNAL_H
#define SEGUE_POSTGRES_LOOK_LOOK_INTERNAL_H

#include "postgres/lint/known.h"
#include "postgres/look/look.h"

/* A table as it was when it was asked for first. */
struct look_table {
    struct name name;     /* as the files say it */
    const char *relation; /* quoted, qualified; NULL: not there */
    const char *key;      /* the columns of the primary key, quoted, divided by commas; NULL: there is none */
    bool readable;        /* its rows */
    bool numbers_told;    /* how far its numbers have come */
    struct lint_table told;
};

struct look {
    struct lint_source source;
    struct session *session;
    struct arena *arena;
    const struct known *known;
    bool exact;
    double counted;      /* seconds for which statistics of use count */
    const char **schema; /* statement, schema and name in turn: sql/lint_schema.sql */
    size_t n_schema;
    struct look_table **tables;
    size_t n_tables;
    char why[512]; /* the last question had no answer */
};

/* *rows is the answer; false: there is none, and look->why says why not. */
bool look_ask(struct look *look, const char *sql, size_t n, const char *const *values,
              struct rows **rows) SEGUE_MUST_CHECK;
double look_number(const struct rows *rows, size_t row, size_t column);
/* Never NULL. */
struct look_table *look_table(struct look *look, struct name name);

/* Nobody has looked, for that reason. */
struct lint_answer look_not_at(struct arena *arena, const char *format, ...) SEGUE_PRINTF(2, 3);

/* The answers, one for each question. */
struct lint_answer look_rows(struct look *look, const struct lint_statement *statement,
                             const struct lint_action *action, struct arena *arena);
struct lint_answer look_type(struct look *look, const struct look_table *table,
                             const struct lint_statement *statement, const struct lint_action *action,
                             struct arena *arena);
struct lint_answer look_missing(struct look *look, const struct lint_statement *statement,
                                const struct lint_action *action, struct arena *arena);
struct lint_answer look_taken(struct look *look, const struct lint_statement *statement,
                              const struct lint_action *action, struct arena *arena);
struct lint_answer look_dependants(struct look *look, const struct lint_action *action, struct arena *arena);
struct lint_answer look_readers(struct look *look, const struct lint_action *action, struct arena *arena);
struct lint_answer look_numbers(struct look *look, const struct lint_action *action, struct arena *arena);

/* --- Rows that fulfil a condition --- */

/* A condition in SQL over the table's row, called t. What they are: "with null in amount". Whole: the table must be read as a whole to
 * tell (duplicates), or any part of it tells something. */
struct lint_answer look_count(struct look *look, const struct look_table *table, const char *condition,
                              const char *what, struct arena *arena);
/* The same for a query of sample keys, one for each thing that is found. */
struct lint_answer look_keys(struct look *look, const char *query, const char *what, struct arena *arena);
/* What stands for a row: its key, or its place. */
const char *look_key_of(const struct look_table *table, struct arena *arena);
/* Whether the table is too large to be read without being asked to. */
bool look_is_large(const struct look *look, const struct look_table *table);
/* The expression of a file, if it can be asked of the server without doing anything: its printed tree; else NULL. */
const char *look_expression(struct look *look, const char *text, struct lint_slice slice,
                            struct arena *arena);

#endif
