/* The planner: a migration and a catalog become steps. Pure. */
#ifndef SEGUE_POSTGRES_PLAN_H
#define SEGUE_POSTGRES_PLAN_H

#include "engine/engine.h"

/* See engine.plan. */
bool pg_plan(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
             struct plan **out, struct error *err) SEGUE_MUST_CHECK;

#endif
