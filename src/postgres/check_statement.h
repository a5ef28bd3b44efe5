/* What the files that try statements share (check_statement.c, check_statement_copy.c, check_block.c). */
#ifndef SEGUE_POSTGRES_CHECK_STATEMENT_H
#define SEGUE_POSTGRES_CHECK_STATEMENT_H

#include "postgres/check_internal.h"

struct statement_trial {
    struct check_run *run;
    const char **twins; /* tables of the schema that have one */
    size_t n_twins;
    const char **views; /* of the file, that could be made */
    size_t n_views;
    const char **seen; /* tables in whose place the new version sees views */
    size_t n_seen;
};

/* Whether `-- segue: phase contract` stands above it. */
bool statement_marked_contract(const struct migration *migration, const struct change *change);

/* Tries the new version's copy, where it has one. found: what the server says of it over views; no SQLSTATE: nothing. */
bool statement_try_copy(struct statement_trial *trial, const struct change *change, const char *sql,
                        struct error *found, struct error *err) SEGUE_MUST_CHECK;
/* What psql takes over tables, and a copy over views is refused. */
bool statement_refuse_copy(struct statement_trial *trial, const struct change *change,
                           const struct error *found, struct error *err) SEGUE_MUST_CHECK;

/* Compiles the body of a DO block without running it. */
bool check_block(struct check_run *run, const struct change *change, struct error *err) SEGUE_MUST_CHECK;

#endif
