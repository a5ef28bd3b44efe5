/*
 * A data fix: an UPDATE or DELETE of the file. Where it is about single rows of one table, it is taken apart, so that it can be
 * done chunk by chunk.
 */
#ifndef SEGUE_MIGRATION_DATA_FIX_H
#define SEGUE_MIGRATION_DATA_FIX_H

#include <stdbool.h>
#include <stddef.h>

struct data_fix {
    bool remove; /* DELETE */
    const char
        *whole; /* why it is one statement and cannot be taken apart: "it has a FROM clause"; NULL: it can */
    const char *table;    /* its name as written, without a schema */
    const char *alias;    /* what its expressions call the table */
    const char *set;      /* the list behind SET; NULL: DELETE */
    const char *where;    /* or NULL */
    const char **targets; /* the columns that it sets, distinct */
    size_t n_targets;
    const char **reads; /* the columns that it reads; with a subquery a superset */
    size_t n_reads;
    bool has_subquery;
};

#endif
