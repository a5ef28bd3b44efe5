/* What differs between what two versions make of one statement, without running it. Pure: shapes in, differences out. */
#ifndef SEGUE_COMPARE_SHAPE_H
#define SEGUE_COMPARE_SHAPE_H

#include "engine/compare.h"

enum shape_kind {
    SHAPE_ERROR,        /* the new version cannot prepare it */
    SHAPE_COLUMN_GONE,  /* a column of the result */
    SHAPE_COLUMN_NEW,   /* likewise */
    SHAPE_COLUMN_TYPE,  /* the same column has another type or modifier */
    SHAPE_COLUMN_ORDER, /* the same columns in another order */
    SHAPE_PARAMETER     /* another type, or another number of them */
};

struct shape_difference {
    enum shape_kind kind;
    const char *what; /* in words */
};

struct shape_differences {
    struct shape_difference *list;
    size_t n;
};

enum shape_verdict {
    SHAPE_SAME,
    SHAPE_RENAMED, /* the same, when it is asked with the new version's names */
    SHAPE_DIFFERS,
    SHAPE_NEW_ALONE, /* the current version cannot prepare it, the new one can: it is asked by who is on the new one already */
    SHAPE_NEITHER, /* neither can */
    SHAPE_UNKNOWN  /* a lock stood in the way */
};

/* A word for programs: "column_gone". */
const char *shape_kind_name(enum shape_kind kind);
/* The differences are listed for SHAPE_DIFFERS alone; in the arena. */
enum shape_verdict shape_compare(const struct statement_shape *current, const struct statement_shape *new,
                                 struct arena *arena, struct shape_differences *out);

#endif
