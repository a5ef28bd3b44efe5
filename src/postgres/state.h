/*
 * The state of segue in the database that it changes: schema `segue`, whose tables sql/state.sql makes. Every function is
 * the one of the same name in struct engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_STATE_H
#define SEGUE_POSTGRES_STATE_H

#include "engine/engine.h"

bool pg_state_install(struct session *session, const char *schema, struct error *err) SEGUE_MUST_CHECK;
bool pg_state_installed(struct session *session, bool *installed, struct error *err) SEGUE_MUST_CHECK;
bool pg_state_live(struct session *session, struct arena *arena, bool with_plan, struct state_migration **out,
                   size_t *n, struct error *err) SEGUE_MUST_CHECK;
bool pg_state_history(struct session *session, struct arena *arena, struct state_migration **out, size_t *n,
                      struct error *err) SEGUE_MUST_CHECK;
bool pg_state_plan(struct session *session, int64_t id, struct arena *arena, const char **json,
                   struct error *err) SEGUE_MUST_CHECK;
bool pg_state_create(struct session *session, const struct plan *plan, const char *sql, int64_t *id,
                     struct error *err) SEGUE_MUST_CHECK;
bool pg_state_set(struct session *session, int64_t id, const char *from, const char *to, const char *message,
                  struct error *err) SEGUE_MUST_CHECK;
bool pg_state_pause(struct session *session, int64_t id, bool paused, struct error *err) SEGUE_MUST_CHECK;
bool pg_state_paused(struct session *session, int64_t id, struct state_rest *out,
                     struct error *err) SEGUE_MUST_CHECK;
bool pg_state_event(struct session *session, int64_t id, const char *kind, const char *step,
                    const char *message, struct error *err) SEGUE_MUST_CHECK;
bool pg_switch_version(struct session *session, int64_t id, struct error *err) SEGUE_MUST_CHECK;
bool pg_drop_versions(struct session *session, int64_t id, struct error *err) SEGUE_MUST_CHECK;
bool pg_journal_load(struct session *session, int64_t id, struct arena *arena, struct journal_entry **out,
                     size_t *n, struct error *err) SEGUE_MUST_CHECK;
bool pg_journal_write(struct session *session, int64_t id, const char *step, enum journal_status status,
                      double seconds, struct error *err) SEGUE_MUST_CHECK;

#endif
