/* Verification: both shapes of the rows that a migration has, compared. What a pass found, and how far one can trust it later. */
#ifndef SEGUE_ENGINE_VERIFY_H
#define SEGUE_ENGINE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/session.h"
#include "plan/plan.h"

struct walk_progress;

/* A row whose shapes differ. Strings in the arena that the caller gave. */
struct difference {
    const char *table;     /* schema.table */
    const char *key;       /* "(id) = (5)" */
    const char *old_shape; /* what its old version reads, readable; NULL where it cannot be read */
    const char *new_shape;
    const char *error; /* the server's message, where the row cannot even be compared */
    bool mended;
};

/* Rows of one table that are compared in one snapshot. */
struct compare_range {
    const char **after; /* the key before the first; NULL: from the first on */
    size_t n_after;
    const char **upto; /* the last key, included; for pages the first page after */
    size_t n_upto;
    long rows; /* as many were wanted */
};

enum mend { MEND_NOTHING, MEND_OLD, MEND_NEW };

struct compare_result {
    double rows;
    double differences; /* rows found; mended of them */
    double mended;
    struct difference *list; /* the first `limit` of them */
    size_t n_list;
};

/* A pass as the state tables have it. */
struct pass {
    const char *kind; /* "start", "verify" */
    double rows, differences, mended;
    double seconds_ago;
    const char *ended_at; /* ISO 8601; of its begin, where it was cut off */
};

/* What is known of a migration that is live. */
struct verification {
    bool known; /* the state tables have passes; false: those of an earlier segue */
    bool has_complete, has_found;
    struct pass complete; /* the last one that looked at every row */
    struct pass found;    /* a later one that left differences */
    bool moved;           /* what keeps the shapes in step was changed since */
    const char *disabled; /* triggers that are switched off, or NULL */
};

#endif
