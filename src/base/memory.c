#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void *memory_alloc(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory) {
        (void)fputs("segue: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *memory_resize(void *memory, size_t size)
{
    void *moved = realloc(memory, size);
    if (!moved) {
        (void)fputs("segue: out of memory\n", stderr);
        abort();
    }
    return moved;
}
