#include "gateway/statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { SWEEPS_KEPT = 10 };

static bool is(const struct statement *statement, uint64_t hash, const char *text, size_t n_text,
               const char *types, uint16_t n_types)
{
    return statement->hash == hash && statement->n_text == n_text && statement->n_types == n_types &&
           memcmp(statement->text, text, n_text) == 0 &&
           (n_types == 0 || memcmp(statement->types, types, 4U * n_types) == 0);
}

static struct statement *make(uint64_t hash, const char *text, size_t n_text, const char *types,
                              uint16_t n_types)
{
    struct statement *made = memory_alloc(sizeof *made + n_text + 1 + 4U * n_types);
    made->hash = hash;
    made->n_text = n_text;
    made->n_types = n_types;
    made->types = made->text + n_text + 1;
    memcpy(made->text, text, n_text);
    if (n_types > 0)
        memcpy(made->text + n_text + 1, types, 4U * n_types);
    atomic_init(&made->holders, 1);
    return made;
}

struct statement *statements_get(struct statements *statements, const char *text, size_t n_text,
                                 const char *types, uint16_t n_types, bool *fresh)
{
    uint64_t hash = hash_bytes(HASH_BEGUN, text, n_text);
    struct statement **bucket = &statements->buckets[(hash ^ hash >> 32) % STATEMENT_BUCKETS];
    struct statement *found = *bucket;
    while (found && !is(found, hash, text, n_text, types, n_types))
        found = found->next;
    *fresh = !found;
    if (!found) {
        found = make(hash, text, n_text, types, n_types);
        found->next = *bucket;
        *bucket = found;
    }
    found->sweeps = 0;
    return statement_hold(found);
}

void statements_sweep(struct statements *statements)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        struct statement **at = &statements->buckets[i];
        while (*at) {
            struct statement *statement = *at;
            bool alone = atomic_load_explicit(&statement->holders, memory_order_acquire) == 1;
            statement->sweeps = alone ? statement->sweeps + 1 : 0;
            if (statement->sweeps > SWEEPS_KEPT) {
                *at = statement->next;
                statement_release(statement);
            } else {
                at = &statement->next;
            }
        }
    }
}

void statements_free(struct statements *statements)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++)
        while (statements->buckets[i]) {
            struct statement *statement = statements->buckets[i];
            statements->buckets[i] = statement->next;
            statement_release(statement);
        }
}

void statement_release(struct statement *statement)
{
    if (statement && atomic_fetch_sub_explicit(&statement->holders, 1, memory_order_acq_rel) == 1)
        free(statement);
}
