/*
 * Edits of SQL through its parse tree: expressions, constraints and indexes, as a user wrote them or as the server's
 * pg_get_*def functions print them. A text goes in, is parsed, changed as a tree, printed, and parsed once more: what
 * comes out is proved to be the changed tree, or the function fails.
 *
 * Results live in the arena. Errors are ERROR_REFUSED without a place (where is empty; the caller knows the place): a text that
 * does not parse, a whole-row reference (T.*), a reference to another table's column.
 */
#ifndef SEGUE_POSTGRES_SQLTREE_H
#define SEGUE_POSTGRES_SQLTREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "migration/change.h"
#include "migration/data_fix.h"

struct rename {
    const char *from, *to; /* column names, not quoted */
};

/* The distinct columns that an expression over one row of `table` reads, in order of appearance: unqualified names and those
 * qualified by the table. With a subquery (*has_subquery) every unqualified name counts, so that the list is a superset, and
 * names qualified by anything else are taken to be the subquery's own. A name alone is a column, also when the table has
 * the same name. table may be NULL: then only unqualified names are allowed. */
bool sql_expr_columns(struct arena *arena, const char *expr, const char *table, const char ***names,
                      size_t *n, bool *has_subquery, struct error *err) SEGUE_MUST_CHECK;

/* The expression with `table.` taken off its column references; with a subquery, the expression as it is. */
bool sql_expr_unqualify(struct arena *arena, const char *expr, const char *table, const char **out,
                        struct error *err) SEGUE_MUST_CHECK;

/* The expression with columns renamed, all at once (a→b, b→a is a swap); a qualifier before a column is taken off.
 * Refused for an expression with a subquery. */
bool sql_expr_rename(struct arena *arena, const char *expr, const struct rename *renames, size_t n,
                     const char **out, struct error *err) SEGUE_MUST_CHECK;

/* The relations that the subqueries of an expression read, as written; names of WITH queries are among them. */
bool sql_expr_relations(struct arena *arena, const char *expr, struct name **out, size_t *n,
                        struct error *err) SEGUE_MUST_CHECK;
/* Adds a name to a list of distinct ones. */
void sql_add_name(struct arena *arena, const char ***names, size_t *n, const char *name);

/* An UPDATE or DELETE taken apart, with columns renamed, all at once; a qualifier before a renamed column is taken off. Where the fix
 * has a reason to stay whole, set and where are NULL. Refused for renames in a statement with a subquery. */
bool sql_fix_parse(struct arena *arena, const char *statement, const struct rename *renames, size_t n,
                   struct data_fix *out, struct error *err) SEGUE_MUST_CHECK;

/* A constraint's definition, "CHECK (…)", "FOREIGN KEY …", "UNIQUE …", "PRIMARY KEY …" or "EXCLUDE …" as
 * pg_get_constraintdef prints it, with or without NOT VALID, as data (name NULL). */
bool sql_constraint_parse(struct arena *arena, const char *definition, struct constraint_def **out,
                          struct error *err) SEGUE_MUST_CHECK;

/* The definition with the columns of its own table renamed, and NOT VALID at its end exactly when not_valid is set (CHECK
 * and FOREIGN KEY only). self_reference: a FOREIGN KEY's referenced columns are of the same table and are renamed as well. */
bool sql_constraint_rename(struct arena *arena, const char *definition, const struct rename *renames,
                           size_t n, bool not_valid, bool self_reference, const char **out,
                           struct error *err) SEGUE_MUST_CHECK;

/* An element of an EXCLUDE: no two rows may have values between which the operator is true. */
struct sql_exclusion_element {
    const char *index; /* as CREATE INDEX takes it: with collation, operator class, order */
    const char *value; /* the column or expression, with its collation */
    const char *with;  /* &&, OPERATOR(schema.=) */
};

struct sql_exclusion {
    const char *method; /* access method: gist */
    struct sql_exclusion_element *elements;
    size_t n;
    const char *where; /* in its parentheses, or NULL */
};

/* An EXCLUDE's definition taken apart. */
bool sql_exclusion_parse(struct arena *arena, const char *definition, struct sql_exclusion *out,
                         struct error *err) SEGUE_MUST_CHECK;

/* Whether an expression or the WHERE of an EXCLUDE reads the column: then the column cannot be dropped without it. */
bool sql_exclusion_depends(struct arena *arena, const char *definition, const char *column, bool *out,
                           struct error *err) SEGUE_MUST_CHECK;

/* A FOREIGN KEY's definition with another table referenced; not_valid as above. */
bool sql_constraint_retarget(struct arena *arena, const char *definition, const struct name *references,
                             bool not_valid, const char **out, struct error *err) SEGUE_MUST_CHECK;

/* A FOREIGN KEY's definition with its own columns renamed, and with this table and these columns referenced; not_valid as
 * above. */
bool sql_foreign_key_rewrite(struct arena *arena, const char *definition, const struct rename *renames,
                             size_t n, const struct name *references, const char *const *ref_columns,
                             size_t n_ref_columns, bool not_valid, const char **out,
                             struct error *err) SEGUE_MUST_CHECK;

/* What a foreign key points to. No columns: the primary key. */
struct sql_target {
    struct name table;
    const char **columns;
    size_t n_columns;
};

/* May put other names into the target: of the table (its schema stays) and of the columns. */
typedef void sql_retarget(struct sql_target *target, void *context);

/* The statement (CREATE TABLE, ALTER TABLE) with what its foreign keys point to under other names. */
bool sql_references_rewrite(struct arena *arena, const char *statement, sql_retarget *retarget, void *context,
                            const char **out, struct error *err) SEGUE_MUST_CHECK;

/* A CREATE INDEX statement as data. *table is the table as written, *name NULL where the statement gives none. */
bool sql_index_parse(struct arena *arena, const char *statement, struct index_def **out, struct name *table,
                     const char **name, struct error *err) SEGUE_MUST_CHECK;

/* The CREATE INDEX statement for another name (NULL: none), table (schema NULL: not qualified) and columns. Everything else is kept:
 * method, operator classes, collations, order, INCLUDE, predicate, storage parameters, tablespace, NULLS NOT DISTINCT.
 * IF NOT EXISTS is taken off. */
bool sql_index_rename(struct arena *arena, const char *statement, const struct rename *renames, size_t n,
                      const char *new_name, const char *schema, const char *table, bool concurrently,
                      const char **out, struct error *err) SEGUE_MUST_CHECK;

/* What a text is: how it is parsed. */
enum sql_text { SQL_EXPRESSION, SQL_CONSTRAINT, SQL_STATEMENT };

struct sql_type_names {
    /* What stands for a type's name (schema NULL: not qualified), quoted; NULL: the name itself. */
    const char *(*name)(const void *context, const char *schema, const char *name);
    /* What stands for a constant that is cast to the type; NULL: itself. May be NULL. */
    const char *(*label)(const void *context, const char *type, const char *label);
    const void *context;
};

/* The text with the names of types replaced; a text without any of them comes back as it is. */
bool sql_types_rename(struct arena *arena, enum sql_text kind, const char *text,
                      const struct sql_type_names *names, const char **out,
                      struct error *err) SEGUE_MUST_CHECK;
/* The statement with its third word, a name that may be qualified, replaced: CREATE TYPE name, ALTER DOMAIN name. */
bool sql_third_word(struct arena *arena, const char *statement, const char *name, const char **out);

#endif
