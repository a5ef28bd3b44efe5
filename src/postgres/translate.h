/*
 * A statement of one version as the same question to another, which shows some tables and columns by other names: by tokens, where the parse tree says without doubt what a
 * name is. What a query's columns are called stays as it was, so that nothing but references to tables of the versions has to change. What comes out is parsed once more, and
 * is the tree that was meant, or it is not given. Pure: asks no server, from any thread.
 *
 * Not every name is looked up, only those that differ between the versions. A name without a qualifier is taken for a column of the new version's when all that it might
 * be, in this query and in those around it, would have that name there, and nothing else would.
 */
#ifndef SEGUE_POSTGRES_TRANSLATE_H
#define SEGUE_POSTGRES_TRANSLATE_H

#include "engine/names.h"

/* In the arena. */
void pg_translate(const struct name_map *map, const char *statement, struct arena *arena,
                  struct translation *out);

#endif
