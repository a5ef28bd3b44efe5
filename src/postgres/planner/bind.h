/* Second pass: annotations bound to the model's columns. */
#ifndef SEGUE_POSTGRES_PLANNER_BIND_H
#define SEGUE_POSTGRES_PLANNER_BIND_H

#include "postgres/planner/model.h"

/* Binds every up, down and existing to its column, and checks that what the expressions read is there in the
 * version they read. False with ERROR_REFUSED at the annotation otherwise. */
bool bind_annotations(struct model *model, struct error *err) SEGUE_MUST_CHECK;

#endif
