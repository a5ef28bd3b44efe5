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
#include "engine/names.h"
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

/* What came of a statement whose answers were compared. */
struct compared_statement {
    const char *fingerprint, *text, *role;
    const char *version;     /* that was compared with the current one */
    const char *kind, *what; /* of the last difference; NULL: there was none */
    const char *translated;  /* as the new version was asked it; NULL: as it is */
    double compared, differed, by_itself;
};

/* A column or a place of the result by which a statement sorts. */
struct answer_key {
    const char *name; /* NULL: place counts */
    size_t place;     /* from 1 */
};

/* In what order the rows of a statement come. */
struct answer_order {
    struct answer_key *keys; /* none: in any */
    size_t n_keys;
    bool hidden;  /* it also sorts by what may not be in the result */
    bool limited; /* by LIMIT, OFFSET or DISTINCT ON: not all rows come */
};

/* A statement as a client asked it. */
struct asked {
    const char *text;
    const uint32_t *types; /* of parameters, as far as the client named them; 0: not */
    size_t n_types;
    const char *const *values; /* NULL for NULL; text ends with a zero */
    const int *lengths;
    const int *formats; /* 0 text, 1 binary */
    size_t n_values;
};

/* What came of it, as text. */
struct answer {
    const char *sqlstate, *message; /* it failed; NULL: it did not */
    bool too_long;                  /* for the limits: nothing else counts */
    const char **names;
    bool *inexact; /* columns of floating-point numbers */
    size_t n_columns;
    const char **cells; /* row by row; NULL for NULL */
    size_t n_rows;
};

/* How a statement is asked once more. */
struct asking {
    const char *role;     /* as which it is asked */
    int timeout_ms;       /* of each statement */
    const char *snapshot; /* what is seen is what was seen there; NULL: what is there now */
    unsigned plan;        /* 0: the planner's choice; 1 and 2: other plans, if there are any */
    size_t rows_max, bytes_max;
};

/* Two versions, each through a session with its search path. */
struct compared_versions {
    struct session *old, *new;
    const char *old_version, *new_version;
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
    /* Likewise what came of comparisons, which is added; `noted`: with that version. */
    bool (*note)(struct session *session, const struct compared_statement *list, size_t n, struct error *err);
    bool (*noted)(struct session *session, const char *version, struct arena *arena,
                  struct compared_statement **out, size_t *n, const char **why, struct error *err);
    /* Without a server. False: it is no statement that returns rows. */
    bool (*order)(const char *text, struct arena *arena, struct answer_order *out);
    /* What both call what they share. */
    bool (*names)(const struct compared_versions *versions, struct arena *arena, struct name_map *out,
                  struct error *err);
    /* Without a server: the statement of the old version as the same question to the new one. */
    void (*translate)(const struct name_map *map, const char *text, struct arena *arena,
                      struct translation *out);
    /* Whether what the session's own role may do is more than what the roles may do that it acts as: it is a superuser. */
    bool (*is_mighty)(struct session *session, bool *mighty, struct error *err);
    /* Begins a transaction that only reads, as the role. *snapshot (64 bytes; NULL: not asked for) lets other sessions see the same. Whatever came of it, end with
     * `leave`. ERROR_REFUSED: the session may not act as that role. */
    bool (*enter)(struct session *session, const struct asking *asking, char *snapshot, struct error *err);
    /* What the server says, in the transaction: an error of the statement is an answer. */
    bool (*ask)(struct session *session, const struct asked *asked, const struct asking *asking,
                struct arena *arena, struct answer *out, struct error *err);
    bool (*leave)(struct session *session, struct error *err);
};

#endif
