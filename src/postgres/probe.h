/*
 * Probe statements: what an application's statements take now, and a vacuum that takes no more than its share. The functions are those
 * of the same name in struct engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_PROBE_H
#define SEGUE_POSTGRES_PROBE_H

#include "engine/engine.h"

bool pg_probe_prepare(struct session *session, const struct walk *walk, struct arena *arena,
                      struct probes *out, struct error *err) SEGUE_MUST_CHECK;
bool pg_probe_lookup(struct session *session, const struct probes *probes, size_t n,
                     struct error *err) SEGUE_MUST_CHECK;
bool pg_probe_write(struct session *session, struct error *err) SEGUE_MUST_CHECK;
bool pg_vacuum(struct session *session, const char *sql, double duty, struct error *err) SEGUE_MUST_CHECK;

#endif
