/* Reads a migration file: libpg_query's parse trees become changes, `-- segue:` comments become annotations. */
#ifndef SEGUE_POSTGRES_READ_H
#define SEGUE_POSTGRES_READ_H

#include "engine/engine.h"

/* See engine.read_migration. */
bool pg_read_migration(struct arena *arena, const char *path, struct migration **out,
                       struct error *err) SEGUE_MUST_CHECK;

#endif
