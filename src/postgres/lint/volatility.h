/* Whether an expression gives another value for each row: then a new column's default writes the whole table. */
#ifndef SEGUE_POSTGRES_LINT_VOLATILITY_H
#define SEGUE_POSTGRES_LINT_VOLATILITY_H

#include "lint/model.h"
#include "postgres/lint/known.h"

/* YES: a volatile function is called; PERHAPS: one that nobody has told of. *function: which one, in the arena. */
enum lint_truth volatility_of(struct arena *arena, const struct known *known, const char *text,
                              struct lint_slice expr, const char **function);
/* A function that the expression calls whose answer changes for the same row: with the time, the session, tables. NULL: none that is
 * known. */
const char *volatility_changing(struct arena *arena, const struct known *known, const char *text,
                                struct lint_slice expr);
/* Whether the function of that name is one of those that the server or an extension has, and that write no row. */
bool volatility_is_built_in(const char *function);
/* The sequence whose nextval() the expression calls; NULL: none. */
const char *volatility_sequence(struct arena *arena, const char *text, struct lint_slice expr);

#endif
