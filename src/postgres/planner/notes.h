/* What people should know of a plan: per table, what the old and the new version of the application see. */
#ifndef SEGUE_POSTGRES_PLANNER_NOTES_H
#define SEGUE_POSTGRES_PLANNER_NOTES_H

#include "postgres/planner/steps.h"

/* Fills plan->tables and plan->notes. */
void plan_notes(struct steps *steps);

#endif
