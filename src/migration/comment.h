/* The line comments of an SQL text: those outside strings, quoted identifiers, dollar quotes and block comments. */
#ifndef SEGUE_MIGRATION_COMMENT_H
#define SEGUE_MIGRATION_COMMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct comment {
    size_t begin; /* of the two dashes */
    size_t end;   /* behind the last character; the line break is not part of it */
    bool alone;   /* nothing but blanks stands before it on its line */
};

/* All line comments in order, in the arena. Never fails: what is not closed goes to the end of the text. */
void comment_find(struct arena *arena, const char *content, struct comment **out, size_t *n);

#endif
