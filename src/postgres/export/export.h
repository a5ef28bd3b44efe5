/*
 * A migration as one script of plain SQL that brings any database between its two versions to the newer one. Each change of the file
 * becomes a block that first looks whether it is there already, by the catalogs, so that the script may be run again, and on a database on
 * which a part of the file has been run. Pure: nothing is asked of a database while the script is made.
 *
 * What drops something is left out unless it is asked for. Changes of which no look at the catalogs tells whether they are there are
 * refused: rows that are changed, and what the file makes and unmakes again.
 */
#ifndef SEGUE_POSTGRES_EXPORT_EXPORT_H
#define SEGUE_POSTGRES_EXPORT_EXPORT_H

#include "base/error.h"
#include "base/text.h"
#include "migration/change.h"

/* Appends the script. schema: that unqualified names mean. ERROR_REFUSED with the place of what cannot be exported. */
bool pg_export(struct arena *arena, const struct migration *migration, const char *schema, bool drops,
               struct text *out, struct error *err) SEGUE_MUST_CHECK;

#endif
