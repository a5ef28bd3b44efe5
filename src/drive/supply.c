#include "drive/supply.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "drive/row.h"

enum { FETCH = 200 };

struct supply {
    pthread_mutex_t lock;
    const char *query;
    char *values[FETCH];
    size_t count;
};

struct supply *supply_new(struct arena *arena, const char *type, const char *expression)
{
    struct supply *supply = arena_alloc(arena, sizeof *supply);
    (void)pthread_mutex_init(&supply->lock, NULL);
    supply->query =
        arena_printf(arena, "SELECT (%s)::%s FROM generate_series(1, %d)", expression, type, FETCH);
    return supply;
}

static bool fetch(struct supply *supply, struct session *session, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, supply->query, 0, NULL, &rows, err))
        return false;
    size_t n = rows_count(rows) < FETCH ? rows_count(rows) : FETCH;
    for (size_t i = 0; i < n; i++)
        supply->values[supply->count++] = value_copy(rows_get(rows, i, 0));
    return n > 0 || error_set(err, ERROR_USAGE, "the expression gave no value: %s", supply->query);
}

bool supply_take(struct supply *supply, struct session *session, char **out, struct error *err)
{
    (void)pthread_mutex_lock(&supply->lock);
    bool good = supply->count > 0 || fetch(supply, session, err);
    *out = good ? supply->values[--supply->count] : NULL;
    (void)pthread_mutex_unlock(&supply->lock);
    return good;
}

void supply_free(struct supply *supply)
{
    while (supply->count)
        free(supply->values[--supply->count]);
    (void)pthread_mutex_destroy(&supply->lock);
}
