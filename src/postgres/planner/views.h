/* The views through which a version sees a changed table. */
#ifndef SEGUE_POSTGRES_PLANNER_VIEWS_H
#define SEGUE_POSTGRES_PLANNER_VIEWS_H

#include "postgres/planner/model.h"

/* The statements that make the running version's view: the table as it is now, without the hidden columns. It is there for
 * every older version, too, that a migration under way has below it. */
void view_old(struct model *model, const struct model_table *table, const char ***statements, size_t *n);
/* The statements that make the new version's view. Columns stand in the order they will have after `complete`, because the
 * order is part of a prepared SELECT *. */
void view_new(struct model *model, const struct model_table *table, const char ***statements, size_t *n);

/* The default of a new version's column as the view must carry it, or NULL when the table's own serves. */
const char *view_default(struct model *model, const struct model_table *table,
                         const struct model_column *column);
/* The column's default for the replacement of its enum type; the default itself for any other column. */
const char *default_for_type(struct model *model, const struct model_column *column);

#endif
