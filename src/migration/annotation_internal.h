/* How one annotation is read: a position in its text, and the pieces of its grammar. */
#ifndef SEGUE_MIGRATION_ANNOTATION_INTERNAL_H
#define SEGUE_MIGRATION_ANNOTATION_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "migration/change.h"

/* The annotation's words and their grammars. */
struct annotation_form {
    const char *word;
    const char *usage; /* what to write, for hints */
};

/* One annotation under way. Byte k of text is byte base + k of the file. */
struct annotation_reader {
    struct arena *arena;
    const char *path;
    const char *content;
    const char *text; /* its comment lines with blanks for their dashes, NUL-terminated */
    size_t base;
    size_t at;
    struct error *err;
    struct annotation **list;
    size_t *n;
};

/* Fails at byte `at` of the text: message says what was found; the hint is the form's usage. */
bool annotation_fail(struct annotation_reader *r, size_t at, const struct annotation_form *form,
                     const char *format, ...) SEGUE_PRINTF(4, 5);

void annotation_skip_blanks(struct annotation_reader *r);
/* The word (letters, digits, _ and -) at the position as it stands there, "" when there is none; the position moves behind it. */
const char *annotation_word(struct annotation_reader *r);
/* Takes one character if it is the next one after blanks. */
bool annotation_take(struct annotation_reader *r, char c);
/* What stands at a byte of the text, for messages: a word in quotes, or "the end of the comment". */
const char *annotation_found(struct annotation_reader *r, size_t at);
/* An SQL identifier, quoted or not (then folded to lower case). */
bool annotation_identifier(struct annotation_reader *r, const struct annotation_form *form, const char **out);
/* 1 to limit identifiers with dots between. */
bool annotation_identifiers(struct annotation_reader *r, const struct annotation_form *form, const char **out,
                            size_t limit, size_t *n);
/* A text in double quotes, doubled inside; not empty. */
bool annotation_quoted(struct annotation_reader *r, const struct annotation_form *form, const char **out);
/* The rest of the text without blanks around it, as the annotation's expression; not empty. */
bool annotation_rest(struct annotation_reader *r, const struct annotation_form *form,
                     struct annotation *annotation);

/* An empty annotation that begins at byte `at` of the text. */
struct annotation annotation_begin(const struct annotation_reader *r, enum annotation_kind kind, size_t at);
void annotation_add(struct annotation_reader *r, const struct annotation *annotation);

/* Heads of the change ticket: goal, owner, deadline, note; several may stand on one line. The position is at the first. */
bool annotation_heads(struct annotation_reader *r);
/* The position is behind the word "marks". */
bool annotation_mark(struct annotation_reader *r, const struct annotation_form *form, size_t begin);
/* The head of that word, or -1. */
int annotation_head(const char *word);

/* The word among n that is most like `word`, or NULL when none is near. */
const char *annotation_closest(const char *word, const char *const *words, size_t n);

#endif
