/* The catalog snapshot of one schema: sql/catalog.sql run in one consistent transaction, read by catalog_from_json. */
#ifndef SEGUE_POSTGRES_SNAPSHOT_H
#define SEGUE_POSTGRES_SNAPSHOT_H

#include "engine/engine.h"

/* Needs no privileges beyond connecting. ERROR_REFUSED when there is no schema of that name. Must not be called inside a
 * transaction. */
bool pg_snapshot(struct session *session, const char *schema, struct arena *arena, struct catalog **out,
                 struct error *err) SEGUE_MUST_CHECK;

/* What hangs on the tables that the migration changes, into their `carry`: read under the search path of the snapshot. */
bool pg_carry(struct session *session, const struct migration *migration, const struct carry_wish *wish,
              struct catalog *catalog, struct arena *arena, struct error *err) SEGUE_MUST_CHECK;

#endif
