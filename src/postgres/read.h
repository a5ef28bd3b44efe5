/*
 * Reads a migration file: SQL statements into changes, `-- segue:` comments into annotations. Every statement is taken
 * whole or refused by name; nothing is asked of a database.
 */
#ifndef SEGUE_POSTGRES_READ_H
#define SEGUE_POSTGRES_READ_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "migration/change.h"

/* Reads a file. Everything lives in the arena. ERROR_REFUSED with where = file:line:column for whatever cannot be taken:
 * a file that cannot be read, a syntax error (in the server's words), a wrong annotation, a statement that segue cannot
 * do online.
 *
 * The changes of one ALTER TABLE come in the order in which the server carries them out: drops, types, new columns,
 * NOT NULL, indexes, then the rest. BEGIN, COMMIT, SET lock_timeout and SET statement_timeout leave no change. */
bool pg_read_migration(struct arena *arena, const char *path, struct migration **out,
                       struct error *err) SEGUE_MUST_CHECK;

/* The same for a text in memory; path is for messages and for the migration's name only. */
bool pg_read_migration_text(struct arena *arena, const char *path, const char *content,
                            struct migration **out, struct error *err) SEGUE_MUST_CHECK;

#endif
