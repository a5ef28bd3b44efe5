/* One statement, by its words, as actions of the model. What they do to tables is effects.h's. */
#ifndef SEGUE_POSTGRES_LINT_STATEMENT_H
#define SEGUE_POSTGRES_LINT_STATEMENT_H

#include "lint/model.h"
#include "postgres/lint/sql.h"

/* Fills the statement's actions. Never fails: what no reader knows is one action LINT_OTHER. */
void statement_read(struct sql *sql, struct lint_statement *out);

#endif
