/*
 * What a file of SQL does, engine-neutral: its statements, what each of their actions does to which relation, which locks
 * they take and what goes on under them. An engine fills it (engine->lint_*); rules look at it and find hazards.
 */
#ifndef SEGUE_LINT_MODEL_H
#define SEGUE_LINT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "migration/statement.h"

/* Weakest first. A lock blocks writes from SHARE on, reads only at ACCESS EXCLUSIVE. */
enum lint_mode {
    LINT_NO_LOCK,
    LINT_ACCESS_SHARE,
    LINT_ROW_SHARE,
    LINT_ROW_EXCLUSIVE,
    LINT_SHARE_UPDATE_EXCLUSIVE,
    LINT_SHARE,
    LINT_SHARE_ROW_EXCLUSIVE,
    LINT_EXCLUSIVE,
    LINT_ACCESS_EXCLUSIVE
};

/* What can be told from what is known; PERHAPS: it depends on something that no file has said. */
enum lint_truth { LINT_NO, LINT_PERHAPS, LINT_YES };

/* What a statement does to one relation that was there before it. */
struct lint_touch {
    struct name relation;
    enum lint_mode mode;
    enum lint_truth rewrite; /* the whole table is written anew */
    enum lint_truth scan;    /* every row is read under the lock; an index that is built, too */
    bool fresh;              /* made by the same file: nobody uses it yet */
    bool unnamed;            /* the statement names an index of it only; the name is the index's */
};

enum lint_act {
    LINT_OTHER,
    LINT_CREATE_TABLE,
    LINT_CREATE_TABLE_AS,
    LINT_ADD_COLUMN, /* and a column of CREATE TABLE, with LINT_IN_CREATE */
    LINT_DROP_COLUMN,
    LINT_RENAME_COLUMN,
    LINT_RENAME_TABLE,
    LINT_RENAME_OTHER, /* an index, a constraint, a type, a schema, …: see what */
    LINT_RENAME_VIEW,
    LINT_SET_SCHEMA,
    LINT_SET_DEFAULT,
    LINT_DROP_DEFAULT,
    LINT_SET_NOT_NULL,
    LINT_DROP_NOT_NULL,
    LINT_ALTER_TYPE,
    LINT_ADD_IDENTITY,
    LINT_DROP_IDENTITY,
    LINT_DROP_EXPRESSION,
    LINT_SET_EXPRESSION,
    LINT_COLUMN_SETTING, /* STATISTICS, n_distinct */
    LINT_COLUMN_STORAGE, /* STORAGE, COMPRESSION */
    LINT_ADD_CHECK,
    LINT_ADD_NOT_NULL, /* as a constraint with a name */
    LINT_ADD_UNIQUE,
    LINT_ADD_PRIMARY_KEY,
    LINT_ADD_FOREIGN_KEY,
    LINT_ADD_EXCLUDE,
    LINT_ALTER_CONSTRAINT,
    LINT_VALIDATE,
    LINT_DROP_CONSTRAINT,
    LINT_CREATE_INDEX,
    LINT_DROP_INDEX,
    LINT_REINDEX,
    LINT_ALTER_INDEX,
    LINT_DROP_TABLE,
    LINT_DROP_VIEW,
    LINT_DROP_MATERIALIZED_VIEW,
    LINT_DROP_SCHEMA,
    LINT_DROP_DATABASE,
    LINT_DROP_TYPE,
    LINT_DROP_FUNCTION,
    LINT_DROP_SEQUENCE,
    LINT_DROP_OTHER,
    LINT_TRUNCATE,
    LINT_CLUSTER,
    LINT_VACUUM,
    LINT_VACUUM_FULL,
    LINT_ANALYZE,
    LINT_LOCK,
    LINT_TABLE_SETTING,
    LINT_SET_LOGGED,
    LINT_SET_UNLOGGED,
    LINT_SET_TABLESPACE,
    LINT_SET_ACCESS_METHOD,
    LINT_ATTACH,
    LINT_DETACH,
    LINT_INHERIT,
    LINT_NO_INHERIT,
    LINT_TABLE_OTHER, /* an ALTER TABLE under ACCESS EXCLUSIVE that is done at once */
    LINT_OWNER,
    LINT_ROW_SECURITY,
    LINT_CREATE_POLICY,
    LINT_ALTER_POLICY,
    LINT_CREATE_TRIGGER,
    LINT_DROP_TRIGGER,
    LINT_ENABLE_TRIGGER,
    LINT_DISABLE_TRIGGER,
    LINT_CREATE_RULE,
    LINT_REPLICA_IDENTITY,
    LINT_CREATE_VIEW,
    LINT_ALTER_VIEW,
    LINT_CREATE_MATERIALIZED_VIEW,
    LINT_REFRESH,
    LINT_CREATE_ENUM,
    LINT_ADD_VALUE,
    LINT_CREATE_TYPE,
    LINT_ALTER_COMPOSITE,
    LINT_CREATE_DOMAIN,
    LINT_DOMAIN_CHECK,
    LINT_DOMAIN_NOT_NULL,
    LINT_DOMAIN_VALIDATE,
    LINT_DOMAIN_OTHER,
    LINT_CREATE_SEQUENCE,
    LINT_ALTER_SEQUENCE,
    LINT_CREATE_FUNCTION,
    LINT_CREATE_STATISTICS,
    LINT_PUBLICATION, /* a table is added to one; with LINT_ALL every table */
    LINT_REVOKE,
    LINT_EXTENSION, /* made or brought up to date */
    LINT_COMMENT,
    LINT_INSERT,
    LINT_UPDATE,
    LINT_DELETE,
    LINT_COPY_FROM,
    LINT_SELECT,
    LINT_DO,
    LINT_BEGIN,
    LINT_COMMIT,
    LINT_ROLLBACK,
    LINT_SET
};

enum lint_flag {
    LINT_IF_EXISTS = 1 << 0,
    LINT_IF_NOT_EXISTS = 1 << 1,
    LINT_CONCURRENTLY = 1 << 2,
    LINT_CASCADE = 1 << 3,
    LINT_NOT_VALID = 1 << 4,
    LINT_NOT_ENFORCED = 1 << 5,
    LINT_USING_INDEX = 1 << 6,
    LINT_ONLY = 1 << 7,
    LINT_NOT_NULL = 1 << 8,
    LINT_UNIQUE = 1 << 9,
    LINT_PRIMARY = 1 << 10,
    LINT_CHECK = 1 << 11,
    LINT_REFERENCES = 1 << 12,
    LINT_HAS_DEFAULT = 1 << 13,
    LINT_SERIAL = 1 << 14,
    LINT_IDENTITY = 1 << 15,
    LINT_STORED = 1 << 16,
    LINT_VIRTUAL = 1 << 17,
    LINT_IN_CREATE = 1 << 18,
    LINT_TEMPORARY = 1 << 19,
    LINT_UNLOGGED = 1 << 20,
    LINT_COLLATE = 1 << 21,
    LINT_USING = 1 << 22,
    LINT_DEFAULT_PARTITION = 1 << 23,
    LINT_NO_WHERE = 1 << 24,
    LINT_ALL = 1 << 25,
    LINT_REPLACE = 1 << 26,
    LINT_ON_DELETE_CASCADE = 1 << 27,
    LINT_WITHOUT_OVERLAPS = 1 << 28,
    LINT_NO_DATA = 1 << 29,
    LINT_LOCAL = 1 << 30
};

/* A range of the file's bytes. */
struct lint_slice {
    size_t begin, end;
};

/* One thing that a statement does; an ALTER TABLE may do several. Strings are in the statement's arena; what an act has no use
 * for is NULL or 0. */
struct lint_action {
    enum lint_act act;
    unsigned flags; /* of enum lint_flag */
    struct lint_slice place;
    struct name relation;
    struct name other; /* the table referred to, the partition, the new name, the function of a trigger */
    const char *
        what; /* LINT_RENAME_OTHER, LINT_DROP_OTHER, LINT_REINDEX, LINT_SET: of what kind; "enum": LINT_ADD_COLUMN */
    const char *column;   /* or the first of several */
    const char *name;     /* of the constraint, index, trigger, setting */
    const char *type;     /* of the column, as the engine prints types */
    const char **columns; /* of a key or index */
    size_t n_columns;
    const char **referred; /* the columns that a foreign key points to; none: the primary key */
    size_t n_referred;
    struct name *relations; /* whose rows a query reads; further ones of DROP, TRUNCATE */
    size_t n_relations;
    struct lint_slice expr; /* of a default, CHECK, USING, a setting's value */
    enum lint_mode mode;    /* LINT_LOCK; LINT_SELECT: of the tables that it reads */

    /* What the engine makes of it, with what it knows. */
    enum lint_truth rewrite, scan;
    enum lint_truth fails;   /* it cannot work on a table that has rows, or not here */
    const char *why;         /* what makes it rewrite, scan or fail; or what it depends on */
    const char *was;         /* LINT_ALTER_TYPE: the type before; NULL: not known */
    enum lint_truth indexed; /* LINT_ADD_FOREIGN_KEY: an index begins with its columns */
    bool fresh;              /* its relation is made by the same file */
    bool volatile_default;   /* or perhaps so */
    bool of_view;            /* its relation is a materialized view: nobody but REFRESH writes it */
    const char *twice;       /* a column that it names twice where once is allowed; NULL: none */
    bool published;          /* subscribers get the rows of its relation */
    /* What is there already and counts here. A CHECK: a function that it calls and that is not immutable. LINT_CREATE_INDEX: an index
     * that begins with its columns. LINT_CREATE_FUNCTION: a table whose trigger calls it. LINT_CREATE_TABLE: itself. LINT_INSERT: a
     * column that numbers itself and is given a value. LINT_SET_DEFAULT: a column that is used. LINT_PUBLICATION, LINT_DROP_CONSTRAINT: a published table that has no key then. */
    const char *subject;
};

struct lint_statement {
    struct lint_slice place;
    const char *text; /* of the whole file */
    struct lint_action *actions;
    size_t n_actions;
    struct lint_touch *touches; /* one for each relation, the strongest lock of all actions */
    size_t n_touches;
    const char *unreadable; /* why it cannot be read; NULL: it can */
    size_t unreadable_at;
    int since;               /* the first major release of the server that knows all its forms; 0: any */
    const char *since_words; /* the form */
    size_t since_at;
};

/* What is told of the place where the files will run. */
struct lint_settings {
    int server_major;                 /* 12 to 18 */
    bool in_transaction;              /* the tool that runs the files wraps each in a transaction */
    const struct lint_levels *levels; /* of rules whose level was set (lint.h); NULL: none */
    const struct lint_source *source; /* a database at hand (facts.h); NULL: none */
    struct lint_order *order;         /* of other files' locks (order.h); NULL: there is but one file */
    const struct lint_fixer *fixer;   /* writes what to write instead (fix.h); NULL: nobody does */
};

/* Called for each statement of a file, in order; the statement goes when it returns. */
typedef void lint_visit(void *context, const struct lint_statement *statement);

/* "ACCESS EXCLUSIVE". Static. */
const char *lint_mode_name(enum lint_mode mode);
/* "no", "perhaps", "yes". Static. */
const char *lint_truth_name(enum lint_truth truth);
/* Whether others that write, or also those that read, wait for it. */
bool lint_blocks_writes(enum lint_mode mode);
bool lint_blocks_reads(enum lint_mode mode);

#endif
