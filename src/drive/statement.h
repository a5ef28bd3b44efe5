/*
 * The statements of one version for one table, composed once from its shape. A statement's parameters are columns of the
 * row that it is about: what a worker has in mind (struct row) is bound by their numbers. Table names are unqualified where
 * the search path is to tell, and qualified where an application would go past it.
 */
#ifndef SEGUE_DRIVE_STATEMENT_H
#define SEGUE_DRIVE_STATEMENT_H

#include "base/arena.h"
#include "drive/shape.h"

enum statement_kind {
    SELECT_STAR,
    SELECT_COLUMNS,
    INSERT_FULL,     /* names every column that does not fill itself */
    INSERT_DEFAULTS, /* leaves out what has a default */
    UPSERT,
    UPDATE_ONE,
    UPDATE_SOME,
    UPDATE_QUALIFIED, /* past the search path, on the table underneath */
    UPDATE_FUNCTION,  /* in a function with a search path of its own */
    DELETE_ROW,
    CHECK_OWN, /* one boolean a column: is it what was written */
    CHECK_AGREE,
    STATEMENT_KINDS
};

struct statement {
    enum statement_kind kind;
    const char *name; /* of the prepared statement */
    const char *sql;
    const char *set_up; /* to be run once a session before it is prepared, or NULL */
    int *parameters;    /* columns of the shape, in order of $1, $2, … */
    size_t n_parameters;
    int *changes; /* columns that get new values before it is run */
    size_t n_changes;
    bool cold_only; /* changes something unique: not for rows that others refer to or fight over */
};

/* The statements of a table, grouped by kind. */
struct statements {
    struct statement *all;
    size_t n;
    size_t first[STATEMENT_KINDS], count[STATEMENT_KINDS];
};

/* number: of the table, makes the prepared names unique. old: the version whose columns the table underneath still has under
 * their own names. Lives in the arena. */
void statements_make(struct arena *arena, const struct shape *shape, size_t number, bool old,
                     struct statements *out);

/* Counts the rows with this key whose two shapes do not agree, through the table underneath; false when a key column is
 * computed. agree: the plan's condition, which means what it says on the plan's search path: hence a function that has it. */
bool statement_agree(struct arena *arena, const struct shape *shape, size_t number, const char *agree,
                     const char *path, struct statement *out);

#endif
