/* Statements that a server has recorded, and how a server would execute them. */
#ifndef SEGUE_POSTGRES_RECORDED_H
#define SEGUE_POSTGRES_RECORDED_H

#include "engine/engine.h"

/* The statements of the database that pg_stat_statements has summed up, those with the most time first, at most `limit`. *why: why there
 * are none, in words, or NULL; only a lost connection and a signal of the user are errors. */
bool pg_recorded_statements(struct session *session, size_t limit, struct arena *arena,
                            struct recorded_statement **out, size_t *n, const char **why,
                            struct error *err) SEGUE_MUST_CHECK;
/* The statements of a file's content. ERROR_USAGE where it cannot be read as SQL. */
bool pg_statements_in(struct arena *arena, const char *path, const char *content,
                      struct recorded_statement **out, size_t *n, struct error *err) SEGUE_MUST_CHECK;
/* How the statement would be executed whatever its parameters are: the nodes of its plan, one a line, and what the planner thinks it
 * costs. version: the schema of a version before the search path given (quoted list), or NULL. */
bool pg_plan_shape(struct session *session, const char *version, const char *search_path,
                   const char *statement, struct arena *arena, struct plan_shape *out,
                   struct error *err) SEGUE_MUST_CHECK;

#endif
