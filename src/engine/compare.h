/*
 * What is asked of an engine to know whether a statement means the same on two versions: what a server says of it without running it, how it reads without
 * its values, and the statements that gateways have seen. Strings are in the arena of the caller.
 */
#ifndef SEGUE_ENGINE_COMPARE_H
#define SEGUE_ENGINE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/session.h"

struct statement_column {
    const char *name;
    const char *type; /* as SQL writes it, with its modifier; of rows of a table also what they hold */
};

/* What a server says of a statement that it has read and not run. */
struct statement_shape {
    const char *sqlstate; /* it cannot be prepared; NULL: it can */
    const char *message;
    bool busy; /* a lock stood in the way: nothing is known */
    struct statement_column *columns;
    size_t n_columns;
    const char **parameters; /* their types */
    size_t n_parameters;
};

/* A statement without its values. */
struct normal {
    const char *text; /* with $n in their place, without comments; NULL: it is not to be kept */
    char fingerprint[20];
    const char *why_not; /* in words that live as long as the program */
};

/* A statement that gateways have seen. */
struct kept_statement {
    const char *fingerprint, *text;
    const char *role;
    const char *version; /* on which its sessions were */
    double calls;
};

struct compare_engine {
    /* The statement is read, and not run. Only a lost connection and a signal of the user are errors. */
    bool (*describe)(struct session *session, const char *text, struct arena *arena,
                     struct statement_shape *out, struct error *err);
    /* Without a server. Only what reads or writes rows is kept: what changes roles may hold passwords. */
    void (*normalise)(const char *text, struct arena *arena, struct normal *out);
    /* Adds calls to those that are kept; the ones longest unseen go when there are too many. */
    bool (*keep)(struct session *session, const struct kept_statement *list, size_t n, struct error *err);
    /* Those that are kept; none where the state does not know them or may not be read, and then why in words. */
    bool (*kept)(struct session *session, struct arena *arena, struct kept_statement **out, size_t *n,
                 const char **why, struct error *err);
};

#endif
