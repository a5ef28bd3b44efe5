/*
 * A migration as data: the file's statements as a list of changes, and what its `-- segue:` annotations say.
 * Knows no database and no SQL grammar; an engine's reader fills it (postgres/read.h), its planner reads it.
 * All strings live in the arena of the migration.
 */
#ifndef SEGUE_MIGRATION_CHANGE_H
#define SEGUE_MIGRATION_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "migration/data_fix.h"
#include "migration/mark.h"
#include "migration/statement.h"

/* Where something stands in the file. Lines and columns count from 1, columns in characters. */
struct place {
    int line;
    int column;
};

enum change_kind {
    /* table, column, type, collation?, expr? = default, flag_not_null, if_not, sequence? of serial or identity */
    CHANGE_ADD_COLUMN,
    CHANGE_DROP_EXPRESSION,   /* table, column, if_not */
    CHANGE_DROP_COLUMN,       /* table, column, cascade, if_not */
    CHANGE_RENAME_COLUMN,     /* table, column, new_name */
    CHANGE_COLUMN_TYPE,       /* table, column, type, collation?, expr? = USING */
    CHANGE_SET_NOT_NULL,      /* table, column */
    CHANGE_DROP_NOT_NULL,     /* table, column */
    CHANGE_SET_DEFAULT,       /* table, column, expr */
    CHANGE_DROP_DEFAULT,      /* table, column */
    CHANGE_ADD_CONSTRAINT,    /* table, constraint */
    CHANGE_DROP_CONSTRAINT,   /* table, object = its name, cascade, if_not */
    CHANGE_RENAME_CONSTRAINT, /* table, object, new_name */
    CHANGE_CREATE_INDEX,      /* table, object? = its name, index, if_not */
    CHANGE_DROP_INDEX,        /* objects named by table (struct name), cascade, if_not; one change an index */
    CHANGE_RENAME_INDEX,      /* table = the index's name, new_name, if_not */
    CHANGE_CREATE_TABLE,      /* table, sql (the statement itself), if_not; references[] */
    CHANGE_DROP_TABLE,        /* table, cascade, if_not; one change a table */
    CHANGE_RENAME_TABLE,      /* table, new_name */
    CHANGE_CREATE_ENUM,       /* table = the type's name, labels */
    /* table = the type's name, object = new label, neighbour?, flag_before, if_not */
    CHANGE_ADD_ENUM_VALUE,
    CHANGE_ADD_IDENTITY,      /* table, column, sequence */
    CHANGE_SET_IDENTITY,      /* table, column, sequence */
    CHANGE_DROP_IDENTITY,     /* table, column, if_not */
    CHANGE_CREATE_SEQUENCE,   /* table = the sequence's name, sequence, if_not */
    CHANGE_ALTER_SEQUENCE,    /* table = the sequence's name, sequence, if_not */
    CHANGE_DROP_SEQUENCE,     /* table = the sequence's name, cascade, if_not; one change a sequence */
    CHANGE_RENAME_SEQUENCE,   /* table = the sequence's name, new_name, if_not */
    CHANGE_ATTACH_PARTITION,  /* table, partition */
    CHANGE_DETACH_PARTITION,  /* table, partition */
    CHANGE_INHERIT,           /* table = the child, partition */
    CHANGE_NO_INHERIT,        /* likewise */
    CHANGE_STATEMENT,         /* statement, table? = the one table that it is about, column? */
    CHANGE_DATA_FIX,          /* table, fix */
    CHANGE_RENAME_ENUM_VALUE, /* table = the type's name, object, new_name */
    CHANGE_CREATE_TYPE, /* table = the type's name, type_kind ('d', 'c' or 'r'), sql; 'd': type = the one under it */
    CHANGE_DROP_TYPE,                /* table = the type's name, type_kind ('d' or 0), cascade, if_not */
    CHANGE_RENAME_TYPE,              /* table = the type's name, new_name */
    CHANGE_DOMAIN_ADD_CHECK,         /* table = the domain, object? = name, expr, not_valid */
    CHANGE_DOMAIN_DROP_CONSTRAINT,   /* table = the domain, object, cascade, if_not */
    CHANGE_DOMAIN_RENAME_CONSTRAINT, /* table = the domain, object, new_name */
    CHANGE_DOMAIN_VALIDATE,          /* table = the domain, object */
    CHANGE_DOMAIN_NOT_NULL,          /* table = the domain, not_null: set or drop */
    CHANGE_DOMAIN_DEFAULT,           /* table = the domain, expr? */
    CHANGE_TYPE_ATTRIBUTE,           /* table = the composite type, sql */
    CHANGE_COMMENT                   /* target kind, table, column?/object?, expr = text or NULL */
};

enum constraint_kind {
    CONSTRAINT_CHECK,
    CONSTRAINT_UNIQUE,
    CONSTRAINT_FOREIGN_KEY,
    CONSTRAINT_PRIMARY_KEY,
    CONSTRAINT_EXCLUSION
};

/* A constraint as a statement declares it. */
struct constraint_def {
    enum constraint_kind kind;
    const char *name; /* NULL: the server chooses, and so does the planner, by the same rule */
    /* What pg_get_constraintdef would print without NOT VALID: "CHECK (amount > 0)", "FOREIGN KEY (a) REFERENCES …". */
    const char *definition;
    /* CHECK, EXCLUDE: the distinct columns it reads in order of appearance; otherwise its key columns */
    const char **columns;
    size_t n_columns;
    struct name references;   /* FOREIGN KEY only */
    const char **ref_columns; /* FOREIGN KEY only; none when the primary key is meant */
    size_t n_ref_columns;
    bool match_full;       /* FOREIGN KEY only: no row may have it in part */
    const char **included; /* UNIQUE: the INCLUDE columns */
    size_t n_included;
    const char **name_parts; /* EXCLUDE: what an automatic name is made of, as in struct index_def */
    size_t n_name_parts;
    bool not_valid;          /* the file itself says NOT VALID: it stays so */
    const char *using_index; /* UNIQUE/PRIMARY KEY USING INDEX name, else NULL */
};

/* An index as CREATE INDEX declares it. */
struct index_def {
    /* the statement, deparsed, without CONCURRENTLY, IF NOT EXISTS and with its name where given */
    const char *definition;
    bool unique;
    bool concurrently;
    /* what an automatic name is made of: a column, or "expr" (server's own rule), in order */
    const char **name_parts;
    size_t n_name_parts;
    const char **columns; /* every column it reads: keys, INCLUDE, expressions, WHERE; distinct */
    size_t n_columns;
    const char **key_columns; /* the plain key columns; n = 0 when any key is an expression */
    size_t n_key_columns;
    bool has_where;
    bool nulls_not_distinct;
};

/* A column as CREATE TABLE declares it, as far as rows of another table must fit it. */
struct column_def {
    const char *name;
    const char *type;  /* as change.type; the integer type of a serial one. NULL: not known */
    bool not_null;     /* said there, or as part of the primary key */
    bool has_default;  /* of any kind: an expression, a sequence, a generation expression */
    bool own_sequence; /* serial or identity */
    bool generated;    /* GENERATED … AS (expression): nobody gives it a value */
};

/* A table as CREATE TABLE declares it. */
struct table_def {
    struct column_def *columns;
    size_t n_columns;
    struct constraint_def **constraints; /* of the columns and of the table; EXCLUDE left out */
    size_t n_constraints;
    bool like; /* further columns come from another table */
};

/* copy, back: what one column of the target takes; the condition: column NULL. */
struct assignment {
    const char *column;
    const char *expr;
    struct place place;      /* of the column */
    struct place expr_place; /* of the expression */
    const char **columns;    /* of the source table that it reads, as annotation.expr_columns */
    size_t n_columns;
    bool has_subquery;
    bool plain; /* nothing but one column */
};

/* What a statement says of a sequence, or of the sequence of a serial or identity column. */
struct sequence_def {
    char identity;        /* 'a' GENERATED ALWAYS, 'd' BY DEFAULT, 0: not said, or not an identity */
    const char *name;     /* SEQUENCE NAME of an identity, or NULL */
    const char *type;     /* AS type, or NULL */
    const char **clauses; /* the other options: INCREMENT BY 5, NO CYCLE */
    size_t n_clauses;
    bool owned_by; /* OWNED BY stood there; owner_column NULL: NONE */
    struct name owner;
    const char *owner_column;
};

/* How a table is, or becomes, part of another: PARTITION OF, ATTACH, DETACH, INHERIT; or how it is partitioned itself. */
struct partition_def {
    struct name other; /* ATTACH, DETACH: the partition; PARTITION OF, INHERITS, [NO] INHERIT: the parent */
    const char *bound; /* FOR VALUES …, DEFAULT, as written; NULL: none */
    char strategy;     /* of the bound: 'r' range, 'l' list, 'h' hash, 'd' default */
    /* the bound of a key of one column: RANGE from (NULL: MINVALUE) to (NULL: MAXVALUE); LIST from = the values */
    bool single;
    const char *from, *to;
    const char *key; /* CREATE TABLE … PARTITION BY: RANGE (at) */
    bool concurrently;
    bool finalize;
};

enum comment_target {
    COMMENT_ON_TABLE,
    COMMENT_ON_COLUMN,
    COMMENT_ON_CONSTRAINT,
    COMMENT_ON_INDEX,
    COMMENT_ON_TYPE
};

struct change {
    enum change_kind kind;
    struct place place;           /* of the clause where known, else of the statement */
    const char *sql;              /* the whole statement's own text, without the final semicolon */
    struct table_def *definition; /* CREATE TABLE */
    struct name table;
    const char *column;
    const char *object;
    const char *new_name;
    /* as the server prints it where the reader can (integer, character varying(50)), else as written */
    const char *type;
    const char *collation; /* quoted, possibly qualified */
    const char *expr;      /* deparsed text of a default, USING or a comment's raw text */
    bool not_null;
    const char *not_null_name; /* ADD COLUMN: CONSTRAINT name NOT NULL, or NULL */
    const char *generated;     /* ADD COLUMN: the expression of GENERATED ALWAYS AS … STORED */
    bool not_valid;            /* ALTER DOMAIN … NOT VALID */
    bool constrained;          /* CREATE DOMAIN: it has a CHECK or NOT NULL (then also not_null) */
    bool has_default;          /* CREATE DOMAIN */
    char type_kind;            /* CREATE TYPE, DROP TYPE: 'd' domain, 'c' composite, 'r' range */
    bool if_not;               /* IF [NOT] EXISTS stood there */
    bool cascade;
    bool before; /* ADD VALUE … BEFORE neighbour (else AFTER) */
    const char *neighbour;
    const char **labels;
    size_t n_labels;
    struct constraint_def *constraint;
    struct index_def *index;
    struct statement_def *statement;
    bool passing; /* of a statement: nothing of it is left in the end (passing.h) */
    struct data_fix *fix;
    struct sequence_def *sequence;
    struct partition_def *partition; /* CREATE TABLE as well: PARTITION OF, INHERITS (other), PARTITION BY */
    enum comment_target target;
    struct name *references; /* CREATE TABLE: the tables its foreign keys name (locked SHARE ROW EXCLUSIVE) */
    size_t n_references;
};

/* Whether a change is about a type, not about a table, column or index. */
static inline bool change_is_about_type(const struct change *change)
{
    if (change->kind == CHANGE_COMMENT)
        return change->target == COMMENT_ON_TYPE;
    return change->kind == CHANGE_CREATE_ENUM || change->kind == CHANGE_ADD_ENUM_VALUE ||
           (change->kind >= CHANGE_RENAME_ENUM_VALUE && change->kind <= CHANGE_TYPE_ATTRIBUTE);
}

enum annotation_kind {
    ANNOTATION_UP,
    ANNOTATION_DOWN,
    ANNOTATION_EXISTING,
    ANNOTATION_PHASE_EXPAND,   /* for the statement that follows */
    ANNOTATION_PHASE_CONTRACT, /* likewise */
    ANNOTATION_ALLOW,          /* object = rule, expr = reason */
    ANNOTATION_GOAL,           /* expr = text; so OWNER, DEADLINE, NOTE */
    ANNOTATION_OWNER,
    ANNOTATION_DEADLINE,
    ANNOTATION_NOTE,
    ANNOTATION_UNDO, /* for the statement that follows: expr = SQL; or object = "none", expr = the reason */
    ANNOTATION_COPY, /* table from source: assignments, condition?, keys */
    ANNOTATION_BACK, /* likewise, the other way round; keys may be left out */
    ANNOTATION_MARKS /* mark */
};

struct annotation {
    enum annotation_kind kind;
    struct place place;      /* of the word up, down, … */
    struct place expr_place; /* where expr begins */
    size_t offset;           /* byte offset of the annotation in the file */
    size_t expr_offset;      /* likewise of expr */
    struct name table;       /* UP, DOWN, EXISTING; COPY, BACK: that takes rows */
    const char *column;
    const char *object;
    const char *expr;
    const char *otherwise; /* UP: the constant that stands where expr fails; NULL: none */
    /* the columns of the table that expr reads, as written, distinct (see has_subquery) */
    const char **expr_columns;
    size_t n_expr_columns;
    /* then expr_columns holds every unqualified or table-qualified name: a superset */
    bool has_subquery;
    size_t statement; /* PHASE_*, UNDO: index in changes of the first change of the statement that follows */
    struct name source; /* COPY, BACK: the table whose rows are read */
    struct assignment *assignments;
    size_t n_assignments;
    struct assignment *condition; /* NULL: every row */
    const char **keys;            /* columns of the table that name a row for good */
    size_t n_keys;
    struct mark_def *mark; /* MARKS */
};

struct migration {
    const char *path;    /* as given, for messages */
    const char *name;    /* the file's stem: 0007_full_name */
    const char *content; /* the whole file */
    const char *digest;  /* of content, hexadecimal */
    struct change *changes;
    size_t n_changes;
    struct annotation *annotations;
    size_t n_annotations;
};

#endif
