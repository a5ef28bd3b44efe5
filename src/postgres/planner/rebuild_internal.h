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
    const char *apply;
    const char **keys, **key_types;
    size_t n_keys;
    const char *columns, *values; /* what a row of the copy takes from one of the table */
};

/* The step that begins to note the keys of rows that change. */
void rebuild_capture(struct rebuild *rebuild);
/* CREATE FUNCTION of the one that copies rows with these keys again: rebuild->apply(indexed boolean). In the arena. */
const char *rebuild_apply_function(const struct rebuild *rebuild);
/* The query that says 0 when both tables hold the same rows. In the arena. */
const char *rebuild_compare(const struct rebuild *rebuild);

#endif
