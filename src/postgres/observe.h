/* What a rehearsal sees of sessions at work (engine/observed.h). Reads only; each is one query. */
#ifndef SEGUE_POSTGRES_OBSERVE_H
#define SEGUE_POSTGRES_OBSERVE_H

#include "engine/engine.h"

/* Locks that this session's transaction holds; inside a transaction that has not failed. */
bool pg_observe_own(struct session *session, struct arena *arena, struct observed_lock **out, size_t *n,
                    struct error *err) SEGUE_MUST_CHECK;
/* Locks on relations of segue's sessions, and whatever any other session waits for. */
bool pg_observe_locks(struct session *session, struct arena *arena, struct observed_lock **out, size_t *n,
                      struct error *err) SEGUE_MUST_CHECK;
/* Statements of segue drive's sessions that have been under way for so many seconds. */
bool pg_observe_statements(struct session *session, double seconds, struct arena *arena,
                           struct observed_statement **out, size_t *n, struct error *err) SEGUE_MUST_CHECK;
bool pg_observe_deadlocks(struct session *session, double *out, struct error *err) SEGUE_MUST_CHECK;
bool pg_observe_sequences(struct session *session, struct arena *arena, struct observed_sequence **out,
                          size_t *n, struct error *err) SEGUE_MUST_CHECK;

#endif
