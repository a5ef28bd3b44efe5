/* What ALTER COLUMN … TYPE costs: nothing but the catalog's row, or every row of the table. */
#ifndef SEGUE_POSTGRES_LINT_TYPE_CHANGE_H
#define SEGUE_POSTGRES_LINT_TYPE_CHANGE_H

#include "lint/model.h"
#include "postgres/lint/known.h"

/* Whether the type of that name, as printed, is the server's own or an extension's well-known one. */
bool type_is_built_in(const char *name);

struct type_change {
    enum lint_truth rewrite;
    enum lint_truth reindex; /* indexes on the column are built anew though the rows stay */
    const char *why;         /* in the arena or static */
};

/* From the type `was` (NULL: not known) to the action's. */
struct type_change type_change(struct arena *arena, const struct known *known, const char *text,
                               const struct lint_action *action, const char *was);

#endif
