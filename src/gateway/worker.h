/*
 * A thread with a loop of its own and the clients that were handed to it. What is in a worker is touched by its thread alone; others leave
 * work in its inbox and wake it.
 */
#ifndef SEGUE_GATEWAY_WORKER_H
#define SEGUE_GATEWAY_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include "gateway/metrics.h"
#include "gateway/shared.h"
#include "gateway/statements.h"

enum {
    WORKER_BUFFER = 65536,
    STAYING_MAX = 16,
    WORKER_KINDS = 4096, /* texts of which is kept what they are */
    MOVING_MAX = 16      /* sessions of a worker that move at once */
};

struct client;

struct worker {
    struct shared *shared;
    pthread_t thread;
    uv_loop_t loop;
    uv_async_t wake;
    uv_timer_t tick; /* once a second: what has a time limit is looked at */
    struct client *clients;
    atomic_uint n_clients;
    unsigned n_moving;
    bool must_move;            /* a session could not begin to move because too many did */
    atomic_bool count_waiting; /* the breaker wants to know what is in flight */
    uv_timer_t release;        /* when those that wait may go on, whatever happens */
    bool draining;             /* as shared->draining, where it is looked at often */
    struct metrics metrics;
    struct statements statements;
    struct worker_kind {
        uint64_t shape; /* of a text; 0: nothing is kept here */
        unsigned kind;
    } kinds[WORKER_KINDS];
    uint64_t random;            /* state of a generator; 0: not begun */
    double retry_credit;        /* requests that may be made again: see retry.h */
    char buffer[WORKER_BUFFER]; /* what was just read, of whomever */

    pthread_mutex_t lock; /* over what follows */
    struct staying {      /* sessions that are not where they are to be, by why, as of the last tick */
        const char *why;
        unsigned n;
    } staying[STAYING_MAX];
    int *inbox; /* descriptors of new clients */
    size_t n_inbox, inbox_size;
    bool look;             /* at the sessions: routes have changed, or the waiting may go on */
    struct errand *errand; /* that somebody waits for; NULL: none */
    pthread_cond_t errand_done;
    bool stop;
};

/* Has a loop, and nobody who runs it: worker_start gives it a thread. */
bool worker_open(struct worker *worker, struct shared *shared, struct error *err) SEGUE_MUST_CHECK;
bool worker_start(struct worker *worker, struct shared *shared, struct error *err) SEGUE_MUST_CHECK;
/* Has it look at its sessions: at where they are to be, and at those that wait. From any thread. */
void worker_look(struct worker *worker);
/* Has it count what is in flight. From any thread. */
void worker_count_waiting(struct worker *worker);
/* A session has ended its move: where others wait for that, they are looked at soon. */
void worker_moved(struct worker *worker);
/* Has the worker's thread do this, between two events of its loop, and waits until it has. From a thread that is no worker's, while the worker lives. */
void worker_do(struct worker *worker, void (*act)(struct worker *, void *), void *context);
/* Hands over a connected descriptor. From any thread. */
void worker_give(struct worker *worker, int fd);
/* What is known of a statement by its text: bits of enum gateway_kind (engine/gateway.h). By the worker itself. */
unsigned worker_kind(struct worker *worker, const char *text);
/* The functions that change nothing may be others now. */
void worker_forget_kinds(struct worker *worker);
/* Ends its clients and its thread, and waits for it. */
void worker_stop(struct worker *worker);

#endif
