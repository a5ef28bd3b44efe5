/*
 * Several migrations at once: a second one can be started while the first one waits for `complete`, where they have nothing in
 * common. Their versions stand upon one another: the second one's old version is the first one's new version.
 */
#ifndef SEGUE_POSTGRES_PLANNER_BESIDE_H
#define SEGUE_POSTGRES_PLANNER_BESIDE_H

#include "postgres/planner/steps.h"

/* The old version, and those below it whose applications still run: model->old_version, older_versions, tag. */
void beside_versions(struct model *model);
/* Refuses a statement about a table that a migration under way touches. `name` is in the schema that is changed. */
bool beside_check_table(const struct model *model, struct place place, const char *name,
                        struct error *err) SEGUE_MUST_CHECK;
/* Fills plan->touches, and refuses a plan that touches what a migration under way touches. */
bool beside_check_plan(struct steps *steps, struct error *err) SEGUE_MUST_CHECK;

#endif
