/*
 * NOT NULL as a constraint. From PostgreSQL 18 on it has a name, chosen when it is made and kept through every rename, and a
 * comment; the model follows it statement by statement, and the switch makes it under the name that it has then.
 */
#ifndef SEGUE_POSTGRES_PLANNER_NOT_NULL_H
#define SEGUE_POSTGRES_PLANNER_NOT_NULL_H

#include "postgres/planner/steps.h"
#include "postgres/planner/switch.h"

/* Whether the server's NOT NULL constraints have names. */
bool not_null_has_name(const struct model *model);

/* A column of the file's becomes NOT NULL: its constraint gets the name given, or NULL: the one that the server would choose now. */
void not_null_demand(struct model *model, const struct model_table *table, struct model_column *column,
                     const char *name);
/* It may be NULL again: the constraint is gone. */
void not_null_release(struct model_column *column);
/* The column whose constraint has this name in the new version as it stands now, or NULL. */
struct model_column *not_null_column(struct model_table *table, const char *name);
/* Whether such a column is in any table of the new version as it stands now. */
bool not_null_name_taken(const struct model *model, const char *name);

/* "ADD CONSTRAINT name NOT NULL column" or "ALTER COLUMN column SET NOT NULL", behind ALTER TABLE. The column by its present
 * name; name is not looked at before PostgreSQL 18. Does nothing where it is so already. */
const char *not_null_clause(const struct model *model, const struct model_column *column, const char *present,
                            const char *name);
/* The name under which an identity demands it of a column before the switch is done with what had the name until then. */
const char *not_null_interim(const struct model *model, const struct model_column *column);

/* The switch: NOT NULL of a column that is so in the new version, by its final name. */
void not_null_switch(struct switch_acts *acts, const struct model_table *table,
                     const struct model_column *column);

#endif
