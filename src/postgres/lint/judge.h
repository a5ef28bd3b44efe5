/* Whether a statement is one at all, by the grammar of the server. */
#ifndef SEGUE_POSTGRES_LINT_JUDGE_H
#define SEGUE_POSTGRES_LINT_JUDGE_H

#include <stdbool.h>

#include "postgres/lint/newer.h"
#include "postgres/lint/split.h"

/* Fills statement->unreadable where the grammar refuses it, and since where it needs a release later than 15. `sql` has the
 * statement's tokens. */
void judge(const struct split *split, const struct sql *sql, struct lint_statement *statement);

#endif
