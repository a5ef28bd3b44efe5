/*
 * A statement of the file that segue runs as it stands: nothing of it is a change of a table's shape. What is kept of it is
 * what must be known to run it at the right time and under the right names.
 */
#ifndef SEGUE_MIGRATION_STATEMENT_H
#define SEGUE_MIGRATION_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

/* The name of a table, index, type or anything else as written; schema is NULL when it was not qualified. */
struct name {
    const char *schema;
    const char *name;
};

/* Where a statement runs unless the file says another phase. */
enum statement_place {
    STATEMENT_UNPLACED, /* nobody can tell but the file */
    STATEMENT_EXPAND,   /* before anything else: both versions see it */
    STATEMENT_CONTRACT, /* at `complete` */
    STATEMENT_VERSIONED /* at `complete`, and at activation for the new version alone, in its own schema */
};

enum statement_object {
    OBJECT_OTHER,
    OBJECT_VIEW,
    OBJECT_MATERIALIZED_VIEW,
    OBJECT_FUNCTION, /* and procedures */
    OBJECT_TRIGGER,
    OBJECT_POLICY,
    OBJECT_STATISTICS,
    OBJECT_PUBLICATION,
    OBJECT_SCHEMA,
    OBJECT_EXTENSION,
    OBJECT_SEQUENCE,
    OBJECT_PRIVILEGE, /* GRANT, REVOKE on tables and views */
    OBJECT_TABLE,     /* a command of ALTER TABLE */
    OBJECT_ROWS       /* INSERT */
};

enum statement_verb { VERB_OTHER, VERB_CREATE, VERB_REPLACE, VERB_ALTER, VERB_DROP };

/* A name in the statement's text, at bytes [begin, end). */
struct statement_mention {
    struct name name;
    size_t begin, end;
};

struct statement_def {
    const char *what; /* its leading words: CREATE VIEW */
    enum statement_place place;
    enum statement_object object;
    enum statement_verb verb;
    /* the objects that are created, altered or dropped; end 0: where the name stands is not known */
    struct statement_mention *subjects;
    size_t n_subjects;
    const char *signature;              /* functions: the input types as written, "(integer, text)" */
    size_t n_arguments;                 /* and how many they are */
    struct statement_mention *mentions; /* other relations that it names, in the order of the text */
    size_t n_mentions;
    struct name *types; /* functions: types of arguments and results */
    size_t n_types;
    const char *clause;      /* ALTER TABLE: the command without the table's name */
    const char *column_head; /* ALTER TABLE … ALTER COLUMN: what stands behind the column's name */
    const char
        *lock; /* that it takes on the tables it names: "SHARE ROW EXCLUSIVE"; NULL: none to speak of */
    const char *rewrites; /* it writes the whole table anew: the command in words */
    bool cascade;
    bool if_not; /* IF [NOT] EXISTS */
    bool grants; /* it gives rights and takes none */
    bool
        is_trigger; /* a function that returns trigger or event_trigger, or that runs with its owner's rights */
    bool bound;     /* its body is bound to tables when it is made: a view, BEGIN ATOMIC */
    bool fills;     /* it may take its time: rows are read or written */
    bool until_type; /* a change of the column's type takes it back: how its values are stored */
};

#endif
