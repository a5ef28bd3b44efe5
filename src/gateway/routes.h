/*
 * Which version a session is to be on. Routes are made anew whenever versions or shares change, and are never changed; whoever uses
 * them holds them. A version is the same object as long as the gateway runs, whatever routes name it.
 */
#ifndef SEGUE_GATEWAY_ROUTES_H
#define SEGUE_GATEWAY_ROUTES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/gateway.h"

enum { VERSIONS_MAX = 64 }; /* that one gateway sees in its life and counts apart */

struct version {
    unsigned id; /* below VERSIONS_MAX */
    char name[64];
    atomic_uint sessions;
    atomic_uint readers; /* sessions of other versions that have a backend on this one for their reads */
    atomic_int breaker;  /* enum breaker_state */
    atomic_uint trips;
    atomic_uintptr_t
        prober; /* while it is tried again: the client that is there whatever the share; 0: none */
};

static inline bool version_is_used(const struct version *version)
{
    return atomic_load_explicit(&version->sessions, memory_order_relaxed) > 0 ||
           atomic_load_explicit(&version->readers, memory_order_relaxed) > 0;
}

/* All that a gateway has seen; safe from any thread. */
struct versions;

struct versions *versions_new(void);
void versions_free(struct versions *versions);
/* The version of that name, made when it is new; NULL: there are too many. */
struct version *versions_get(struct versions *versions, const char *name);
/* The version with that number, or NULL. */
struct version *versions_at(const struct versions *versions, unsigned id);

struct routes;

/* Everything is copied. `database`: whose versions these are. `steady`: names of functions that change nothing, for routes_steady. Held once. */
struct routes *routes_new(struct versions *versions, const char *database, const struct gateway_view *view,
                          const char *const *steady, size_t n_steady);
struct routes *routes_hold(struct routes *routes);
/* Lets go; the last one frees. NULL is allowed. */
void routes_release(struct routes *routes);

/* The version for a session whose place among all sessions is `place`, from 0 to 1: a version with a share of 5 % has those below 0.05, so that a share that
 * grows moves sessions one way only. `tripped`: bits of versions, by number, that get none. NULL: the database has no versions. */
struct version *routes_choose(const struct routes *routes, double place, uint64_t tripped);
/* The version that reads of sessions on version `own` may go to, and the share of them; NULL: none. */
struct version *routes_reads(const struct routes *routes, const struct version *own, double *share);
/* The versions in order, the current one first; NULL behind the last. */
struct version *routes_at(const struct routes *routes, size_t i);
/* Its share of sessions and of reads, from 0 to 1. */
double routes_share(const struct routes *routes, size_t i);
double routes_read_share(const struct routes *routes, size_t i);
/* The search path of a role on the version, or NULL. */
const char *routes_path(const struct routes *routes, const char *role, const struct version *version);
/* Whether no function of that name changes anything, as far as is known. */
bool routes_steady(const struct routes *routes, const char *name);
bool routes_concern(const struct routes *routes, const char *database);

#endif
