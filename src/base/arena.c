#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct block {
    struct block *next;
    size_t used;
    size_t size;
    max_align_t data[];
};

struct arena {
    struct block *blocks; /* the newest first: it is the one with room */
};

static void *must_allocate(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory) {
        fputs("segue: out of memory\n", stderr);
        abort();
    }
    return memory;
}

struct arena *arena_new(void)
{
    return must_allocate(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks; block;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = sizeof(max_align_t);
    size = (size + align - 1) / align * align;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block = must_allocate(sizeof(struct block) + room);
        block->size = room;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = (char *)block->data + block->used;
    block->used += size;
    return memory;
}

char *arena_strndup(struct arena *arena, const char *string, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, string, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
    return arena_strndup(arena, string, strlen(string));
}

const char **arena_strdups(struct arena *arena, const char *const *strings, size_t n)
{
    if (!strings)
        return NULL;
    const char **copy = arena_alloc(arena, (n + 1) * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = arena_strdup(arena, strings[i]);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *string = arena_alloc(arena, (size_t)length + 1);
    va_start(args, format);
    (void)vsnprintf(string, (size_t)length + 1, format, args);
    va_end(args);
    return string;
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t element_size)
{
    /* The capacity is implied by the count: it doubles whenever the count is zero or a power of two. */
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    void *larger = arena_alloc(arena, (count ? count * 2 : 1) * element_size);
    if (count)
        memcpy(larger, array, count * element_size);
    return larger;
}
