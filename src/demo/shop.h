/* The demo's shop: customers and orders, and the migration that changes them. */
#ifndef SEGUE_DEMO_SHOP_H
#define SEGUE_DEMO_SHOP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/session.h"

/* Called between two pieces of work. */
typedef void shop_progress(void *context, long done, long total);

/* Makes the tables of the first version, empty. */
bool shop_create(struct session *session, struct error *err) SEGUE_MUST_CHECK;
/* Fills them with so many orders of a tenth as many customers (at least one), and gathers statistics.
 * ERROR_INTERRUPTED as soon as a piece is done after an interrupt. */
bool shop_load(struct session *session, long orders, shop_progress *progress, void *context,
               struct error *err) SEGUE_MUST_CHECK;
/* Writes the migration file into a folder. The result, its path, is in the arena. */
bool shop_write_migration(const char *folder, struct arena *arena, const char **path,
                          struct error *err) SEGUE_MUST_CHECK;

/* What the traffic writes where a column's type alone does not say what is sensible (drive_settings.overrides). */
extern const char *const shop_overrides[];
extern const size_t shop_n_overrides;

#endif
