/*
 * The planner: a migration and a snapshot of the catalog go in, a plan comes out; no I/O.
 *
 * It works in four passes, each with its own files:
 *   apply_*   the file's changes are applied, in order, to a model of the schema (model.h): what psql would make;
 *   bind      the annotations are bound to the model's columns;
 *   shape     each table's physical form while both versions live: what is hidden, shared, replaced;
 *   steps_*   the steps, phase by phase.
 *
 * What cannot be done online is refused here, with the place in the file and what to write instead.
 */
#ifndef SEGUE_POSTGRES_PLANNER_PLANNER_H
#define SEGUE_POSTGRES_PLANNER_PLANNER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/must.h"
#include "catalog/catalog.h"
#include "migration/change.h"
#include "plan/plan.h"

/* engine_ops.plan. The plan and all its strings live in the arena; they refer to strings of the migration and
 * of the catalog, which must live as long. Errors are ERROR_REFUSED with file:line:column in `where`. */
bool pg_plan(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
             struct plan **out, struct error *err) SEGUE_MUST_CHECK;

/* The tables, by their names after the file, in whose place the new version sees a view while both live. */
bool pg_plan_views(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                   const char ***tables, size_t *n, struct error *err) SEGUE_MUST_CHECK;

#endif
