/* The engine's part of lint: statements of a file, one after another, with what they do. */
#ifndef SEGUE_POSTGRES_LINT_LINT_H
#define SEGUE_POSTGRES_LINT_LINT_H

#include "base/error.h"
#include "lint/model.h"

struct lint_knowledge;
struct known;

/* See engine.h. */
struct lint_knowledge *pg_lint_knowledge(struct arena *arena);
void pg_lint_read(struct lint_knowledge *knowledge, const char *content, int file,
                  const struct lint_settings *settings, lint_visit *visit, void *context);
/* What is known of the database. */
struct known *lint_known(struct lint_knowledge *knowledge);
bool pg_lint_startable(const char *path, const char *content, struct error *err);

#endif
