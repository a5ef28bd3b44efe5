/* What the readers of statements share. Each stands behind the words by which it was chosen. */
#ifndef SEGUE_POSTGRES_LINT_STATEMENT_INTERNAL_H
#define SEGUE_POSTGRES_LINT_STATEMENT_INTERNAL_H

#include "postgres/lint/statement.h"

/* Appends an action whose place goes from the token to where the reader is. */
struct lint_action *statement_add(const struct sql *sql, struct lint_statement *out, size_t from,
                                  const struct lint_action *action);

void statement_create(struct sql *sql, struct lint_statement *out);
void statement_alter(struct sql *sql, struct lint_statement *out);
void statement_drop(struct sql *sql, struct lint_statement *out);
/* TRUNCATE, CLUSTER, VACUUM, REINDEX, REFRESH, LOCK, COMMENT, INSERT, UPDATE, …; false: none of them. */
bool statement_other(struct sql *sql, struct lint_statement *out);

void statement_create_table(struct sql *sql, struct lint_statement *out, unsigned flags);
void statement_create_index(struct sql *sql, struct lint_statement *out, unsigned flags);
void statement_alter_table(struct sql *sql, struct lint_statement *out);
/* ALTER of types, domains, sequences, views, indexes, schemas and the rest. */
void statement_alter_other(struct sql *sql, struct lint_statement *out);

/* A column's definition behind its name, up to the end: type and constraints. action has its column. */
void statement_column(struct sql *sql, struct lint_action *action);
/* A table's constraint, up to the end, into *action; false where none begins. */
bool statement_constraint(struct sql *sql, struct lint_action *action);

#endif
