/* What all threads of a gateway know. */
#ifndef SEGUE_GATEWAY_SHARED_H
#define SEGUE_GATEWAY_SHARED_H

#include <pthread.h>
#include <stdatomic.h>

#include "gateway/gateway.h"
#include "gateway/keys.h"
#include "gateway/routes.h"
#include "gateway/tls_context.h"
#include "gateway/verifiers.h"

struct breaker;
struct comparer;
struct replicas;
struct shadow;
struct worker;

/* For whom sessions wait. */
enum hold_of { HOLD_OF_SEGUE, HOLD_OF_OPERATOR, HOLDS };

struct shared {
    /* As they are now. What was there before a reload lives on, so that whoever looks at it may go on. */
    const struct gateway_settings *_Atomic settings;
    pthread_mutex_t reload_lock; /* one reload at a time */
    struct keys *keys;
    bool watched;                   /* somebody looks at what sessions ask: see watch.h */
    atomic_uint sessions;           /* clients that have said who they are */
    atomic_bool draining;           /* sessions end as soon as they are between two transactions */
    struct tls_context *client_tls; /* NULL: clients are not offered TLS */
    struct tls_context *server_tls; /* NULL: the server is spoken to in the clear */
    struct versions *versions;
    struct worker *workers;
    atomic_uint n_workers; /* set when they all run, which others may look at before */
    atomic_llong
        hold_until_us;     /* until then sessions that begin something wait; 0: nobody does: see hold.h */
    atomic_ullong tripped; /* versions that a breaker has taken all sessions from: bits by their numbers */
    atomic_ullong probed;  /* those that it tries again with few sessions */
    atomic_llong
        leaving_until_us;    /* until then their sessions that begin something wait until they have moved */
    struct shadow *shadow;   /* NULL: writes are not mirrored */
    struct breaker *breaker; /* set before the first client comes */
    struct verifiers *verifiers;
    struct replicas *replicas;
    struct comparer *comparer; /* set before the first client comes; NULL: nothing is compared, nor kept */
    int wake;                  /* an eventfd: the control session has something to write, or to fetch */
    pthread_mutex_t lock;      /* over what follows */
    struct routes *routes;
    int64_t holds[HOLDS]; /* of which hold_until_us is the latest */
};

/* The routes that hold now; release them. */
static inline struct routes *shared_routes(struct shared *shared)
{
    (void)pthread_mutex_lock(&shared->lock);
    struct routes *routes = routes_hold(shared->routes);
    (void)pthread_mutex_unlock(&shared->lock);
    return routes;
}

/* What is known of a statement by its text: bits of enum gateway_kind (engine/gateway.h). kind.c */
unsigned gateway_kind(struct shared *shared, const char *text);
/* Has every worker look at its sessions anew. */
void shared_look(struct shared *shared);
/* Has the control session write what breakers did. */
void shared_wake(struct shared *shared);
/* Takes the routes over, and has every worker look at its sessions anew. */
void shared_set_routes(struct shared *shared, struct routes *routes);

#endif
