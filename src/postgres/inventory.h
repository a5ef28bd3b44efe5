/*
 * Inventories: what a schema holds when a migration of it is started, and when it is complete. By these the audit tells what was lost on
 * the way, and what was changed since. They are for people: a migration goes on where one cannot be made.
 */
#ifndef SEGUE_POSTGRES_INVENTORY_H
#define SEGUE_POSTGRES_INVENTORY_H

#include "base/arena.h"
#include "base/error.h"
#include "engine/audit.h"
#include "engine/session.h"

/* Records the schema of migration `id`; moment: "before" or "after". Waits for no lock longer than a second. */
bool pg_inventory_take(struct session *session, int64_t id, const char *schema, const char *moment,
                       struct error *err) SEGUE_MUST_CHECK;
/* Adds to the audit what migration `id` has changed, and what of the schema is not any more as it left it. */
bool pg_inventory_audit(struct session *session, int64_t id, const char *schema, struct arena *arena,
                        struct audit *out, struct error *err) SEGUE_MUST_CHECK;

#endif
