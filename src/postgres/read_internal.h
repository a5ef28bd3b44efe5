/* What the files of the reader share: a statement under way, and how it is refused. */
#ifndef SEGUE_POSTGRES_READ_INTERNAL_H
#define SEGUE_POSTGRES_READ_INTERNAL_H

#include "migration/change.h"
#include "postgres/parse.h"
#include "postgres/read.h"
#include "postgres/sqltree.h"

struct reader {
    struct arena *arena;
    struct migration *migration;
    struct error *err;
};

struct read_statement {
    struct reader *reader;
    size_t base;            /* byte of the file at which it begins */
    struct place place;     /* of that byte */
    struct parse_text text; /* its own text, without the semicolon */
    const PgQuery__Node *tree;
};

/* A part of a statement's text: tokens [first, last). */
struct read_slice {
    size_t first, last;
};

/* Each reads one kind of statement into changes. */
bool read_alter_table(const struct read_statement *s);
bool read_create_table(const struct read_statement *s);
bool read_create_index(const struct read_statement *s);
bool read_rename(const struct read_statement *s);
bool read_drop(const struct read_statement *s);
bool read_comment(const struct read_statement *s);
bool read_create_enum(const struct read_statement *s);
bool read_alter_enum(const struct read_statement *s);
/* CREATE DOMAIN, CREATE TYPE … AS (…), CREATE TYPE … AS RANGE. */
bool read_create_type(const struct read_statement *s);
bool read_alter_domain(const struct read_statement *s);
bool read_drop_type(const struct read_statement *s);
/* ALTER TYPE and ALTER DOMAIN … RENAME …; attributes too. */
bool read_rename_type(const struct read_statement *s);
/* ALTER TYPE … ADD, DROP or ALTER ATTRIBUTE. */
bool read_alter_attribute(const struct read_statement *s);
/* UPDATE, DELETE */
bool read_data_fix(const struct read_statement *s);
bool read_create_sequence(const struct read_statement *s);
bool read_alter_sequence(const struct read_statement *s);
/* BEGIN, COMMIT, SET lock_timeout, SET statement_timeout: leave no change. */
bool read_ignored(const struct read_statement *s);

/* Checks and completes the annotations of the migration. starts: where each statement begins in the file and the first of
 * its changes, one more entry for the end. */
struct read_start {
    size_t base;
    size_t change;
};
bool read_annotations(struct reader *r, const struct read_start *starts, size_t n);
/* The expression of an annotation on one line and without comments, each word where it was. */
bool read_clean_expr(struct reader *r, struct annotation *a);
/* The assignments, condition and key of a copy or back annotation whose expression is clean. */
bool read_copy(struct reader *r, struct annotation *a);
/* What CREATE TABLE declares. Never fails: what cannot be read here is left out. */
struct table_def *read_table_def(const struct read_statement *s, const PgQuery__CreateStmt *create);

/* Refuses the statement at a byte of its text. The message says "<what> is not something segue can do online yet". hint NULL: the
 * advice to run it apart. */
bool read_refuse(const struct read_statement *s, size_t offset, const char *what, const char *hint);
/* Refuses the statement as a whole, by its leading words. */
bool read_refuse_statement(const struct read_statement *s);
/* ERROR_REFUSED with another message. */
bool read_fail(const struct read_statement *s, size_t offset, const char *format, ...) SEGUE_PRINTF(3, 4);
/* A syntax error of the statement, with what may explain it. */
bool read_syntax_error(const struct read_statement *s, const struct parse_fault *fault);
/* A command of ALTER TABLE that is not on the list. */
bool read_refuse_command(const struct read_statement *s, size_t offset, const PgQuery__AlterTableCmd *cmd);

/* An empty change of the statement; offset is a byte of its text. */
struct change read_begin(const struct read_statement *s, enum change_kind kind, size_t offset);
void read_add(const struct read_statement *s, const struct change *change);

bool read_relation(const struct read_statement *s, const PgQuery__RangeVar *relation, struct name *out);
/* A name of one or two String nodes. */
bool read_name(const struct read_statement *s, PgQuery__Node *const *nodes, size_t n, struct name *out);
/* The token behind a relation's name. */
size_t read_behind_relation(const struct read_statement *s, const PgQuery__RangeVar *relation);
/* The text of an expression in the slice, which must be the tree. */
bool read_expr(const struct read_statement *s, struct read_slice slice, const PgQuery__Node *tree,
               const char **out);
/* The text between the first parenthesis of a CHECK and the one that closes it. */
bool read_check_expr(const struct read_statement *s, const PgQuery__Constraint *check, const char **out);
/* A type as the server's format_type prints it where it is a built-in one, else as written. */
bool read_type(const struct read_statement *s, const PgQuery__TypeName *type, const char **out);
/* A collation's name, NULL without a clause. */
const char *read_collation(const struct read_statement *s, const PgQuery__CollateClause *clause);

/* Changes of one ALTER TABLE, to be put into the order in which the server carries them out. */
enum read_pass {
    PASS_DROP,
    PASS_TYPE,
    PASS_ADD_COLUMN,
    PASS_NOT_NULL,
    PASS_USING_INDEX,
    PASS_INDEX,
    PASS_OTHER,
    PASS_COUNT
};

struct read_pending {
    enum read_pass pass;
    struct change change;
};

struct read_list {
    struct read_pending *list;
    size_t n;
};

void read_push(const struct read_statement *s, struct read_list *list, enum read_pass pass,
               const struct change *change);
/* Gives a column's constraint the keys that one of the table would name. */
void read_name_key(struct arena *arena, PgQuery__Constraint *constraint, const char *column);
/* Whether a type is one of the serial ones. */
bool read_is_serial(const PgQuery__TypeName *type);
/* ADD GENERATED, SET GENERATED and its like, DROP IDENTITY. change has its table, column and place. */
bool read_identity_command(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                           struct change *change, struct read_list *list);
/* The options of a sequence. */
bool read_sequence_options(const struct read_statement *s, PgQuery__Node *const *options, size_t n,
                           size_t place, struct sequence_def **out);
/* ADD COLUMN with all that stands behind it. change has its table and place. */
bool read_add_column(const struct read_statement *s, const PgQuery__ColumnDef *column,
                     struct read_slice slice, const struct change *change, struct read_list *list);
/* ADD CONSTRAINT; the constraint's tree has its columns. change has its table and place. */
bool read_add_constraint(const struct read_statement *s, const PgQuery__Constraint *constraint,
                         const struct change *change, struct read_list *list);

/* ATTACH and DETACH PARTITION, INHERIT and NO INHERIT. change has its table and place. */
bool read_partition_command(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                            struct read_slice slice, struct change *change, struct read_list *list);
/* PARTITION OF, PARTITION BY and INHERITS of a CREATE TABLE. */
bool read_partitioning(const struct read_statement *s, const PgQuery__CreateStmt *create,
                       struct change *change);

#endif
