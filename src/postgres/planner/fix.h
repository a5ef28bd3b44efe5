/*
 * Data fixes: an UPDATE or DELETE of the file, done chunk by chunk over the rows that are there when it begins, each once.
 *
 * In phase expand it comes before the new shape is made, so its names are those of the old version, whatever the file calls
 * them at that point; in phase contract after the tables have their final shape. The application's triggers fire, as they do
 * when psql runs the file.
 */
#ifndef SEGUE_POSTGRES_PLANNER_FIX_H
#define SEGUE_POSTGRES_PLANNER_FIX_H

#include "postgres/planner/steps.h"

/* The step of one fix. */
bool steps_fix(struct steps *steps, const struct model_fix *fix, struct error *err) SEGUE_MUST_CHECK;
/* The steps of those at `complete`, in the order of the file. */
bool steps_fixes_contract(struct steps *steps, struct error *err) SEGUE_MUST_CHECK;
/* Whether a fix mends rows of the table before the file makes this change: then its rows are checked only after the fix. */
bool fix_comes_before(const struct model *model, const struct model_table *table,
                      const struct change *change);

#endif
