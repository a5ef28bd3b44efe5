/* A string that grows. Zero-initialise, append, read .data, and text_free (or SEGUE_CLEANUP(text_free)). */
#ifndef SEGUE_BASE_TEXT_H
#define SEGUE_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/must.h"

struct text {
    char *data; /* NUL-terminated, or NULL while nothing was appended */
    size_t length;
    size_t capacity;
};

void text_free(struct text *text);
/* Empties the string and keeps its memory. */
void text_clear(struct text *text);
void text_append(struct text *text, const char *string);
void text_append_n(struct text *text, const char *string, size_t length);
void text_append_char(struct text *text, char c);
void text_printf(struct text *text, const char *format, ...) SEGUE_PRINTF(2, 3);
/* The content, "" when empty; valid until the next call on the text. */
const char *text_string(const struct text *text);

#endif
