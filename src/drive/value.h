/*
 * Makes values that a column takes: modest, readable, and different from all others where something must be unique. A run
 * draws its unique values from one counter and the time it began, so that two runs do not meet either.
 */
#ifndef SEGUE_DRIVE_VALUE_H
#define SEGUE_DRIVE_VALUE_H

#include <stdatomic.h>
#include <stdint.h>

#include "drive/row.h"
#include "drive/shape.h"

struct maker {
    uint64_t state;          /* of the random numbers; not zero */
    struct session *session; /* for overrides */
    atomic_ullong *counter;  /* shared by all workers of the run */
    uint64_t run;            /* when the run began, in seconds */
    int null_percent;
};

/* A number from 0 to below - 1. */
uint64_t maker_random(struct maker *maker, uint64_t below);
/* Gives new values to the columns listed, those of a foreign key together from one row of its pool. */
bool maker_fill(struct maker *maker, const struct shape *shape, const int *columns, size_t n, struct row *row,
                struct error *err) SEGUE_MUST_CHECK;
/* One value for a column without a foreign key or an override, to be freed; NULL for SQL NULL. */
char *maker_value(struct maker *maker, const struct shape_column *column);

#endif
