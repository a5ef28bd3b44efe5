/* Statements that a server has recorded, and how a server would execute them. */
#ifndef SEGUE_POSTGRES_RECORDED_H
#define SEGUE_POSTGRES_RECORDED_H

#include "engine/engine.h"
#include "postgres/parse.h"

/* The statements of the database that pg_stat_statements has summed up: the `limit` with the most time, and the `limit` with the most
 * calls. Only a lost connection and a signal of the user are errors. */
bool pg_recorded_statements(struct session *session, size_t limit, struct arena *arena,
                            struct recorded_statements *out, struct error *err) SEGUE_MUST_CHECK;
/* A statement as it was recorded, so that it can be prepared; in the arena, or the text itself. */
const char *recorded_text(struct arena *arena, const char *text);
/* The statements of a file's content. ERROR_USAGE where it cannot be read as SQL. */
bool pg_statements_in(struct arena *arena, const char *path, const char *content,
                      struct recorded_statements *out, struct error *err) SEGUE_MUST_CHECK;
/* Sets the session's search path: the schema of a version before the list given (quoted), or NULL. */
bool pg_enter_version(struct session *session, const char *version, const char *search_path,
                      struct error *err) SEGUE_MUST_CHECK;
/* How the statement would be executed whatever its parameters are: the nodes of its plan, one a line, and what the planner thinks it
 * costs. version: the schema of a version before the search path given (quoted list), or NULL. */
bool pg_plan_shape(struct session *session, const char *version, const char *search_path,
                   const char *statement, struct arena *arena, struct plan_shape *out,
                   struct error *err) SEGUE_MUST_CHECK;

#endif
