/*
 * A copy of a database's rows for a rehearsal (engine/sample.h). The source is read in one transaction that may not write, its snapshot
 * is handed out so that its schema can be dumped as of the same moment, and it stays open until the copy is made: meanwhile VACUUM
 * keeps what it sees. No row of a foreign key that the source holds valid is taken without the row that it points to.
 */
#ifndef SEGUE_POSTGRES_SAMPLE_SAMPLE_H
#define SEGUE_POSTGRES_SAMPLE_SAMPLE_H

#include "engine/engine.h"

/* Connects, begins the transaction, and lists what is there. Needs no privilege but to connect; to copy, SELECT on every table. The caller
 * closes *out; its strings are in the arena. */
bool pg_sample_open(const struct session_settings *settings, struct arena *arena, struct sampling **out,
                    struct error *err) SEGUE_MUST_CHECK;
/* Copies rows into tables of the same names that are there, are empty, and have no constraint, index or trigger yet, and puts sequences where
 * they stand. ERROR_USAGE with the rule's place for a rule that names nothing or a column of a foreign key. */
bool pg_sample_fill(struct sampling *sample, const struct sample_wish *wish,
                    const struct session_settings *to, struct error *err) SEGUE_MUST_CHECK;
/* Applies the rules to rows that are here already, as pg_sample_fill does to those that it reads. */
bool pg_sample_scrub(const struct sampling *sample, const struct sample_wish *wish,
                     const struct session_settings *to, struct error *err) SEGUE_MUST_CHECK;
/* Counts the copy. */
bool pg_sample_measure(struct sampling *sample, const struct session_settings *to,
                       struct error *err) SEGUE_MUST_CHECK;
/* Ends the transaction; what is in the arena stays. NULL is allowed. */
void pg_sample_close(struct sampling *sample);
/* The URL with another database in its place; a password stays in it. ERROR_USAGE where it cannot be read. */
bool pg_database_url(const char *url, const char *database, struct arena *arena, const char **out,
                     struct error *err) SEGUE_MUST_CHECK;
/* Where a URL (NULL: libpq's environment) leads, as variables of libpq's environment for another program: PGHOST=…, a password among
 * them, which so never stands among arguments. Ended by NULL. */
bool pg_environment(const char *url, struct arena *arena, const char *const **out,
                    struct error *err) SEGUE_MUST_CHECK;

#endif
