#include "gateway/front.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "gateway/event.h"
#include "gateway/handover.h"
#include "gateway/hold.h"
#include "gateway/notify.h"
#include "gateway/reload.h"
#include "wire/message.h"

enum {
    GREETING_MAX =
        256, /* connections beyond the sessions: of clients that have not said yet whether they are one, and of cancel requests */
    LOOK_MS = 50 /* how often it is looked whether the last session has ended */
};

static void say(const struct front *front, enum event_level level, const char *name, const char *reason)
{
    struct event event;
    event_begin(&event, &front->shared->settings->events, level, name);
    event_text(&event, "reason", reason);
    event_end(&event);
}

/* --- Taking clients in --- */

static unsigned count_clients(const struct front *front)
{
    unsigned n = 0;
    for (unsigned i = 0; i < front->n_workers; i++)
        n += atomic_load_explicit(&front->workers[i].n_clients, memory_order_relaxed);
    return n;
}

static struct worker *least_busy(const struct front *front)
{
    struct worker *best = &front->workers[0];
    unsigned least = 0;
    for (unsigned i = 0; i < front->n_workers; i++) {
        unsigned n = atomic_load_explicit(&front->workers[i].n_clients, memory_order_relaxed);
        if (i == 0 || n < least) {
            best = &front->workers[i];
            least = n;
        }
    }
    return best;
}

/* Told before the client has said anything. */
static void turn_away(int fd)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    wire_put_error(&out, "FATAL", "53300", "segue gateway: sorry, too many clients already", NULL);
    (void)send(fd, out.data, out.length, MSG_NOSIGNAL);
    (void)close(fd);
}

/* Without a descriptor nobody can be taken in, and whoever knocks would stand before the door for ever, with the loop awake. */
static bool turn_one_away(struct front *front, int listener)
{
    if (front->spare < 0)
        return false;
    (void)close(front->spare);
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        turn_away(fd);
    front->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd >= 0;
}

static void on_client(uv_poll_t *poll, int status, int events)
{
    struct front *front = poll->loop->data;
    const struct listener *listener = poll->data;
    (void)status;
    (void)events;
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if ((errno == EMFILE || errno == ENFILE) && turn_one_away(front, listener->fd))
                continue;
            return;
        }
        if (count_clients(front) >= front->shared->settings->clients_max + GREETING_MAX)
            turn_away(fd);
        else
            worker_give(least_busy(front), fd);
    }
}

static void watch_listeners(struct front *front)
{
    front->polls = memory_alloc(front->listeners.n * sizeof *front->polls);
    for (size_t i = 0; i < front->listeners.n; i++) {
        (void)uv_poll_init(&front->loop, &front->polls[i], front->listeners.items[i].fd);
        front->polls[i].data = &front->listeners.items[i];
        (void)uv_poll_start(&front->polls[i], UV_READABLE, on_client);
    }
}

/* The handles belong to `polls`, which stays until the loop has ended; a handle must be closed before its descriptor. */
static void stop_listening(struct front *front)
{
    for (size_t i = 0; i < front->listeners.n; i++) {
        (void)uv_poll_stop(&front->polls[i]);
        uv_close((uv_handle_t *)&front->polls[i], NULL);
    }
    listeners_close(&front->listeners);
}

static void close_poll(uv_poll_t *poll, int *fd, uv_close_cb on_closed)
{
    if (*fd < 0)
        return;
    (void)uv_poll_stop(poll);
    uv_close((uv_handle_t *)poll, on_closed);
    (void)close(*fd);
    *fd = -1;
}

/* --- The end --- */

static void on_timer(uv_timer_t *timer)
{
    struct front *front = timer->loop->data;
    if (count_clients(front) == 0 || (front->state == FRONT_DRAINING && clock_us() >= front->until_us))
        uv_stop(timer->loop);
}

static void leave(struct front *front, const char *name)
{
    stop_listening(front);
    close_poll(&front->peer, &front->peer_fd, NULL);
    close_poll(&front->offer, &front->offer_fd, NULL);
    (void)uv_timer_start(&front->timer, on_timer, 0, LOOK_MS);
    say(front, EVENT_INFO, name, NULL);
}

static void drain(struct front *front)
{
    if (front->state == FRONT_SERVING)
        leave(front, "drain");
    front->state = FRONT_DRAINING;
    front->until_us = clock_us() + (int64_t)(front->shared->settings->drain_seconds * 1e6);
    atomic_store(&front->shared->draining, true);
    hold_until(front->shared, HOLD_OF_OPERATOR, 0); /* who waits could not end */
    for (unsigned i = 0; i < front->n_workers; i++)
        (void)uv_async_send(&front->workers[i].wake);
    notify_send("STOPPING=1");
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct front *front = handle->loop->data;
    struct error err;
    if (number == SIGHUP)
        (void)!reload(front->shared, &err);
    else if (front->state == FRONT_DRAINING)
        uv_stop(handle->loop);
    else
        drain(front);
}

/* --- The hand-over --- */

static void on_peer_closed(uv_handle_t *handle)
{
    struct front *front = handle->loop->data;
    front->peer_busy = false;
}

static void on_peer(uv_poll_t *poll, int status, int events)
{
    struct front *front = poll->loop->data;
    (void)events;
    int heard = status < 0 ? -1 : handover_heard(front->peer_fd);
    if (heard > 0) {
        front->state = FRONT_HANDED_OVER;
        listeners_leave_files(&front->listeners);
        leave(front, "handed_over");
        front->handed_over(front->owner);
    } else if (heard < 0) {
        close_poll(&front->peer, &front->peer_fd, on_peer_closed);
    }
}

/* One at a time: whoever comes while another is at it is let go. */
static void on_offer(uv_poll_t *poll, int status, int events)
{
    struct front *front = poll->loop->data;
    (void)status;
    (void)events;
    int fd = accept4(front->offer_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (front->peer_busy || !handover_pass(fd, &front->listeners)) {
        (void)close(fd);
        return;
    }
    front->peer_fd = fd;
    front->peer_busy = true;
    (void)uv_poll_init(&front->loop, &front->peer, fd);
    (void)uv_poll_start(&front->peer, UV_READABLE, on_peer);
}

static void offer(struct front *front)
{
    struct error err;
    const char *path = front->shared->settings->hand_over;
    if (!path)
        return;
    if (!handover_offer(path, &front->offer_fd, &err)) {
        say(front, EVENT_ERROR, "no_hand_over", err.message);
        return;
    }
    (void)uv_poll_init(&front->loop, &front->offer, front->offer_fd);
    (void)uv_poll_start(&front->offer, UV_READABLE, on_offer);
}

/* --- The whole --- */

/* Each session needs two: as many as the system lets us have. */
static void allow_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

bool front_open(struct front *front, struct shared *shared, struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    *front = (struct front){.shared = shared, .offer_fd = -1, .peer_fd = -1, .predecessor = -1};
    allow_descriptors();
    front->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct listeners passed = {0};
    bool good = !settings->hand_over || handover_take(settings->hand_over, &passed, &front->predecessor, err);
    for (size_t i = 0; i < settings->n_listen && good; i++)
        if (!listeners_adopt(&passed, settings->listen[i], &front->listeners))
            good = listeners_add(&front->listeners, settings->listen[i], false, err);
    listeners_leave_files(&passed);
    listeners_close(&passed);
    int failed = good ? uv_loop_init(&front->loop) : 0;
    if (failed)
        good = error_set(err, ERROR_RESOURCE, "no event loop: %s", uv_strerror(failed));
    front->loop.data = good ? front : NULL;
    return good;
}

static void watch_signals(struct front *front)
{
    static const int wanted[FRONT_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
    for (size_t i = 0; i < SEGUE_COUNT(wanted); i++) {
        (void)uv_signal_init(&front->loop, &front->signals[i]);
        (void)uv_signal_start(&front->signals[i], on_signal, wanted[i]);
    }
    (void)uv_timer_init(&front->loop, &front->timer);
    (void)signal(SIGPIPE, SIG_IGN); /* a log that nobody reads any more */
}

static void unwatch(struct front *front)
{
    if (front->state == FRONT_SERVING)
        stop_listening(front);
    close_poll(&front->peer, &front->peer_fd, NULL);
    close_poll(&front->offer, &front->offer_fd, NULL);
    for (size_t i = 0; i < SEGUE_COUNT(front->signals); i++)
        uv_close((uv_handle_t *)&front->signals[i], NULL);
    uv_close((uv_handle_t *)&front->timer, NULL);
    (void)uv_run(&front->loop, UV_RUN_DEFAULT);
}

void front_serve(struct front *front, struct worker *workers, unsigned n_workers,
                 void (*ready)(void *, const char *), void *context)
{
    front->workers = workers;
    front->n_workers = n_workers;
    watch_signals(front);
    watch_listeners(front);
    if (front->predecessor >= 0 && !handover_confirm(front->predecessor))
        say(front, EVENT_WARNING, "predecessor", "it did not hear that its sockets are served, and goes on");
    front->predecessor = -1;
    offer(front);
    for (size_t i = 0; i < front->listeners.n; i++)
        ready(context, front->listeners.items[i].where);
    notify_send("READY=1");
    (void)uv_run(&front->loop, UV_RUN_DEFAULT);
    unwatch(front);
}

void front_close(struct front *front)
{
    if (!front->shared) /* never opened */
        return;
    if (front->predecessor >= 0) { /* this one never served: the files of the sockets are still the other's */
        listeners_leave_files(&front->listeners);
        (void)close(front->predecessor);
    }
    if (front->loop.data)
        (void)uv_loop_close(&front->loop);
    listeners_close(&front->listeners);
    if (front->spare >= 0)
        (void)close(front->spare);
    free(front->polls);
}
