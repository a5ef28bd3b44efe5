/*
 * Walks over a table in chunks of a key, or of pages where there is no key. The chunk and the row that records it commit
 * together, so that a walk goes on where it stopped, whatever stopped it. Where a walk ends is fixed when it begins: rows that
 * come later are kept right by the sync trigger, and a table that grows as fast as it is walked is still walked to an end.
 * The functions are those of the same name in struct engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_WALK_H
#define SEGUE_POSTGRES_WALK_H

#include "engine/engine.h"

bool pg_walk_load(struct session *session, int64_t id, const struct step *step, struct arena *arena,
                  struct walk_progress *progress, struct error *err) SEGUE_MUST_CHECK;
bool pg_walk_chunk(struct session *session, int64_t id, const struct step *step, long rows,
                   struct arena *arena, struct walk_progress *progress, long *rows_in_chunk,
                   double *mismatches, struct text *sample, struct error *err) SEGUE_MUST_CHECK;
bool pg_walk_divide(struct session *session, int64_t id, const struct step *step, int wanted, int *n,
                    struct error *err) SEGUE_MUST_CHECK;
bool pg_catch_up(struct session *session, const struct catch_up *what, double *changes, double *count,
                 struct error *err) SEGUE_MUST_CHECK;
bool pg_catch_up_part(struct session *session, const struct catch_up *what, const char *parts,
                      struct catch_up_part *part, struct arena *arena, struct error *err) SEGUE_MUST_CHECK;
bool pg_walk_sweep(struct session *session, int64_t id, const struct step *step, bool *again,
                   struct error *err) SEGUE_MUST_CHECK;
bool pg_stubborn(struct session *session, int64_t id, const char *step, struct arena *arena,
                 struct stubborn **out, size_t *n, struct error *err) SEGUE_MUST_CHECK;

#endif
