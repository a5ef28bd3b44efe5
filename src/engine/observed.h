/*
 * What a rehearsal sees of sessions at work on its copy: locks, waits, statements that take long, sequences, and how recorded statements
 * would be executed. Strings are in the arena of the caller.
 */
#ifndef SEGUE_ENGINE_OBSERVED_H
#define SEGUE_ENGINE_OBSERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A lock on a relation, held or awaited by some session. */
struct observed_lock {
    int pid;
    bool own;             /* of a session of segue's that carries a migration out; else an application's */
    const char *holding;  /* tells one transaction of a session from the next */
    const char *relation; /* quoted, qualified; NULL: the lock is on a row, or on what has no name yet */
    const char *mode;     /* ACCESS EXCLUSIVE, … */
    bool granted;
    double waited; /* seconds so far; 0: not waiting */
};

/* A statement of an application that is under way. */
struct observed_statement {
    const char *application, *text;
    double seconds; /* so far */
};

/* A sequence that belongs to a column. */
struct observed_sequence {
    const char *name;   /* quoted, qualified */
    const char *column; /* table.column, likewise */
    bool used;
    int64_t last;    /* value given out; 0 unless used */
    bool any;        /* the column has values */
    int64_t highest; /* of them */
};

/* A statement as the target has recorded it, with $1 where values were. */
struct recorded_statement {
    const char *text;
    double calls, mean_ms;
    bool utility; /* no SELECT, INSERT, UPDATE, DELETE or MERGE */
};

/* Statements of a database: those that took most time and those that were called most. Or those of a file, each called as often as the
 * others. */
struct recorded_statements {
    struct recorded_statement *list; /* those that took most time first */
    size_t n;
    double all;        /* how many there are */
    double hidden;     /* how many this role may not see */
    double calls;      /* of all */
    double per_second; /* calls of all, since statements are recorded; 0: not known */
    const char *why;   /* why there are none, in words; or NULL */
};

/* How a statement would be executed. */
struct plan_shape {
    const char *nodes;   /* of its plan, one a line; NULL: it cannot be planned */
    double cost;         /* in the planner's unit */
    const char *why_not; /* in words */
};

#endif
