/*
 * Text for people: wrapped paragraphs, padded columns, and numbers, sizes and times as one reads them. Widths count
 * code points of UTF-8; colours and other escapes are the caller's and must not be in the strings given here.
 */
#ifndef SEGUE_BASE_LAYOUT_H
#define SEGUE_BASE_LAYOUT_H

#include <stddef.h>

#include "base/text.h"

/* How many columns the string takes. */
int layout_columns(const char *string);
/* Appends a paragraph broken at spaces so that no line passes `width` where a word allows it. `column` is where the current
 * line stands already; further lines begin with `indent` spaces. Newlines in the paragraph are kept. No newline at the end. */
void layout_wrap(struct text *out, const char *paragraph, int column, int indent, int width);
/* Appends the string and spaces up to `columns`; a longer string stays whole. */
void layout_pad(struct text *out, const char *string, int columns);
/* The same, to the right. */
void layout_pad_left(struct text *out, const char *string, int columns);
/* Appends the string with runs of white space folded into one space, cut with … when it takes more than `columns`. */
void layout_fold(struct text *out, const char *string, int columns);
/* 5,000,000 */
void layout_count(struct text *out, double count);
/* 700 MB: two figures at least, in powers of 1024 as PostgreSQL counts. */
void layout_bytes(struct text *out, double bytes);
/* 0.3 s, 42 s, 3 min 20 s, 2 h 5 min */
void layout_seconds(struct text *out, double seconds);

#endif
