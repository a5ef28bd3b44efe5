/*
 * An arena: memory for one unit of work (a plan, a chunk, a report), freed at once. Allocation never
 * fails: when memory is gone the process says so and ends, which every state of segue's survives.
 */
#ifndef SEGUE_BASE_ARENA_H
#define SEGUE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/must.h"

struct arena;

struct arena *arena_new(void);
/* Frees the arena and all that was allocated from it. NULL is allowed. */
void arena_free(struct arena *arena);
/* For SEGUE_CLEANUP(arena_cleanup) on a `struct arena *`. */
void arena_cleanup(struct arena **arena);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *string);
char *arena_strndup(struct arena *arena, const char *string, size_t length);
/* A list of n strings, with the strings. NULL stays NULL. */
const char **arena_strdups(struct arena *arena, const char *const *strings, size_t n);
char *arena_printf(struct arena *arena, const char *format, ...) SEGUE_PRINTF(2, 3);

/* Room for one more element in a growing array kept in the arena: returns the array, moved when it had to
 * grow (capacity doubles; the old copy stays until the arena goes). count elements are in use. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t element_size);

/* Appends an element to a {array, count} pair whose memory is in the arena. */
#define ARENA_PUSH(arena, array, count, element)                          \
    do {                                                                  \
        (array) = arena_grow((arena), (array), (count), sizeof *(array)); \
        (array)[(count)++] = (element);                                   \
    } while (0)

#endif
