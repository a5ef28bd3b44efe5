/*
 * What pg_stat_statements sums up of the application's statements on a table. The function is that of the same name in struct
 * engine, where the contract stands.
 */
#ifndef SEGUE_POSTGRES_STATEMENTS_H
#define SEGUE_POSTGRES_STATEMENTS_H

#include "engine/engine.h"

bool pg_read_statements(struct session *session, const char *table, bool choose, struct arena *arena,
                        struct statement_figures *out, struct error *err) SEGUE_MUST_CHECK;

#endif
