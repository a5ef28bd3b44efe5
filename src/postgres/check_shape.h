/*
 * The columns of the tables that a migration touches, in both versions, as far as expressions must know: names and types. The
 * changes are applied in the order of the file, so that in between the new version is what a statement there would see.
 * Changes that make no sense are passed over: the planner refuses them with a better message.
 */
#ifndef SEGUE_POSTGRES_CHECK_SHAPE_H
#define SEGUE_POSTGRES_CHECK_SHAPE_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "migration/change.h"
#include "postgres/types.h"

enum check_version { CHECK_OLD, CHECK_NEW, CHECK_VERSIONS };

struct check_column {
    const char *name[CHECK_VERSIONS]; /* NULL: not in that version */
    const char *type[CHECK_VERSIONS];
    bool through_text; /* from one enum type to another: values are carried over by their labels */
    bool grown;        /* of an enum type that gets a new label: not yet known to the server as a value */
    const struct change *cast; /* the last ALTER … TYPE without USING */
    const char *cast_from;     /* and the type that it found */
    const char *default_expr;  /* of a column that is there; NULL: none */
};

/* Columns that a foreign key may point to. */
struct check_key {
    const char *name;      /* of its constraint or index; NULL: the server's choice */
    const size_t *columns; /* places in the table's columns */
    size_t n;
    bool primary;
    bool dropped;
};

struct check_table {
    struct check_table *next;
    const char *name[CHECK_VERSIONS];
    struct check_column *columns;
    size_t n_columns;
    struct check_key *keys;
    size_t n_keys;
    bool created;    /* by the file, with columns that are not known here */
    bool changed;    /* by the file, so far */
    bool kept_tried; /* what stays on its columns was tried on their new types */
    bool untried;    /* created, but not to be tried on the server: it needs what is not there yet */
};

struct check_shapes {
    struct arena *arena;
    const struct migration *migration;
    const struct catalog *catalog;
    const struct types *types;
    struct check_table *tables; /* those asked for so far */
};

/* The keys of a table as the catalog has it, and what a change makes of them; check_key.c. */
void check_keys_read(struct check_shapes *shapes, struct check_table *table, const struct table *origin);
void check_keys_apply(struct check_shapes *shapes, struct check_table *table, const struct change *change);

/* Whether the name of a change is a table's, not an index's or a type's. */
bool check_names_table(const struct change *change);
/* Applies one change to the new version. */
void check_shapes_apply(struct check_shapes *shapes, const struct change *change);
/* The table that is called so in the version; NULL when there is none, or in another schema. */
struct check_table *check_shapes_table(struct check_shapes *shapes, struct name name,
                                       enum check_version version);
/* The column that is called so in the version, or NULL. */
struct check_column *check_table_column(const struct check_table *table, const char *name,
                                        enum check_version version);
/* Whether the type, as a statement writes it, is an enum type that the migration gives a new label (or an array of one). */
bool check_type_grows(const struct check_shapes *shapes, const char *type);

#endif
