/* The tables of other tools that a migration marks, where they lie outside the schema that is changed. */
#ifndef SEGUE_POSTGRES_MARKED_H
#define SEGUE_POSTGRES_MARKED_H

#include "engine/engine.h"

/* Engine's marked_tables. */
bool pg_marked_tables(struct session *session, struct arena *arena, const struct migration *migration,
                      struct catalog *catalog, struct error *err) SEGUE_MUST_CHECK;

#endif
