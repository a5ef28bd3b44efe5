/* Characters of UTF-8. */
#ifndef SEGUE_BASE_UTF8_H
#define SEGUE_BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character that begins at c, in a text that ends with a zero byte; 0 when none does (RFC 3629, by lead and number of bytes). */
size_t utf8_length(const unsigned char *c);

/* Columns that the character takes on a terminal: 2 where it is wide (Unicode's East Asian Width W and F, as far as blocks tell), 0 for what is
 * written over the one before, for a byte order mark, and for the second byte of a character and later ones; else 1. */
int utf8_width(const char *c);

#endif
