/*
 * What is known of a database from the statements that were read so far: those of a dump of its schema, and those of the
 * files. It is not complete: what nobody has said is not known, and a relation that is not here may well exist.
 */
#ifndef SEGUE_POSTGRES_LINT_KNOWN_H
#define SEGUE_POSTGRES_LINT_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "lint/model.h"

struct known_column {
    const char *name, *type;
    bool not_null, dropped;
    bool owned;  /* the sequence of its default is its own */
    bool stored; /* generated and stored */
    bool is_virtual;
    const char *sequence; /* of its default */
    int file;             /* that added it; 0: it is of the dump */
};

enum known_constraint_kind {
    KNOWN_CHECK,
    KNOWN_NOT_NULL,
    KNOWN_UNIQUE,
    KNOWN_PRIMARY,
    KNOWN_FOREIGN,
    KNOWN_EXCLUDE
};

struct known_constraint {
    enum known_constraint_kind kind;
    const char *name;
    const char
        *expr; /* CHECK: its words, folded, with one blank between, without the parentheses around all */
    const char **columns;
    size_t n_columns;
    struct known_relation *refers; /* FOREIGN KEY; NULL: not known */
    bool valid, dropped;
    int file; /* that added it; 0: it is of the dump */
};

struct known_index {
    struct known_relation *self;
    const char **columns; /* NULL for an expression */
    size_t n_columns;
    bool unique, partial;
    bool dropped;
};

enum known_kind { KNOWN_TABLE, KNOWN_VIEW, KNOWN_MATERIALIZED_VIEW, KNOWN_SEQUENCE, KNOWN_INDEX };

/* A table, view, index or sequence. */
struct known_relation {
    enum known_kind kind;
    struct name name;
    bool dropped;
    int file; /* that made it; 0: it is of the dump */
    bool unlogged, temporary, partitioned, default_partition;
    bool published;            /* in a publication that names it */
    bool unfilled;             /* a materialized view WITH NO DATA */
    bool identified;           /* REPLICA IDENTITY is FULL or an index */
    bool changed;              /* by the files: rows, or what columns are called or of which type they are */
    const char *partition_key; /* of one column */
    const char *tablespace, *method;
    const char *of_type;
    struct known_relation *parent; /* of a partition */
    struct known_relation **children;
    size_t n_children;
    struct known_column *columns;
    size_t n_columns;
    struct known_constraint *constraints;
    size_t n_constraints;
    struct known_index *indexes;
    size_t n_indexes;
    struct known_relation **referred_by; /* tables with foreign keys to it */
    size_t n_referred_by;
    struct name *sources; /* of a view */
    size_t n_sources;
    struct known_relation *table; /* of an index */
    const char **trigger_functions;
    size_t n_trigger_functions;
};

enum known_type_kind { KNOWN_DOMAIN, KNOWN_ENUM, KNOWN_COMPOSITE };

struct known_type {
    enum known_type_kind kind;
    const char *name;
    const char *base;
    bool constrained;
    struct known_relation **users; /* tables with a column of it */
    size_t n_users;
};

/* A function: 'i'mmutable, 's'table, 'v'olatile; inlined: SQL whose body is one expression. */
struct known_function {
    const char *name;
    char volatility;
    bool inlined;
    bool definer;
};

struct known;

struct known *known_new(struct arena *arena);
/* Statements from here on are of this file; 0: of the dump. */
void known_file(struct known *known, int file);
int known_file_now(const struct known *known);

struct known_relation *known_relation(const struct known *known, struct name name);
struct known_column *known_column(const struct known_relation *relation, const char *name);
struct known_constraint *known_constraint(const struct known_relation *relation, const char *name);
/* Whether a key, index or constraint has the column. */
bool known_has_column(const char *const *columns, size_t n, const char *column);
struct known_type *known_type(const struct known *known, const char *name);
struct known_function *known_function(const struct known *known, const char *name);
/* Whether a file so far may have changed rows of the relation, or what its columns are. */
bool known_is_changed(const struct known *known, struct name relation);
/* Whether each index of the table has one over the same columns in its partition to be. */
bool known_has_indexes_of(const struct known_relation *child, const struct known_relation *relation);
/* Whether there is a publication of all tables. */
bool known_publishes_all(const struct known *known);
/* Whether a file so far has dropped something of that name: a view, function, constraint, trigger, policy. */
bool known_is_gone(const struct known *known, const char *name);
/* --- Names that files have changed, so that a database says nothing of them any more --- */

/* From here on they are kept; only a database at hand asks for them. */
void known_watch(struct known *known);
/* What an action makes, drops or renames, and a new name; returns how many. */
enum { KNOWN_NAMES = 5 };
size_t known_names(const struct lint_action *action, const char *names[KNOWN_NAMES]);
/* False where statements so far may have done what nobody has read: code, commands of psql's, ROLLBACK, CASCADE, another search path. */
bool known_is_sure(const struct known *known);
/* Whether a file so far has made, dropped or renamed something of that name. */
bool known_is_touched(const struct known *known, const char *name);
/* Whether a file so far has dropped a column or a constraint of the table, and indexes with it. */
bool known_has_shed(const struct known *known, const char *table);
/* Whether the server may have given the name to an index, constraint or sequence of a table that a file has changed. */
bool known_may_be_chosen(const struct known *known, const char *name);
/* Before the statements of a file: its content. */
void known_note_file(struct known *known, const char *content);

/* The relation is found by this name as well. */
void known_also_called(struct known *known, struct name name, struct name also);
/* Setting of the session: "UTC" for the time zone; NULL: not set by a file. */
const char *known_time_zone(const struct known *known);
/* All relations in the order in which they were made, for the few questions that need to look at all. */
struct known_relation *const *known_relations(const struct known *known, size_t *n);

/* Carries out the statement. text is the file's. */
void known_apply(struct known *known, const struct lint_statement *statement);

/* The words of a range of the file, folded, with one blank between and without parentheses around all. */
const char *known_words(struct arena *arena, const char *text, struct lint_slice slice);

#endif
