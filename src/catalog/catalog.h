/*
 * A snapshot of what the planner must know of a database: data only, read once (engine_ops.snapshot) or loaded
 * from a JSON file in tests. All strings live in one arena. Definitions are as the server prints them.
 */
#ifndef SEGUE_CATALOG_CATALOG_H
#define SEGUE_CATALOG_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct column {
    int number; /* attnum */
    const char *name;
    /* format_type with its modifier: character varying(50); qualified unless on the search path */
    const char *type;
    /* of the type itself: pg_catalog, varchar (element type for arrays) */
    const char *type_schema, *type_name;
    bool type_is_enum;
    char type_kind; /* pg_type.typtype of it: 'b' base, 'c' composite, 'd' domain, 'e' enum, 'r' range … */
    bool type_is_array;
    double
        correlation; /* of its order with that in which the rows lie, -1 to 1; of large tables. 0: not known */
    const char *collation; /* quoted, qualified; NULL when it is the type's own */
    bool not_null;
    const char *not_null_name;    /* from PostgreSQL 18 on the constraint's name, else NULL */
    bool not_null_no_inherit;     /* the constraint is the table's alone */
    const char *not_null_comment; /* on the constraint */
    const char *default_expr;     /* NULL: none */
    bool default_volatile;        /* the default calls a volatile function */
    const char *generation_expr;  /* of a stored one */
    bool generated;               /* GENERATED … STORED or VIRTUAL */
    bool identity;
    bool identity_always;       /* GENERATED ALWAYS, else BY DEFAULT */
    int inherited;              /* from how many parents (attinhcount) */
    bool merged;                /* inherited, and declared by the table itself as well */
    const char *owned_sequence; /* serial: "schema"."sequence", quoted; NULL: none (identity sequences too) */
    const char *comment;
    const char **grants; /* column privileges as "SELECT TO role [WITH GRANT OPTION]", quoted */
    size_t n_grants;
    int statistics_target; /* -1: the default */
    /* PLAIN, EXTERNAL, EXTENDED, MAIN when it differs from the type's own, else NULL */
    const char *storage;
    const char *compression; /* pglz, lz4, or NULL */
    const char *options;     /* attoptions: "n_distinct=5", or NULL */
};

struct catalog_constraint {
    const char *name;
    char kind;              /* 'c' check, 'f' foreign key, 'u' unique, 'p' primary key, 'x' exclusion */
    const char *definition; /* pg_get_constraintdef, with NOT VALID where it is so */
    int *columns;           /* attnums that it reads or constrains */
    size_t n_columns;
    bool valid;
    const char *index;     /* backing index for u, p, x */
    const char *ref_table; /* f: "schema"."table" quoted */
    const char *ref_schema, *ref_name;
    int *ref_columns; /* f: attnums of the other table, in the order of columns */
    size_t n_ref_columns;
    bool inherited; /* from a parent table */
    const char *comment;
};

struct catalog_index {
    const char *name;
    const char *definition; /* pg_get_indexdef */
    bool unique, primary, valid;
    bool constraint; /* backs a constraint of the same name */
    /* unique, valid, immediate, btree, no predicate, no expression, every key NOT NULL */
    bool walkable;
    int *keys; /* attnums in key order, 0 for an expression; INCLUDE columns are not in it */
    size_t n_keys;
    int *columns; /* every attnum it depends on: keys, INCLUDE, expressions, predicate */
    size_t n_columns;
    bool clustered, replica_identity;
    const char *parent; /* the partitioned index that it is attached to, or NULL */
    const char *comment;
};

struct catalog_trigger {
    const char *name;
    const char *definition;
    const char *function;      /* quoted, qualified, with its parentheses */
    const char *function_cost; /* pg_proc.procost as text */
    bool function_owned;       /* the connected role owns the function or is a member of its owner */
    bool before, row, on_insert, on_update;
    bool enabled;
    int *columns; /* UPDATE OF columns */
    size_t n_columns;
};

/* Something else that depends on a table or on one of its columns and stands in the way of changing it. */
struct dependent {
    /* "view", "materialized view", "rule", "policy", "generated column", "statistics object", "publication",
       "function", "trigger", "foreign key of another table" … */
    const char *kind;
    const char *name; /* readable */
    int column;       /* attnum, 0: the whole table */
    const char *schema,
        *object; /* of what a statement can drop: its schema where it has one, and its bare name */
};

struct statistics_object {
    const char *schema, *name;
    const char *definition; /* pg_get_statisticsobjdef */
    const char *owner;
    const char *comment;
    int *columns; /* attnums that it reads */
    size_t n_columns;
};

/* A foreign key of another table that points here. */
struct incoming_key {
    const char *constraint;
    const char *table; /* "schema"."table" quoted */
    int *ref_columns;
    size_t n_ref_columns;
};

struct table {
    const char *schema, *name;
    uint32_t oid;
    char kind; /* pg_class.relkind: 'r', 'p', … */
    const char *owner;
    bool owned; /* the connected role owns it or is a member of its owner */
    bool row_security;
    bool is_partition, has_children, has_parent, has_rules, is_unlogged, in_extension;
    const char **parents; /* of a partition or child, in order */
    size_t n_parents;
    bool parent_elsewhere;         /* a parent is in another schema */
    bool detaching;                /* a DETACH CONCURRENTLY was cut off half way */
    const char **strange_children; /* partitions or children outside the schema, or that are no tables */
    size_t n_strange_children;
    const char *bound;           /* of a partition: FOR VALUES …, DEFAULT */
    const char *partition_key;   /* of a partitioned table: RANGE (at) */
    const char *partition_check; /* of a partition: what its bounds and those above it demand of a row */
    bool published;              /* some publication sends its rows to subscribers */
    double own_rows;             /* rows, where those are another catalog's */
    double rows;   /* estimate: reltuples scaled by the present size; 0 when unknown and empty */
    int64_t bytes; /* heap with TOAST */
    int64_t pages;
    bool is_heap; /* places of rows are pages and items, in the order in which the rows are read */
    /* "SELECT TO role …", "INSERT TO PUBLIC", quoted; including the owner's when they are not the default */
    const char **grants;
    size_t n_grants;
    const char *comment;
    struct column *columns; /* in attnum order, without dropped ones */
    size_t n_columns;
    struct catalog_constraint *constraints;
    size_t n_constraints;
    struct catalog_index *indexes;
    size_t n_indexes;
    struct catalog_trigger *triggers;
    size_t n_triggers;
    struct dependent *dependents;
    size_t n_dependents;
    struct incoming_key *incoming;
    size_t n_incoming;
    struct statistics_object *statistics;
    size_t n_statistics;
    const char **policies; /* names */
    size_t n_policies;
    const struct carry *carry; /* asked for where the table may be rebuilt (carry.h), else NULL */
};

struct catalog_view {
    const char *name;
    bool materialized;
    const char **grants; /* "SELECT TO role", without the owner's */
    size_t n_grants;
    struct dependent *dependents; /* views and rules that rest on it */
    size_t n_dependents;
};

struct catalog_function {
    const char *name;
    int arguments;   /* how many it takes */
    bool used;       /* a trigger, policy, default, index, view … rests on it */
    bool restricted; /* its privileges are not the default ones; then grants has them all but the owner's */
    const char **grants;
    size_t n_grants;
};

struct catalog_sequence {
    const char *name;
    const char *type; /* smallint, integer, bigint */
    const char *start, *increment, *min, *max, *cache;
    bool cycle;
    const char *owner;
    bool owned; /* the connected role owns it or is a member of its owner */
    bool is_unlogged;
    const char *table; /* of the column that owns it, where it is of this schema; else NULL */
    int column;        /* its number, 0: none owns it */
    bool identity;     /* that column's identity, not a serial's or OWNED BY */
    const char *comment;
    const char **grants; /* "USAGE TO role" other than the owner's */
    size_t n_grants;
    const char **users; /* what else depends on it, readable: defaults of other columns, functions, views */
    size_t n_users;
};

/* An attribute of a composite type. */
struct type_attribute {
    const char *name, *type;
};

/* A type of the schema that somebody created. */
struct catalog_type {
    char kind; /* 'e' enum, 'd' domain, 'c' composite, 'r' range */
    const char *schema, *name;
    const char *owner;
    const char **labels; /* enum: in sort order */
    size_t n_labels;
    const char *base;      /* domain: the type under it, with its modifier */
    const char *collation; /* domain: where it is not the base type's own; quoted, qualified */
    const char *default_expr;
    bool not_null;
    struct catalog_constraint *constraints; /* domain */
    size_t n_constraints;
    struct type_attribute *attributes; /* composite */
    size_t n_attributes;
    const char *comment;
    const char **grants; /* "USAGE TO role" where not the default */
    size_t n_grants;
    /* what uses it besides columns of tables in the schema: functions, other types, views … */
    const char **other_users;
    size_t n_other_users;
};

/* A migration that is under way already. */
struct live_migration {
    const char *name, *schema;
    const char *old_version, *new_version;
    const char **touches; /* what no other migration may touch meanwhile: plan.h */
    size_t n_touches;
};

struct catalog {
    int server_version; /* server_version_num: 150018 */
    const char *database;
    const char *user;
    const char *schema;       /* the schema that is changed: public */
    const char **search_path; /* of the connection, without version schemas, existing schemas only */
    size_t n_search_path;
    bool can_silence_triggers; /* the role may set session_replication_role */
    int64_t cache_pages;       /* that the server expects to find in memory; 0: not known */
    /* the running version's schema, from segue's state: public_base; NULL before init */
    const char *current_version;
    struct table *tables; /* of the schema: ordinary and partitioned tables */
    size_t n_tables;
    struct catalog_type *enums; /* of the schema */
    size_t n_enums;
    struct catalog_sequence *sequences; /* of the schema */
    size_t n_sequences;
    struct catalog_view *views; /* of the schema */
    size_t n_views;
    struct catalog_function *functions; /* of the schema, without those of extensions */
    size_t n_functions;
    const char **publications; /* of the database */
    size_t n_publications;
    const char **extensions; /* of the database */
    size_t n_extensions;
    struct catalog_type *types; /* of the schema: domains, composite types and ranges */
    size_t n_types;
    /* every name taken in the schema: tables, indexes, sequences, views, composite types */
    const char **relation_names;
    size_t n_relation_names;
    const char **type_names; /* every type name taken in the schema (tables' row types left out) */
    size_t n_type_names;
    /* names of volatile functions in pg_catalog and on the search path, sorted */
    const char **volatile_functions;
    size_t n_volatile_functions;
    const char **schemas; /* all schema names of the database */
    size_t n_schemas;
    struct table
        *outside; /* tables of other schemas that the migration speaks of: name, kind, owned, columns */
    size_t n_outside;
    struct live_migration *live; /* of the whole database, the oldest first */
    size_t n_live;
};

/* Reads a snapshot from the JSON that sql/catalog.sql returns. The catalog lives in the arena. */
bool catalog_from_json(struct arena *arena, const char *json, struct catalog **out,
                       struct error *err) SEGUE_MUST_CHECK;

/* Adds tables of other schemas, from the JSON that sql/catalog_tables.sql returns. */
bool catalog_tables_from_json(struct arena *arena, const char *json, struct catalog *catalog,
                              struct error *err) SEGUE_MUST_CHECK;

/* Adds what is under way, from the JSON that sql/catalog_live.sql returns. */
bool catalog_live_from_json(struct arena *arena, const char *json, struct catalog *catalog,
                            struct error *err) SEGUE_MUST_CHECK;

/* Tables get the sizes that those of the same name have in another catalog, so that what is planned here is what would be planned there.
 * The rows that they have are in own_rows. */
void catalog_take_sizes(struct catalog *catalog, const struct catalog *from);

/* The table of that name in the schema, or NULL. */
const struct table *catalog_table(const struct catalog *catalog, const char *name);
const struct catalog_sequence *catalog_sequence(const struct catalog *catalog, const char *name);
/* The sequence of a column: its identity, or the one that it owns, or NULL. */
const struct catalog_sequence *catalog_sequence_of(const struct catalog *catalog, const struct table *table,
                                                   const struct column *column);
const struct catalog_view *catalog_view(const struct catalog *catalog, const char *name);
/* The function of that name with so many arguments, or NULL. */
const struct catalog_function *catalog_function(const struct catalog *catalog, const char *name,
                                                size_t arguments);
const struct catalog_type *catalog_enum(const struct catalog *catalog, const char *name);
const struct column *table_column(const struct table *table, const char *name);
const struct column *table_column_number(const struct table *table, int number);
const struct catalog_constraint *table_constraint(const struct table *table, const char *name);
const struct catalog_index *table_index(const struct table *table, const char *name);
/* Whether the child is a partition or child right below the parent. */
bool table_is_child(const struct table *child, const struct table *parent);
/* The table that an index of this name belongs to (and the index in *index when not NULL), or NULL. */
const struct table *catalog_index_table(const struct catalog *catalog, const char *index_name,
                                        const struct catalog_index **index);

#endif
