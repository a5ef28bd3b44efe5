/*
 * The first thread: it takes clients in and hands them out to workers, hears signals, and ends the gateway in good order.
 *
 *   SERVING      clients are taken
 *   HANDED_OVER  another process takes them; those that are here stay until they leave
 *   DRAINING     sessions end as soon as they are between two transactions; those that are not within the time are cut
 *
 * SIGTERM and SIGINT drain, a second one ends at once; SIGHUP reads settings and certificates anew.
 */
#ifndef SEGUE_GATEWAY_FRONT_H
#define SEGUE_GATEWAY_FRONT_H

#include <stdint.h>
#include <uv.h>

#include "gateway/listen.h"
#include "gateway/worker.h"

enum { FRONT_SIGNALS = 3 };

struct front {
    struct shared *shared;
    struct worker *workers;
    unsigned n_workers;
    struct listeners listeners;
    uv_loop_t loop;
    uv_poll_t *polls; /* of the listeners */
    uv_signal_t signals[FRONT_SIGNALS];
    uv_timer_t timer;
    enum { FRONT_SERVING, FRONT_HANDED_OVER, FRONT_DRAINING } state;
    int64_t until_us; /* of draining */
    /* The socket for who comes after (offer), and who asks there (peer); -1: none. */
    int offer_fd, peer_fd;
    uv_poll_t offer, peer;
    bool peer_busy; /* its handle is in use */
    int spare; /* a descriptor that is given up for a moment when there are no others, so that whoever knocks hears why */
    void (*handed_over)(void *owner); /* another process serves from now on */
    void *owner;
    int predecessor; /* to whom it is said that this one serves; -1: nobody */
};

/* Listens as the settings say, with the sockets of a predecessor where there is one. What was opened stays: close it. */
bool front_open(struct front *front, struct shared *shared, struct error *err) SEGUE_MUST_CHECK;
/* Serves until the end. `ready` is called with each place. */
void front_serve(struct front *front, struct worker *workers, unsigned n_workers,
                 void (*ready)(void *, const char *), void *context);
void front_close(struct front *front);

#endif
