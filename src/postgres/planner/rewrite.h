/*
 * Statements that rewrite a whole table under ACCESS EXCLUSIVE, which no other way serves (another tablespace, LOGGED and
 * UNLOGGED, a stored generated column, the index of an exclusion constraint). Such a statement runs at `complete`, but for the
 * exclusion constraint, and only where the wait is one that an application does not notice, or where the file says that it may be.
 */
#ifndef SEGUE_POSTGRES_PLANNER_REWRITE_H
#define SEGUE_POSTGRES_PLANNER_REWRITE_H

#include "postgres/planner/model.h"

/* The rule of `allow RULE because "…"` that accepts a rewrite of any size. */
#define REWRITE_RULE "table-rewrite"

/* Whether the table may be rewritten under its strongest lock: it is small, or the file allows it. Otherwise refused at
 * the place; `what` is the statement in words: "SET TABLESPACE". A table that the file creates is always small. */
bool rewrite_allowed(const struct model *model, const struct model_table *table, struct place place,
                     const char *what, struct error *err) SEGUE_MUST_CHECK;
/* Likewise for a statement that reads the whole table in the transaction of the switch: CREATE MATERIALIZED VIEW. */
bool rewrite_scan_allowed(const struct model *model, const struct model_table *table, struct place place,
                          const char *what, struct error *err) SEGUE_MUST_CHECK;
/* Likewise for an index that is built while nobody can use the table: EXCLUDE. */
bool rewrite_build_allowed(const struct model *model, const struct model_table *table, struct place place,
                           const char *what, struct error *err) SEGUE_MUST_CHECK;
/* Likewise for a statement that reads the whole table while nobody can write it, in a step of its own: ALTER DOMAIN. */
bool rewrite_read_allowed(const struct model *model, const struct model_table *table, struct place place,
                          const char *what, struct error *err) SEGUE_MUST_CHECK;
/* Whether what is so allowed takes longer than the instant for which a lock is held otherwise. */
bool rewrite_may_be_long(const struct model *model, const struct model_table *table);

#endif
