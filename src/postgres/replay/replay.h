/*
 * Statements that a server has recorded are made ready for a copy (engine/replay.h). A parameter that is compared with a column, or
 * written into one, takes values which that column has in the copy; those of one table come from one of its rows, so that they go
 * together. What is written comes from another row than what it is looked for by. LIMIT and OFFSET get small numbers, others
 * something of their type.
 *
 * Left out is what a session does not prepare (BEGIN, DDL, COPY), what reads nothing but the server's catalogs, and what calls a
 * volatile function of the server's or an extension's that may reach beyond the copy.
 */
#ifndef SEGUE_POSTGRES_REPLAY_REPLAY_H
#define SEGUE_POSTGRES_REPLAY_REPLAY_H

#include "engine/engine.h"

/* The session is on the copy, with the application's search path. What cannot be run says why; only a lost connection and a signal of the
 * user are errors. */
bool pg_replay_statement(struct session *session, const struct recorded_statement *recorded,
                         struct arena *arena, struct replay_statement *out,
                         struct error *err) SEGUE_MUST_CHECK;

#endif
