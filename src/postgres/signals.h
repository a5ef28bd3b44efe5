/*
 * What the server tells of itself, with the rights that the role has; and how the throttle stands, in segue's state. The functions
 * are those of the same name in struct engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_SIGNALS_H
#define SEGUE_POSTGRES_SIGNALS_H

#include "engine/engine.h"

bool pg_read_signals(struct session *session, const char *query, struct server_signals *out,
                     struct error *err) SEGUE_MUST_CHECK;
bool pg_throttle_store(struct session *session, int64_t id, double duty, const char *reason,
                       const char *signals, struct error *err) SEGUE_MUST_CHECK;
bool pg_throttle_load(struct session *session, int64_t id, struct arena *arena, struct throttle_state *out,
                      struct error *err) SEGUE_MUST_CHECK;
bool pg_throttle_end(struct session *session, int64_t id, struct error *err) SEGUE_MUST_CHECK;

#endif
