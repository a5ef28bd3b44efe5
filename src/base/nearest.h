/* Which word was meant. */
#ifndef SEGUE_BASE_NEAREST_H
#define SEGUE_BASE_NEAREST_H

#include <stddef.h>

/* The word of the list nearest to what was typed, when it is near enough to be meant; else NULL. */
const char *nearest_word(const char *typed, const char *const *words, size_t n);

#endif
