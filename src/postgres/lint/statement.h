/* One statement, by its words, as actions of the model. What they do to tables is effects.h's. */
#ifndef SEGUE_POSTGRES_LINT_STATEMENT_H
#define SEGUE_POSTGRES_LINT_STATEMENT_H

#include "lint/model.h"
#include "postgres/lint/sql.h"

/* Fills the statement's actions. Never fails: what no reader knows is one action LINT_OTHER. */
void statement_read(struct sql *sql, struct lint_statement *out);

/* A constraint or default in a column's definition. */
struct column_part {
    unsigned
        flag; /* which: LINT_NOT_NULL, LINT_HAS_DEFAULT, LINT_CHECK, LINT_REFERENCES, LINT_UNIQUE, LINT_PRIMARY, … */
    const char *name; /* of the constraint, or NULL */
    struct lint_slice place;
    size_t body; /* the byte behind CONSTRAINT and its name */
};

/* The parts of ADD COLUMN at that place of the text, in their order. */
void statement_column_parts(struct arena *arena, const char *text, struct lint_slice place,
                            struct column_part **out, size_t *n);

#endif
