/*
 * The model: the schema as the migration file makes it, with a thread back to what is there now. A table, column,
 * constraint or index with an origin exists in the catalog; one without is new. Nothing is ever removed from the
 * model, only marked dropped, because the old version still has it.
 */
#ifndef SEGUE_POSTGRES_PLANNER_MODEL_H
#define SEGUE_POSTGRES_PLANNER_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "migration/change.h"
#include "plan/plan.h"
#include "postgres/sqltree.h"
#include "postgres/types.h"

/* A value of one version computed from the columns of the other: an annotation, or what follows from the statement. */
struct conversion {
    const char *expr;     /* NULL: there is none */
    const char **columns; /* names in the version it reads */
    size_t n_columns;
    bool has_subquery;
    bool through_text;                   /* between an enum and its replacement: labels are carried over */
    const struct annotation *annotation; /* NULL when implied */
    const char *function;                /* quoted qualified name of its function, set by shape */
    /* `otherwise`: the functions of what is tried and of the constant, between which that one chooses; NULL: there is none */
    const char *tried, *constant;
};

struct model_column {
    const struct column *origin; /* NULL: added by the file */
    const struct change *change; /* what added or last changed it, for messages */
    const char *name;            /* in the new version */
    bool dropped;                /* the new version does not have it */
    const char *type;
    const char *collation;
    bool not_null;
    const char
        *not_null_name; /* its constraint's in the new version; NULL before PostgreSQL 18 (not_null.h) */
    const struct change *not_null_comment; /* COMMENT ON CONSTRAINT of it by the file */
    const char *default_expr;
    const char
        *added_default; /* of ADD COLUMN itself: what rows already there get, whatever the file says later */
    bool default_later; /* an added column whose default a statement below ADD COLUMN sets */
    const char *using_expr;       /* USING, or what a generated column was, under the old version's names */
    const struct change *between; /* a change of type that converts what the file itself makes above it */
    const struct change *comment; /* COMMENT ON by the file */
    char identity;                /* in the new version: 'a' GENERATED ALWAYS, 'd' BY DEFAULT, 0 none */
    const struct sequence_def *identity_def; /* of an identity that the file adds */
    const char *identity_sequence;           /* the name of its sequence */
    const char **identity_clauses;           /* SET GENERATED ALWAYS, SET INCREMENT BY 5 … */
    size_t n_identity_clauses;
    bool type_changed, default_changed, not_null_set, not_null_dropped;
    /* the last ALTER DOMAIN … DEFAULT of its domain, where the column has no default of its own */
    const struct change *domain_default;
    const char *generated_expr; /* GENERATED ALWAYS AS … STORED: of a new column */
    bool expression_dropped;    /* a generated column becomes a plain one */
    bool retyped;               /* the new version has a type of its own in place of the column's (types.h) */
    bool through_text;          /* from an enum to an enum: values are carried over by their labels */

    /* Bound annotations. up and existing read the old version's columns, down the new version's. */
    struct conversion up;   /* value of this new column */
    struct conversion down; /* value of this old column */
    struct conversion existing;
    bool copied; /* follows a row of another table instead (split.h) */

    const struct column *parent_origin; /* of an inherited column: the parent's, NULL when the file adds it */
    bool own_not_null;                  /* likewise: NOT NULL here, and not in the parent */
    bool inherited; /* a parent that the file changes has it, too: what is done to the parent's reaches it */

    /* Set by shape. */
    bool hidden; /* lives in a hidden column until `complete` */
    const char *
        physical; /* the new version's column in the table until then: the hidden name or the origin's name */
    size_t order; /* hidden: its place among the columns that expand adds */
    struct conversion fill; /* for rows already there, without a lasting relation to the old shape */
    const char *
        number_function; /* draws from a sequence of the file for rows of either version, quoted; NULL: none */
    const char *fast_default; /* given to rows already there by ADD COLUMN … DEFAULT, without touching them */
    /* what the old version's rows get in a NOT NULL column whose default the file takes away again, or NULL */
    const char *old_default;
};

/* What a partition gets for an index or unique constraint of its partitioned table. */
struct model_part {
    size_t table; /* the partition, in model->tables; a partitioned one as well */
    size_t
        parent; /* the part of the partitioned table above it: 1 + its place in parts, 0: the table's own */
    const char *name; /* of its index, as the server chooses it */
};

struct model_constraint {
    const struct catalog_constraint *origin;
    const struct change *change;
    const char *name;
    const char *definition; /* new version's column names; without NOT VALID */
    struct constraint_def
        *def; /* parsed; names of the new version, kept in step with renames. Added constraints only */
    const struct change *comment;
    bool dropped;
    bool renamed;

    /* Set by shape: a foreign key of the catalog whose referenced columns are replaced, and so is it. */
    bool ref_hidden;
    /* On a generated column of the file: made once more at `complete`, on the server's own. */
    bool remade;
    /* A foreign key to columns that have a new key because the old one goes: `complete` binds it to the new one. */
    bool rebound;
    const char *bound;        /* such a one as expand adds it, NOT VALID; set with its step */
    struct model_part *parts; /* of a partitioned table's; UNIQUE only */
    size_t n_parts;
};

struct model_index {
    const struct catalog_index *origin;
    const struct change *change;
    const char *name;
    const char *definition; /* new version's column names. Added indexes only */
    struct index_def *def;
    const struct change *comment;
    bool dropped;
    bool renamed;
    const char
        *remade; /* set by shape: CREATE INDEX at `complete`, on the server's own generated column; or NULL */
    struct model_part *parts; /* of a partitioned table's */
    size_t n_parts;
};

/* A column of a table that exists before the file, by its number in the model's table. */
struct model_reference {
    const struct table *table;
    size_t column;
};

struct model_table {
    const struct table *origin; /* NULL: created by the file */
    const struct change *change;
    const char *name; /* in the new version */
    const struct change *comment;
    bool dropped;
    bool renamed;
    bool late;        /* made by the file, at `complete` */
    size_t made_with; /* made in the step of this table, whose part it is: 1 + its number; 0: in its own */
    size_t group;     /* tables with the same number switch in one transaction; 0: alone */
    const char **statements; /* of a new table: its CREATE and what the file does to it later, in order */
    size_t n_statements;
    struct name
        *references; /* of a new table: what its foreign keys point to, by the names before the file */
    size_t n_references;
    struct model_reference *pointed; /* likewise the columns, of tables that were there before */
    size_t n_pointed;
    struct model_column *columns;
    size_t n_columns;
    struct model_constraint *constraints;
    size_t n_constraints;
    struct model_index *indexes;
    size_t n_indexes;

    /* Set by family_join: the partitions and children right below a table that the file changes, in model->tables. */
    size_t *children;
    size_t n_children;
    bool member;    /* follows a parent that the file changes */
    bool partition; /* a member whose triggers and views are those of its partitioned table */

    /* Set by shape. */
    bool versioned;           /* the versions see it differently: views are made */
    bool has_hidden;          /* hidden columns, functions, triggers */
    bool has_walk;            /* rows must be filled */
    bool rebuilt;             /* its rows move into a new table (rebuild.h) */
    bool decoded;             /* what changes meanwhile is read from the log, not noted by triggers */
    const char *strategy_why; /* why it is, or is not, where that was weighed; or NULL */
    const char *ordinal;      /* "010", "020", …: its place in step ids */
    const char *real;         /* quoted, qualified present name */
    const char *old_view, *new_view;
    const char *old_views; /* old_view, and its like in each of the older versions: "a, b", for DROP VIEW */
    const char *sync_function, *sync_insert, *sync_update; /* quoted; NULL without conversions */
};

/* A sequence that the file makes, or one of the catalog. */
struct model_sequence {
    const struct catalog_sequence *origin; /* NULL: created by the file */
    const struct change *change;
    const char *name; /* in the new version */
    bool dropped;
    bool identity;                  /* created: the sequence of an identity column */
    const struct sequence_def *def; /* created: its options */
    const char *type;               /* created: AS type, or NULL */
    const char **clauses; /* what ALTER SEQUENCE says of it, in order: "AS bigint", "INCREMENT BY 5" */
    size_t n_clauses;
    bool owner_changed; /* OWNED BY by the file, or created for a column */
    size_t owner_table; /* place in the model's tables, + 1; 0: NONE */
    size_t owner_column;
    const char *present; /* set by shape: its name until `complete` */
};

/* When a statement runs; see statement.h. */
enum statement_stage {
    STAGE_EXPAND,
    STAGE_AWAY_VIEW,  /* goes before the versions' views do */
    STAGE_AWAY_TABLE, /* goes before the tables change */
    STAGE_BACK,
    STAGE_LATE /* in a transaction of its own, after the switch */
};

struct model_statement {
    const struct change *change;
    enum statement_stage stage;
    bool versioned;      /* the new version has it from activation on */
    const char *undo;    /* in expand; NULL: nothing */
    const size_t *named; /* by mention: the number of the model's table that it names, SIZE_MAX for none */
    size_t table;        /* likewise of the change's table */
    size_t column;       /* likewise of the change's column in it */
    const char *sql;     /* set by statement_resolve, as the rest */
    const char **live;   /* for the new version */
    size_t n_live;
    const char *live_drop; /* "VIEW schema.name" */
};
struct split;

/* A column that a data fix names, and what it was at that point of the file. */
struct fix_column {
    const char *name;
    size_t column; /* its place in the table's columns */
    const char *type;
};

struct model_fix {
    const struct change *change;
    enum plan_phase phase;      /* PHASE_EXPAND or PHASE_CONTRACT */
    size_t table;               /* its place in the model's tables */
    struct fix_column *columns; /* those of the undo as well */
    size_t n_columns;
    const char *undo; /* the statement that takes it back; NULL: nothing does */
};

/* A statement about the parts of a table, or about a table that can be made only then, which runs at `complete` behind the switch
 * of the tables that it names. */
struct model_late {
    const struct change *change;
    const char *sql;
    size_t parent; /* in model->tables; SIZE_MAX: none */
    size_t child;  /* likewise: what is attached, detached, inherits or is made */
};

struct model {
    struct arena *arena;
    const struct catalog *catalog;
    const struct migration *migration;
    struct model_table *tables;
    size_t n_tables;
    struct types *types;
    struct model_fix *fixes; /* in the order of the file */
    size_t n_fixes;
    struct model_mark *marks; /* migrations of other tools (marks.h), in the order of the file */
    size_t n_marks;
    struct model_sequence *sequences;
    size_t n_sequences;
    struct model_statement *statements; /* in the order of the file */
    size_t n_statements;
    struct model_late *late; /* in the order of the file */
    size_t n_late;
    size_t late_table; /* the table in whose switch they run; SIZE_MAX: none of their tables is there now */
    const struct model_table *statement_table; /* the table in whose switch they run, or NULL */
    const char **taken;                        /* relation and constraint names in use, for automatic names */
    size_t n_taken;
    size_t n_groups;
    struct split **splits; /* tables that are split or merged (split.h) */
    size_t n_splits;
    const char *old_version, *new_version;
    const char *
        *older_versions; /* below the old one, of migrations that are under way too: the lowest first */
    size_t n_older_versions;
    const char
        *tag; /* keeps names in schema segue apart from those of migrations under way; NULL: there are none */
};

/* The model of the catalog as it is, before any change. */
struct model *model_new(struct arena *arena, const struct migration *migration,
                        const struct catalog *catalog);

/* By the name of the new version as it stands now; dropped ones are not found. NULL when there is none. */
struct model_table *model_table(struct model *model, const char *name);
struct model_column *model_column(struct model_table *table, const char *name);
struct model_constraint *model_constraint(struct model_table *table, const char *name);
struct model_index *model_index(struct model *model, const char *name, struct model_table **table);
/* A sequence by its name in the new version; dropped ones are not found. */
struct model_sequence *model_sequence(const struct model *model, const char *name);
/* The sequence from which a default draws: nextval('…'); NULL when it is anything else. */
struct model_sequence *model_default_sequence(const struct model *model, const char *expr);
/* The catalog's sequence from which the old version numbers a column: its identity, or its default's; NULL: none. */
const struct catalog_sequence *model_old_sequence(const struct model *model, const struct model_table *table,
                                                  const struct model_column *column);
/* The sequence from which the new version numbers it: its identity's, or its default's. */
struct model_sequence *model_new_sequence(const struct model *model, const struct model_table *table,
                                          const struct model_column *column);

/* Two tables must take their final shape in one transaction, because something rests on both: a view, a key. */
void model_join_tables(struct model *model, struct model_table *a, struct model_table *b);

/* By the origin: the column of the old version with this name, dropped or not. */
struct model_column *model_old_column(struct model_table *table, const char *name);
struct model_column *model_column_number(const struct model_table *table, int number);

/* Whether the file's changes leave this column of an existing table as it was in every respect the versions see. */
bool model_column_replaced(const struct model_column *column);

/* Of a foreign key: the table that it points to, NULL when that is not one of the schema's. */
struct model_table *model_referenced(struct model *model, const struct model_constraint *constraint);
/* Whether it is a primary key, a unique constraint, a foreign key: 'p', 'u', 'f', 'c', 'x'. */
char model_constraint_kind(const struct model_constraint *constraint);
/* Whether it is on the column or speaks of it. */
bool model_constraint_reads(const struct model_constraint *constraint, const struct model_column *column);
/* The primary key of the new version, or NULL. */
const struct model_constraint *model_primary_key(const struct model_table *table);

/* Whether the file accepts a finding: `-- segue: allow RULE because "…"`. */
bool model_allows(const struct model *model, const char *rule);

/* Names: automatic ones are chosen as the server chooses them. */
bool model_name_taken(const struct model *model, const char *name);
void model_take_name(struct model *model, const char *name);
void model_release_name(struct model *model, const char *name);

/* ERROR_REFUSED at the place of a change, as "file:line:column". Returns false. */
bool refuse(const struct model *model, struct place place, struct error *err, const char *format, ...)
    SEGUE_PRINTF(4, 5);

#endif
