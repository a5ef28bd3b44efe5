/*
 * Forms of PostgreSQL 16 to 18 that the grammar of libpg_query, which is 15's, refuses: put into words that it takes and
 * that are as long, so that every byte stays where it is.
 */
#ifndef SEGUE_POSTGRES_LINT_NEWER_H
#define SEGUE_POSTGRES_LINT_NEWER_H

#include <stdbool.h>
#include <stddef.h>

#include "postgres/lint/sql.h"

/* A form that is there: the first release that has it, the words, and the byte of the file where they stand. */
struct newer_form {
    int since;
    const char *words;
    size_t at;
};

/* Rewrites a copy of the statement whose tokens `sql` has; copy[0] is the byte at tokens[0].begin. *newest: the form of the
 * latest release among them. False: none is there, and the copy is as it was. */
bool newer_replace(const struct sql *sql, char *copy, struct newer_form *newest);

#endif
