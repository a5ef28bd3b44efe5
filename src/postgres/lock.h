/*
 * Locks: the one session that may run a migration, short transactions that never queue for long, and who stands in the way.
 * Every function is the one of the same name in struct engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_LOCK_H
#define SEGUE_POSTGRES_LOCK_H

#include "engine/engine.h"

bool pg_lock_migration(struct session *session, int wait_ms, struct backend *self,
                       struct error *err) SEGUE_MUST_CHECK;
bool pg_runner(struct session *session, int *pid, struct error *err) SEGUE_MUST_CHECK;
bool pg_begin(struct session *session, int lock_timeout_ms, int statement_timeout_ms,
              struct error *err) SEGUE_MUST_CHECK;
bool pg_commit(struct session *session, struct error *err) SEGUE_MUST_CHECK;
bool pg_rollback(struct session *session, struct error *err) SEGUE_MUST_CHECK;
bool pg_run_alone(struct session *session, const char *sql, struct error *err) SEGUE_MUST_CHECK;
bool pg_gate(struct session *session, const struct step_lock *locks, size_t n,
             struct error *err) SEGUE_MUST_CHECK;
bool pg_blockers(struct session *session, const struct step_lock *locks, size_t n, double min_seconds,
                 struct arena *arena, struct blocker **out, size_t *n_out,
                 struct error *err) SEGUE_MUST_CHECK;
bool pg_is_waited_for(struct session *session, int pid, bool *waited, struct error *err) SEGUE_MUST_CHECK;
bool pg_waits_for(struct session *session, int pid, struct arena *arena, struct blocker **out, size_t *n_out,
                  struct error *err) SEGUE_MUST_CHECK;

/* Sessions that hold a snapshot of this database, other than this one. */
bool pg_readers(struct session *session, struct arena *arena, struct blocker **out, size_t *n,
                struct error *err) SEGUE_MUST_CHECK;

#endif
