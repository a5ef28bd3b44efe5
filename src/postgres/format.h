/*
 * The one quoting layer: every composed statement goes through it, and takes identifiers and literals as such.
 * Also the names that the server would choose for objects whose statement gives none.
 *
 * Directives: %I identifier (const char *; quoted when it must be, as the server's quote_ident does), %Q qualified
 * identifier (two const char *: schema, name; the schema may be NULL, then the name stands alone), %L literal
 * (const char *; NULL gives NULL, a backslash gives an E'' string, as quote_literal does), %s text that is SQL already
 * (const char *), %d int, %ld long, %zu size_t, %% a percent sign. Anything else is a bug and aborts.
 */
#ifndef SEGUE_POSTGRES_FORMAT_H
#define SEGUE_POSTGRES_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* The composed text, in the arena. */
char *pg_format(struct arena *arena, const char *format, ...);
/* The same, appended. */
void pg_append(struct text *text, const char *format, ...);

/* Whether the server would print the identifier in quotes. The keywords are those of PostgreSQL 14 to 18 together. */
bool pg_identifier_needs_quotes(const char *identifier);
/* Names joined as "a, b, c", each quoted where needed; in the arena. */
char *pg_identifier_list(struct arena *arena, const char *const *names, size_t n);

/* An automatic name: name1_name2_label in at most 63 bytes, the longer of the two names cut first and never inside a
 * UTF-8 character (PostgreSQL's makeObjectName). name2 and label may be NULL. In the arena. */
char *pg_object_name(struct arena *arena, const char *name1, const char *name2, const char *label);

/* prefix_name in at most 63 bytes, of which different names have different ones: a name that does not fit is cut and ends in eight
 * digits of its digest. In the arena. */
char *pg_interim_name(struct arena *arena, const char *prefix, const char *name);

/* The first of pg_object_name with label, label1, label2, … that is not taken (PostgreSQL's ChooseRelationName and
 * ChooseConstraintName). In the arena. */
char *pg_choose_name(struct arena *arena, const char *name1, const char *name2, const char *label,
                     bool (*taken)(const char *name, const void *context), const void *context);

#endif
