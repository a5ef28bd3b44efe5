#include "gateway/routes.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"

struct versions {
    pthread_mutex_t lock;
    atomic_uint n;
    struct version items[VERSIONS_MAX];
};

struct versions *versions_new(void)
{
    struct versions *versions = memory_alloc(sizeof *versions);
    (void)pthread_mutex_init(&versions->lock, NULL);
    return versions;
}

void versions_free(struct versions *versions)
{
    (void)pthread_mutex_destroy(&versions->lock);
    free(versions);
}

struct version *versions_get(struct versions *versions, const char *name)
{
    struct version *found = NULL;
    (void)pthread_mutex_lock(&versions->lock);
    unsigned n = atomic_load(&versions->n);
    for (unsigned i = 0; i < n && !found; i++)
        if (strcmp(versions->items[i].name, name) == 0)
            found = &versions->items[i];
    if (!found && n < VERSIONS_MAX) {
        found = &versions->items[n];
        found->id = n;
        (void)snprintf(found->name, sizeof found->name, "%s", name);
        atomic_store(&versions->n, n + 1);
    }
    (void)pthread_mutex_unlock(&versions->lock);
    return found;
}

struct version *versions_at(const struct versions *versions, unsigned id)
{
    /* What a version holds is written before its number counts. */
    return id < atomic_load(&versions->n) ? (struct version *)&versions->items[id] : NULL;
}

struct routes {
    atomic_uint holders;
    struct arena *arena;
    const char *database;
    struct route {
        struct version *version;
        double share; /* from 0 to 1 */
        double reads; /* likewise */
    } * items;
    size_t n;
    struct gateway_view view; /* its paths alone, copied */
    uint64_t *steady;         /* hashes of names, in order */
    size_t n_steady;
};

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void take_steady(struct routes *routes, const char *const *steady, size_t n)
{
    routes->steady = arena_alloc(routes->arena, (n + 1) * sizeof *routes->steady);
    for (size_t i = 0; i < n; i++)
        routes->steady[i] = hash_string(HASH_BEGUN, steady[i]);
    routes->n_steady = n;
    qsort(routes->steady, n, sizeof *routes->steady, by_value);
}

bool routes_steady(const struct routes *routes, const char *name)
{
    uint64_t hash = hash_string(HASH_BEGUN, name);
    return bsearch(&hash, routes->steady, routes->n_steady, sizeof hash, by_value) != NULL;
}

struct routes *routes_new(struct versions *versions, const char *database, const struct gateway_view *view,
                          const char *const *steady, size_t n_steady)
{
    struct arena *arena = arena_new();
    struct routes *routes = arena_alloc(arena, sizeof *routes);
    atomic_init(&routes->holders, 1);
    routes->arena = arena;
    routes->database = arena_strdup(arena, database);
    take_steady(routes, steady, n_steady);
    for (size_t i = 0; i < view->n_versions; i++) {
        const struct gateway_version *seen = &view->versions[i];
        const struct route route = {versions_get(versions, seen->name), seen->share / 100, seen->reads / 100};
        if (route.version)
            ARENA_PUSH(arena, routes->items, routes->n, route);
    }
    for (size_t i = 0; i < view->n_paths; i++) {
        const struct gateway_path *seen = &view->paths[i];
        const struct gateway_path path = {arena_strdup(arena, seen->role), arena_strdup(arena, seen->version),
                                          arena_strdup(arena, seen->path)};
        ARENA_PUSH(arena, routes->view.paths, routes->view.n_paths, path);
    }
    return routes;
}

struct routes *routes_hold(struct routes *routes)
{
    (void)atomic_fetch_add(&routes->holders, 1);
    return routes;
}

void routes_release(struct routes *routes)
{
    if (routes && atomic_fetch_sub(&routes->holders, 1) == 1)
        arena_free(routes->arena);
}

struct version *routes_at(const struct routes *routes, size_t i)
{
    return i < routes->n ? routes->items[i].version : NULL;
}

double routes_share(const struct routes *routes, size_t i)
{
    return i < routes->n ? routes->items[i].share : 0;
}

double routes_read_share(const struct routes *routes, size_t i)
{
    return i < routes->n ? routes->items[i].reads : 0;
}

struct version *routes_choose(const struct routes *routes, double place, uint64_t tripped)
{
    for (size_t i = routes->n; i-- > 1;)
        if (place < routes->items[i].share && !(tripped >> routes->items[i].version->id & 1))
            return routes->items[i].version;
    return routes->n ? routes->items[0].version : NULL;
}

struct version *routes_reads(const struct routes *routes, const struct version *own, double *share)
{
    for (size_t i = routes->n; i-- > 1;)
        if (routes->items[i].reads > 0 && routes->items[i].version != own) {
            *share = routes->items[i].reads;
            return routes->items[i].version;
        }
    return NULL;
}

const char *routes_path(const struct routes *routes, const char *role, const struct version *version)
{
    return gateway_path_of(&routes->view, role, version->name);
}

bool routes_concern(const struct routes *routes, const char *database)
{
    return routes->n > 0 && strcmp(routes->database, database) == 0;
}
