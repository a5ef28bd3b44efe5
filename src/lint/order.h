/*
 * In which order the transactions of files lock tables. Two that lock the same ones in another order, each against the other, deadlock when
 * they run at once: each has what the other waits for.
 */
#ifndef SEGUE_LINT_ORDER_H
#define SEGUE_LINT_ORDER_H

#include "base/arena.h"
#include "lint/model.h"

struct lint_order;

/* A statement that locks a second table while a first one is held, in another order than the one asked about. */
struct lint_order_other {
    const char *path;
    int line;
};

struct lint_order *lint_order_new(struct arena *arena);
/* A transaction of the file begins: it has no lock yet. */
void lint_order_begin(struct lint_order *order, const char *path);
/* Whether a transaction of another file locks two tables the other way round, of which this one holds the first and the statement locks
 * the second. */
bool lint_order_differs(const struct lint_order *order, const struct lint_statement *statement,
                        const char **held, const char **locked, struct lint_order_other *other);
/* The statement, which stands in that line, has run in the transaction. */
void lint_order_note(struct lint_order *order, const struct lint_statement *statement, int line);

#endif
