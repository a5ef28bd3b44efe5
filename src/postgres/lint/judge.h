/* Whether a statement is one at all, by the grammar of the server. */
#ifndef SEGUE_POSTGRES_LINT_JUDGE_H
#define SEGUE_POSTGRES_LINT_JUDGE_H

#include <stdbool.h>

#include "postgres/lint/newer.h"
#include "postgres/lint/split.h"

/* Fills statement->unreadable where the grammar refuses it, and since where it needs a release later than 15. `sql` has the
 * statement's tokens. */
void judge(const struct split *split, const struct sql *sql, struct lint_statement *statement);

/* Whether a text of one statement, which the grammar of 15 refuses, is one of a later release: the form by which it is told. */
bool judge_newer(struct arena *arena, const char *text, struct newer_form *newest);

#endif
