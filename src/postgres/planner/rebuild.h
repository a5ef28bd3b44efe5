/*
 * Rebuild: instead of filling hidden columns in place, the rows are copied into a new table that has both shapes, which then takes
 * the old one's place in one short transaction. What hangs on the table is made again by the server (sql/rebuild.sql). After
 * the swap everything is as after a backfill in place, and so are the rest of `start`, `complete` and `rollback`.
 */
#ifndef SEGUE_POSTGRES_PLANNER_REBUILD_H
#define SEGUE_POSTGRES_PLANNER_REBUILD_H

#include "postgres/planner/steps.h"

/* Which of the tables whose rows must be filled are rebuilt: of those that were asked about and have no obstacle, those for which it is
 * wanted or costs less. Refuses where there is no room for what will be written. After shape. */
bool rebuild_choose(struct model *model, struct error *err) SEGUE_MUST_CHECK;

/* The steps of a table that is rebuilt, in phase backfill. */
bool steps_rebuild(struct steps *steps, struct model_table *table, struct error *err) SEGUE_MUST_CHECK;

/* An index of the new shape is made with the new table's others, before the swap. */
bool rebuild_index(struct steps *steps, const struct model_table *table, const struct model_index *index,
                   const char *place, struct error *err) SEGUE_MUST_CHECK;

#endif
