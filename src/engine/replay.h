/*
 * Recorded statements, made ready to be run again on a copy: which can be, why the others cannot, and values for their parameters, drawn
 * from the copy's own rows.
 */
#ifndef SEGUE_ENGINE_REPLAY_H
#define SEGUE_ENGINE_REPLAY_H

#include "engine/observed.h"

/* A parameter that must be another one in every run, because it is written into what is unique. */
enum replay_fresh {
    FRESH_NOT,
    FRESH_NUMBER, /* what is in the set of values, and a count */
    FRESH_TEXT,   /* a count before what is in the set of values */
    FRESH_UUID
};

struct replay_statement {
    const struct recorded_statement *recorded;
    const char *why_not; /* it is not run; NULL: it can be */
    bool writes;         /* rows of tables, as far as its text tells */
    bool deletes;
    size_t n_parameters;
    enum replay_fresh *fresh; /* of each parameter */
    bool *written; /* each: it goes into a column, and may come from another set than what is looked for */
    const char ***sets; /* values of all parameters at once; NULL is SQL NULL */
    size_t n_sets;      /* at least 1 */
};

#endif
