/* Strings compared, and found in lists that are kept as a pointer and a count. */
#ifndef SEGUE_BASE_COMPARE_H
#define SEGUE_BASE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether both say the same or both are NULL. */
bool same_text(const char *a, const char *b);
/* Whether the list has the name; neither it nor the name is NULL unless n is 0. */
bool name_is_among(const char *const *names, size_t n, const char *name);
bool number_is_among(const int *numbers, size_t n, int number);

#endif
