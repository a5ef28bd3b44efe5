/*
 * The types of the schema as a migration changes them, and what their names mean meanwhile.
 *
 * A type that the file creates is made at `start` under the name that it has at the file's end. Where an existing type still
 * bears that name (a value list made anew: CREATE TYPE, ALTER COLUMN … TYPE, DROP TYPE, RENAME), it lives in the new version's schema
 * until `complete` moves it. An existing type that changes for one version alone is *replaced*: the new version gets a type
 * of its own, likewise.
 *
 * Names of types in the file are therefore resolved once, before anything else looks at it: types_read gives back the migration
 * with every such name replaced by the one under which the type can be found until `complete`.
 */
#ifndef SEGUE_POSTGRES_TYPES_H
#define SEGUE_POSTGRES_TYPES_H

#include "base/arena.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "migration/change.h"
#include "postgres/sqltree.h"

struct schema_type {
    char kind;                         /* 'e' enum, 'd' domain, 'c' composite, 'r' range */
    const struct catalog_type *origin; /* NULL: created by the file */
    const struct change *created;      /* what creates it; NULL with an origin */
    const struct change *change; /* the last that is about it, for messages; NULL: the file leaves it alone */
    const char *name;            /* in the new version; while the file is read: at that statement */
    bool present;                /* while the file is read: it exists at that statement */
    bool dropped;
    bool replaced;             /* the new version has a type of its own in the place of the origin */
    bool moves;                /* the new version's lives in its schema until `complete` */
    const char *physical;      /* where the new version's is until then: quoted, qualified */
    const char *physical_name; /* the same without its schema, not quoted */
    const char **labels;       /* of an enum */
    size_t n_labels;
    struct rename *relabels; /* labels of the origin that have another name in the new version */
    size_t n_relabels;
    const struct change **shared; /* changes of an existing type that both versions get, in order */
    size_t n_shared;
    const struct change **own; /* changes of a created or replaced type beyond its labels, in order */
    size_t n_own;
    const char **names; /* every name that it has in the file */
    size_t n_names;
    const struct change *renamed_late; /* ALTER TYPE … RENAME at `complete` (phase contract) */
    const struct change *comment;
};

struct types {
    struct arena *arena;
    const struct catalog *catalog;
    const struct migration *migration; /* as it was read */
    const char *version;               /* the schema of the new version's own types */
    struct schema_type *list;
    size_t n;
};

/* The types after the file, and the migration with their names resolved. ERROR_REFUSED at the statement that cannot be served. */
bool types_read(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                const char *version, struct types **out, const struct migration **resolved,
                struct error *err) SEGUE_MUST_CHECK;

/* The type of a column in the catalog, when it is one of the schema's (of an array: its elements'); else NULL. */
struct schema_type *types_of_column(const struct types *types, const struct column *column);
/* The type of the new version that a resolved type text means ("a.b", "b[]"); NULL for any other. */
struct schema_type *types_written(const struct types *types, const char *text);
/* A text of the catalog (an expression, a constraint's or an index's definition) as the new version means it: names of
 * replaced types resolved. */
bool types_of_new_version(const struct types *types, enum sql_text kind, const char *text, const char **out,
                          struct error *err) SEGUE_MUST_CHECK;
/* The statements that make the new version's type: at `start` in the plan, and for the time of the check. */
void types_create(const struct types *types, const struct schema_type *type, const char ***statements,
                  size_t *n);
/* The statement with the type's name, its third word, replaced. */
const char *types_statement(const struct types *types, const struct schema_type *type,
                            const struct change *change, const char *name);

/* "expr", whose labels are those of the old version, for the new one, or back: NULL when none is renamed. Array: expr is one. */
const char *types_relabelled(const struct types *types, const struct schema_type *type, const char *expr,
                             bool array, bool back);

/* A domain in the new version, or a domain under it: has it a default, any constraint, NOT NULL? False for NULL. */
bool types_have_default(const struct schema_type *type);
bool types_are_constrained(const struct types *types, const struct schema_type *type);
bool types_are_not_null(const struct types *types, const struct schema_type *type);

/* First pass over the file (types_apply.c): one change about a type. */
bool types_apply(struct types *types, size_t change, struct error *err) SEGUE_MUST_CHECK;
/* After it: what the types are in the end. */
bool types_finish(struct types *types, struct error *err) SEGUE_MUST_CHECK;
struct schema_type *types_named(const struct types *types, const char *name);

#endif
