/* What the files of a rebuild share. */
#ifndef SEGUE_POSTGRES_PLANNER_REBUILD_INTERNAL_H
#define SEGUE_POSTGRES_PLANNER_REBUILD_INTERNAL_H

#include "postgres/planner/rebuild.h"

/* The names that belong to one rebuild. */
struct rebuild {
    struct steps *steps;
    struct arena *arena;
    const struct model_table *table;
    const char *place;   /* the schema of the new table, bare */
    const char *copy;    /* the new table, quoted and qualified */
    const char *journal; /* of the keys of changed rows */
    const char *capture; /* trigger function */
    const char *apply, *sift;
    size_t created;      /* the step that makes the copy, among those of the plan */
    const char *copying; /* the step that copies the rows: those that it leaves are listed under its id */
    const char **keys, **key_types;
    size_t n_keys;
    const char *columns, *values; /* what a row of the copy takes from one of the table */
};

/* "_segue_k1, _segue_k2" and "a, b", with a prefix each. In the arena. */
const char *rebuild_journal_keys(const struct rebuild *rebuild, const char *prefix);
const char *rebuild_table_keys(const struct rebuild *rebuild, const char *prefix);
/* The step that begins to note the keys of rows that change. */
void rebuild_capture(struct rebuild *rebuild);
/* CREATE FUNCTION of the one that copies rows with these keys again: rebuild->apply(indexed boolean, migration bigint). In the
 * arena. */
const char *rebuild_apply_function(const struct rebuild *rebuild);
/* CREATE FUNCTION of the one that does so row by row, leaving and listing those that fail: rebuild->sift(migration bigint). */
const char *rebuild_sift_function(const struct rebuild *rebuild);
/* The query that says 0 when both tables hold the same rows. In the arena. */
const char *rebuild_compare(const struct rebuild *rebuild);

#endif
