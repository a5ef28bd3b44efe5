/* Arrays of text as the server reads them: {"a","b"}. */
#ifndef SEGUE_POSTGRES_ARRAY_H
#define SEGUE_POSTGRES_ARRAY_H

#include <stddef.h>

#include "base/text.h"

/* Appends one element, with the brace or comma before it; a NULL element becomes NULL. */
void pg_array_add(struct text *array, const char *element);
/* The same with an element of that length. */
void pg_array_add_n(struct text *array, const char *element, size_t length);
/* Ends the array, which may be empty, and returns its text. */
const char *pg_array_end(struct text *array);
/* The whole array at once; "{}" when n is 0. */
const char *pg_array(struct text *array, const char *const *elements, size_t n);

#endif
