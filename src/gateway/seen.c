#include "gateway/seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { PROBES = 8 };

void seen_init(struct seen *seen)
{
    *seen = (struct seen){.items = memory_alloc(SEEN_MAX * sizeof *seen->items)};
    (void)pthread_mutex_init(&seen->lock, NULL);
}

void seen_free(struct seen *seen)
{
    for (size_t i = 0; i < SEEN_MAX; i++)
        statement_release(seen->items[i].statement);
    free(seen->items);
    (void)pthread_mutex_destroy(&seen->lock);
}

static bool is(const struct seen_statement *item, const struct statement *statement,
               const struct version *version, const char *role)
{
    return item->statement == statement && item->version == version && strcmp(item->role, role) == 0;
}

void seen_add(struct seen *seen, struct statement *statement, const struct version *version, const char *role)
{
    uint64_t hash = hash_string(statement->hash + version->id, role);
    (void)pthread_mutex_lock(&seen->lock);
    struct seen_statement *found = NULL;
    for (size_t i = 0; i < PROBES && !found; i++) {
        struct seen_statement *item = &seen->items[(hash + i) % SEEN_MAX];
        if (!item->statement || is(item, statement, version, role))
            found = item;
    }
    if (!found) {
        seen->unnoted++;
    } else if (found->statement) {
        found->calls++;
    } else {
        *found =
            (struct seen_statement){.statement = statement_hold(statement), .version = version, .calls = 1};
        (void)snprintf(found->role, sizeof found->role, "%s", role);
    }
    (void)pthread_mutex_unlock(&seen->lock);
}

uint64_t seen_take(struct seen *seen, void (*each)(void *context, const struct seen_statement *one),
                   void *context)
{
    struct seen_statement *fresh = memory_alloc(SEEN_MAX * sizeof *fresh);
    (void)pthread_mutex_lock(&seen->lock);
    struct seen_statement *items = seen->items;
    uint64_t unnoted = seen->unnoted;
    seen->items = fresh;
    seen->unnoted = 0;
    (void)pthread_mutex_unlock(&seen->lock);
    for (size_t i = 0; i < SEEN_MAX; i++)
        if (items[i].statement)
            each(context, &items[i]);
    free(items);
    return unnoted;
}
