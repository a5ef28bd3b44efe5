/* Statements that run as they stand: what the files that read them share. */
#ifndef SEGUE_POSTGRES_READ_STATEMENT_H
#define SEGUE_POSTGRES_READ_STATEMENT_H

#include "postgres/read_internal.h"

/* What a kind of statement is about, where it runs by default, and the lock that it takes on the tables that it names. */
struct statement_class {
    PgQuery__Node__NodeCase node;
    enum statement_place place;
    enum statement_object object;
    enum statement_verb verb;
    const char *lock;
};

/* An unknown kind has place STATEMENT_UNPLACED. */
const struct statement_class *read_statement_class(const PgQuery__Node *tree);
/* Why a statement belongs in no migration; NULL: it may. */
const char *read_statement_refusal(const PgQuery__Node *tree);

/* Any statement that nothing else reads. */
bool read_as_statement(const struct read_statement *s);
/* CREATE FUNCTION, CREATE PROCEDURE: signature, types, what its body is bound to. */
bool read_function(const struct read_statement *s, struct change *change);
/* A command of ALTER TABLE that changes no column's shape; pushed to the list. False with a refusal for an unknown one. */
bool read_alter_statement(const struct read_statement *s, const PgQuery__AlterTableCmd *cmd,
                          struct read_slice slice, const struct change *change, struct read_list *list);

/* The relations that a statement names, with their places; names of its WITH queries are left out. */
void read_mentions(const struct read_statement *s, struct statement_def *def);
/* Adds the name that begins at a token. */
void read_mention_at(const struct read_statement *s, struct statement_def *def, size_t token,
                     struct name name);
/* The byte behind a possibly qualified name that begins at a token. */
size_t read_name_end(const struct read_statement *s, size_t token);
/* The words that name the statement: CREATE MATERIALIZED VIEW. */
const char *read_statement_name(const struct read_statement *s);

#endif
