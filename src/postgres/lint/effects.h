/*
 * What a statement does to tables: which locks it takes, and whether rows are read or written under them, on a server of a
 * release. Measured on PostgreSQL 12 to 18 (tests/lint/postgres-locks.tsv); what has to do with what the files have not
 * said is PERHAPS.
 */
#ifndef SEGUE_POSTGRES_LINT_EFFECTS_H
#define SEGUE_POSTGRES_LINT_EFFECTS_H

#include "lint/model.h"
#include "postgres/lint/known.h"

/* Fills the statement's touches and what its actions tell of themselves. Strings in the arena or those of `known`. */
void effects_find(struct arena *arena, const struct known *known, const struct lint_settings *settings,
                  struct lint_statement *statement);

#endif
