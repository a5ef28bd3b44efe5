/*
 * The `-- segue:` comments of a migration file, as data. Pure text: knows where SQL has comments, strings and dollar
 * quotes, and nothing else of SQL. What an annotation's expression means is the engine's to say (postgres/read.h fills
 * expr_columns, has_subquery and statement).
 */
#ifndef SEGUE_MIGRATION_ANNOTATION_H
#define SEGUE_MIGRATION_ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "migration/change.h"

/* Reads every annotation of content, in order. path is for messages only. Strings are in the arena. A wrong annotation is
 * ERROR_REFUSED with where = file:line:column, what was found, and what to write instead.
 *
 * An expression may go on in the comment lines right below, when they are indented by four spaces or more after `--`.
 * annotation.expr keeps their line breaks and has blanks in place of the `--`, so that byte k of it is byte
 * expr_offset + k of the file. */
bool annotation_read(struct arena *arena, const char *path, const char *content, struct annotation **out,
                     size_t *n, struct error *err) SEGUE_MUST_CHECK;

typedef void annotation_tell(void *context, const struct error *err);
/* The same for who wants to know of all: each wrong annotation is told and left out. */
void annotation_read_each(struct arena *arena, const char *path, const char *content, struct annotation **out,
                          size_t *n, annotation_tell *tell, void *context);

/* The word of an annotation's kind: "up", "phase contract", … Static. */
const char *annotation_kind_name(enum annotation_kind kind);

#endif
