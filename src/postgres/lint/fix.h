/* A finding's rewrite: the contract is that of `lint_rewrite` in struct engine. */
#ifndef SEGUE_POSTGRES_LINT_FIX_H
#define SEGUE_POSTGRES_LINT_FIX_H

#include "lint/fix.h"
#include "postgres/lint/lint.h"

bool pg_lint_rewrite(struct lint_knowledge *knowledge, const struct lint_fix_request *request,
                     struct arena *arena, struct lint_fix *out);

#endif
