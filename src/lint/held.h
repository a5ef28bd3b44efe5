/* Findings that a later statement of the same transaction may take back: a table that is renamed is still found by its old name
 * when a view of that name is there at COMMIT. */
#ifndef SEGUE_LINT_HELD_H
#define SEGUE_LINT_HELD_H

#include "lint/lint.h"

struct lint_held {
    struct lint_held_finding *findings;
    size_t n;
};

/* Keeps a copy in the arena. */
void lint_held_add(struct lint_held *held, struct arena *arena, const struct lint_finding *finding);
/* A view of that name is made. */
void lint_held_take_back(struct lint_held *held, const char *view);
/* Gives those that nothing has taken back, in their order. */
void lint_held_give(struct lint_held *held, lint_give *give, void *context);

#endif
