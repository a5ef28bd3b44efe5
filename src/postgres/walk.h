/* Walks over a table in chunks of its key, each chunk one transaction with its progress. See engine/engine.h. */
#ifndef SEGUE_POSTGRES_WALK_H
#define SEGUE_POSTGRES_WALK_H

#include "engine/engine.h"

bool pg_walk_load(struct session *session, int64_t id, const struct step *step, struct arena *arena,
                  struct walk_progress *progress, struct error *err) SEGUE_MUST_CHECK;
bool pg_walk_chunk(struct session *session, int64_t id, const struct step *step, long rows,
                   struct arena *arena, struct walk_progress *progress, long *rows_in_chunk,
                   double *mismatches, struct text *sample, struct error *err) SEGUE_MUST_CHECK;

#endif
