/* A database at hand for lint. The functions are those of the same names in struct engine, where the contract stands. */
#ifndef SEGUE_POSTGRES_LOOK_LOOK_H
#define SEGUE_POSTGRES_LOOK_LOOK_H

#include "engine/session.h"
#include "lint/facts.h"
#include "postgres/lint/lint.h"

bool pg_lint_source(struct session *session, bool exact, struct arena *arena, struct lint_source **out,
                    struct error *err) SEGUE_MUST_CHECK;
void pg_lint_know(struct lint_source *source, struct lint_knowledge *knowledge);

#endif
