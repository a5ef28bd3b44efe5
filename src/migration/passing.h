/* Objects that a file makes and drops again further down, as tools write them that put one change after the other. */
#ifndef SEGUE_MIGRATION_PASSING_H
#define SEGUE_MIGRATION_PASSING_H

#include "migration/change.h"

/* Marks the statements that make such a view, trigger, policy or statistics object, that are about it, and that drop it: when the
 * file is through, nothing of them is left. Not where a phase or an undo is said of one, nor where anything else may use it. */
void migration_mark_passing(struct migration *migration);

#endif
