/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/. Not for what an adversary chooses. */
#ifndef SEGUE_BASE_HASH_H
#define SEGUE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_BEGUN 14695981039346656037ULL

/* The hash of what was hashed before (HASH_BEGUN: nothing) and the n bytes. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 1099511628211ULL;
    return hash;
}

/* With its zero, so that what follows is told from it. */
static inline uint64_t hash_string(uint64_t hash, const char *string)
{
    return hash_bytes(hash, string, strlen(string) + 1);
}

#endif
