/* Characters of UTF-8. */
#ifndef SEGUE_BASE_UTF8_H
#define SEGUE_BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character that begins at c, in a text that ends with a zero byte; 0 when none does (RFC 3629, by lead and number of bytes). */
size_t utf8_length(const unsigned char *c);

#endif
