/*
 * Rows that nobody deletes: read and fought over by everybody, and referred to by foreign keys. Those of a table are chosen
 * once in a run, before its first workers begin, so that the other version never takes a worker's own row for one.
 */
#ifndef SEGUE_DRIVE_STOCK_H
#define SEGUE_DRIVE_STOCK_H

#include "drive/drive_internal.h"

/* The stock of a table (quoted and qualified), or NULL. */
const struct stock *stock_find(const struct drive *drive, const char *table);
/* Chooses the rows of the table under a shape, unless that was done already. */
bool stock_choose(struct drive *drive, struct session *session, const struct shape *shape,
                  struct error *err) SEGUE_MUST_CHECK;
/* Chooses anew: rows were added. */
bool stock_again(struct drive *drive, struct session *session, const struct shape *shape,
                 struct error *err) SEGUE_MUST_CHECK;
/* The stock's rows by the key that the target's version sees. */
bool stock_bind(struct crew *crew, struct session *session, struct target *target,
                struct error *err) SEGUE_MUST_CHECK;
/* Fills the pools of a shape's foreign keys; a key that may not be null and has an empty pool switches INSERT off. */
bool stock_fill_pools(struct crew *crew, struct session *session, struct shape *shape,
                      struct error *err) SEGUE_MUST_CHECK;

#endif
