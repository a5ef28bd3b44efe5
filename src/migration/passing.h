/* Statements of which nothing is left when the file is through, as tools write them that put one change after the other. */
#ifndef SEGUE_MIGRATION_PASSING_H
#define SEGUE_MIGRATION_PASSING_H

#include "migration/change.h"

/* Marks the statements that make a view, trigger, policy or statistics object which the file drops again further down, that are about
 * it, and that drop it, unless anything else may use it; what is said of a table, view or index (GRANT, COMMENT, SET, a
 * trigger's or policy's making) that the file drops below; and what is said of a column (SET STORAGE, SET STATISTICS) that
 * the file drops below, or whose change of type takes it back. Never a statement of which a phase or an undo is said.
 * schema: of names that are not qualified. */
void migration_mark_passing(const struct migration *migration, const char *schema);

#endif
