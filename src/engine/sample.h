/*
 * A copy of a database for a rehearsal: the source, read in one snapshot and left as it is; which of its rows are taken; and what was
 * taken. Everything lives in the arena that it was opened with.
 */
#ifndef SEGUE_ENGINE_SAMPLE_H
#define SEGUE_ENGINE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

/* An expression that stands in a column's place when rows are read, so that the value itself never leaves the source. */
struct scrub_rule {
    const char *schema, *table, *column;
    const char *expression; /* SQL over the row; or "null", or "hash" */
    const char *where;      /* segue.toml:12 */
};

struct sample_wish {
    double percent;   /* of the rows of a large table; 100: all */
    double whole;     /* tables of fewer rows are taken whole, and of others so many at least */
    const char *salt; /* for "hash": text that nobody knows afterwards */
    const struct scrub_rule *rules;
    size_t n_rules;
    void (*progress)(void *context, const char *table, double rows); /* a table is copied */
    void *context;
};

struct sample_column {
    const char *name, *type;
    bool in_foreign_key; /* of the table's, or of one that points to it */
};

struct sample_table {
    const char *relation; /* quoted, qualified */
    const char *schema, *name;
    bool partitioned;   /* has no rows of its own; figures are those of its partitions */
    double rows, bytes; /* of the source; rows as last counted, by its present size */
    struct sample_column *columns;
    size_t n_columns;
    bool whole;                  /* all rows were taken */
    double copied, copied_bytes; /* in the copy */
};

struct sample_role {
    const char *statement; /* that makes it */
    const char *name;
    bool needed; /* something in the database is granted to it, or a policy speaks of it */
};

struct sample_source;

struct sampling {
    const char *snapshot; /* for others who shall read the same */
    const char *version;  /* "15.4" */
    int major;
    const char *database, *user;
    const char *system;    /* the server's identifier; the same on its standbys */
    const char *like;      /* options of CREATE DATABASE for one that sorts and compares so */
    const char **settings; /* lines of a configuration file that bear upon speed */
    size_t n_settings;
    struct sample_role *roles; /* that are not the server's own */
    size_t n_roles;
    const char **own_schemas; /* segue's, not to be copied */
    size_t n_own_schemas;
    struct sample_table *tables;
    size_t n_tables;
    double followed; /* rows taken because others point to them */
    /* Of the source's server, while it was read: how long that took, transactions meanwhile, sessions of others at work then. */
    double read_seconds, read_transactions, read_sessions;
    struct sample_source *source;
};

#endif
