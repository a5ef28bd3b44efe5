/*
 * Exclusion constraints. The server builds their index neither concurrently nor without looking at the rows, so nobody reads or writes
 * the table meanwhile: one is made in phase backfill, as any other constraint, but only on a table that is small, or where the
 * file allows it (rewrite.h). Rows that are in conflict are looked for before anything is touched, in a copy of their own.
 */
#ifndef SEGUE_POSTGRES_PLANNER_EXCLUSION_H
#define SEGUE_POSTGRES_PLANNER_EXCLUSION_H

#include "postgres/planner/steps.h"

/* Refuses exclusion constraints of a shaped table that would keep everybody out for too long. */
bool exclusion_check_table(const struct model *model, const struct model_table *table,
                           struct error *err) SEGUE_MUST_CHECK;

/* Whether a dropped column would take an exclusion constraint with it that psql does not let go so: one with an expression. */
bool exclusion_keeps(const struct model *model, const struct model_constraint *constraint,
                     const struct model_column *column);

/* Phase check: the rows present, as the new version will have them. */
bool exclusion_check_rows(struct steps *steps, const struct model_table *table,
                          const struct model_constraint *constraint, struct error *err) SEGUE_MUST_CHECK;
/* Phase backfill: an added one, or the copy of one that reads a replaced column. */
bool exclusion_make(struct steps *steps, const struct model_table *table,
                    const struct model_constraint *constraint, struct error *err) SEGUE_MUST_CHECK;

#endif
