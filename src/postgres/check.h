/*
 * Asks the server whether every expression of a migration (up, down, existing, DEFAULT, USING) means something over the
 * columns that it may read and gives the type that it must. Expressions are described, never run, and what the check makes
 * (the migration's new enum types) is rolled back.
 */
#ifndef SEGUE_POSTGRES_CHECK_H
#define SEGUE_POSTGRES_CHECK_H

#include "engine/engine.h"

/* ERROR_REFUSED with where = file:line:column of the offending word. Must not be called inside a transaction. */
bool pg_check_expressions(struct session *session, const struct migration *migration,
                          const struct catalog *catalog, struct error *err) SEGUE_MUST_CHECK;

/* Has the server print the conditions of checks and indexes that the file adds above a change of a type which they read, and puts them
 * in the migration in the place of what the file says. Strings are in the arena. ERROR_REFUSED when they do not fit the
 * new type. Must not be called inside a transaction. */
bool pg_print_conditions(struct session *session, struct arena *arena, const struct migration *migration,
                         const struct catalog *catalog, struct error *err) SEGUE_MUST_CHECK;

#endif
