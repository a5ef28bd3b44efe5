/*
 * Families: a partitioned table with its partitions, and a table with those that inherit from it. The file changes the parent; what
 * it does to a column reaches every member, as it does in psql. A member is a table of the model of its own, with its own walk,
 * and with what it alone has (constraints, indexes, defaults, comments); the statements about columns are the parent's.
 *
 * A partition has the triggers that the server clones from the parent's, and no views: applications see it through its parent.
 * A child of plain inheritance is a table that applications use by its name: it has triggers and views of its own.
 */
#ifndef SEGUE_POSTGRES_PLANNER_FAMILY_H
#define SEGUE_POSTGRES_PLANNER_FAMILY_H

#include "postgres/planner/steps.h"

/* Refuses a change to a table whose family cannot follow it. */
bool family_check_change(const struct model *model, const struct change *change, const struct table *table,
                         struct error *err) SEGUE_MUST_CHECK;

/* Makes members of all that is below the tables that the file changes. Before tables are shaped. */
bool family_join(struct model *model, struct error *err) SEGUE_MUST_CHECK;
/* Hands the shape of a table's columns on to a table right below it, which is not shaped yet. */
bool family_follow(struct model *model, const struct model_table *parent, struct model_table *child,
                   struct error *err) SEGUE_MUST_CHECK;
/* The parts of an index or of a key that the file gives a partitioned table are named when its statement runs, by the names that
 * columns and partitions have then. For other tables nothing happens. */
void family_name_index(struct model *model, const struct model_table *table, struct model_index *index);
void family_name_key(struct model *model, const struct model_table *table,
                     struct model_constraint *constraint);
/* The names of the parts of an index that leaves are free: those that come may have them. */
void family_release_parts(struct model *model, const char *parent);
/* Refuses what a partitioned table cannot have, and names the parts of the indexes that are made anew. After it is shaped. */
bool family_finish(struct model *model, struct model_table *table, struct error *err) SEGUE_MUST_CHECK;

/* The table and all that is below it. */
void family_members(const struct model *model, const struct model_table *table, struct arena *arena,
                    const struct model_table ***members, size_t *n);

bool family_is_partitioned(const struct model_table *table);
/* Whether a column of a partitioned table, by its old version's name, decides in which partition a row is. */
bool family_in_key(const struct model *model, const struct model_table *table, const char *column);

/* The column of a partition key "RANGE (at)", quoted as it is there; NULL for more columns, expressions, operator classes. */
const char *family_single_key(struct arena *arena, const char *key);
/* The default partition of a table that is there, or NULL. */
const struct model_table *family_default(const struct model *model, const struct model_table *parent);

/* The tables with rows at and below a table: all but partitioned ones. */
void family_leaves(const struct model *model, const struct model_table *table, struct arena *arena,
                   const struct model_table ***leaves, size_t *n);

#endif
