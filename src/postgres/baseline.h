/* Baselines in schema `segue`. Every function is the one of the same name in struct engine, where the contract stands. */
#ifndef SEGUE_POSTGRES_BASELINE_H
#define SEGUE_POSTGRES_BASELINE_H

#include "engine/engine.h"

bool pg_baseline_look(struct session *session, const char *schema, struct arena *arena, struct baseline *out,
                      struct error *err) SEGUE_MUST_CHECK;
bool pg_baseline_load(struct session *session, const char *schema, struct arena *arena, struct baseline *out,
                      struct error *err) SEGUE_MUST_CHECK;
bool pg_baseline_store(struct session *session, const struct baseline *baseline, bool again,
                       struct error *err) SEGUE_MUST_CHECK;
bool pg_baseline_compare(struct session *session, const struct baseline *now, struct arena *arena,
                         const char ***lines, size_t *n, struct error *err) SEGUE_MUST_CHECK;

#endif
