/*
 * Errors are values. A function that can fail returns false and fills a struct error; whoever can act
 * on it acts, and only a command prints it. The class says what a caller may do next.
 */
#ifndef SEGUE_BASE_ERROR_H
#define SEGUE_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/must.h"

enum error_class {
    ERROR_NONE = 0,
    ERROR_REFUSED,     /* nothing was touched: the request cannot be served, and the text says why */
    ERROR_USAGE,       /* the command line is wrong */
    ERROR_BUSY,        /* a lock or timeout: back off and try again */
    ERROR_LOST,        /* the connection is gone and the outcome unknown: reconnect and ask the probe */
    ERROR_ROW,         /* one row cannot be handled */
    ERROR_RESOURCE,    /* out of disk, memory, connections: stop, resumable */
    ERROR_DATABASE,    /* the server refused a statement for any other reason */
    ERROR_INTERRUPTED, /* the user asked to stop; resumable */
    ERROR_BUG          /* cannot happen; stop and keep everything */
};

struct error {
    enum error_class class;
    char sqlstate[6];   /* five characters from the server, or "" */
    int position;       /* character of the statement that the server points at, from 1; 0: none */
    char where[256];    /* "file:line:column" or a step id, or "" */
    char message[1024]; /* what was found; one line, no final newline */
    char detail[2048];  /* facts: sample keys, blocking sessions; may hold several lines */
    char hint[1024];    /* what to do */
};

/* Fills *err with a class and message and clears the rest. Always returns false, so that a function can
 * `return error_set(err, ...)`. */
bool error_set(struct error *err, enum error_class class, const char *format, ...) SEGUE_PRINTF(3, 4);
/* Each replaces one field of an error already set. Returns false as well. */
bool error_hint(struct error *err, const char *format, ...) SEGUE_PRINTF(2, 3);
bool error_detail(struct error *err, const char *format, ...) SEGUE_PRINTF(2, 3);
bool error_where(struct error *err, const char *format, ...) SEGUE_PRINTF(2, 3);
/* Forgets the error. */
void error_clear(struct error *err);
/* The class as a word for JSON output: "refused", "busy", ... Static storage. */
const char *error_class_name(enum error_class class);

#endif
