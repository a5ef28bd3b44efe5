#include "gateway/gateway.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "gateway/control.h"
#include "gateway/listen.h"
#include "gateway/worker.h"
#include "wire/message.h"

enum {
    GREETING_MAX =
        256 /* connections beyond the sessions: of clients that have not said yet whether they are one, and of cancel requests */
};

/* What the first thread does: it takes clients in and hands them out, and waits for signals. */
struct gateway {
    const struct gateway_settings *settings;
    struct shared shared;
    struct worker *workers;
    unsigned n_started;
    uv_loop_t loop;
    uv_signal_t signals[2];
    struct listeners listeners;
    uv_poll_t *polls;
};

static struct worker *least_busy(struct gateway *gateway, unsigned *n_clients)
{
    struct worker *best = &gateway->workers[0];
    unsigned least = 0;
    *n_clients = 0;
    for (unsigned i = 0; i < gateway->n_started; i++) {
        unsigned n = atomic_load_explicit(&gateway->workers[i].n_clients, memory_order_relaxed);
        *n_clients += n;
        if (i == 0 || n < least) {
            best = &gateway->workers[i];
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

static void on_client(uv_poll_t *poll, int status, int events)
{
    struct gateway *gateway = poll->loop->data;
    const struct listener *listener = poll->data;
    (void)status;
    (void)events;
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        unsigned n;
        struct worker *worker = least_busy(gateway, &n);
        if (n >= gateway->settings->clients_max + GREETING_MAX)
            turn_away(fd);
        else
            worker_give(worker, fd);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    uv_stop(handle->loop);
}

static void watch(struct gateway *gateway)
{
    static const int wanted[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < SEGUE_COUNT(wanted); i++) {
        (void)uv_signal_init(&gateway->loop, &gateway->signals[i]);
        (void)uv_signal_start(&gateway->signals[i], on_signal, wanted[i]);
    }
    gateway->polls = memory_alloc(gateway->listeners.n * sizeof *gateway->polls);
    for (size_t i = 0; i < gateway->listeners.n; i++) {
        (void)uv_poll_init(&gateway->loop, &gateway->polls[i], gateway->listeners.items[i].fd);
        gateway->polls[i].data = &gateway->listeners.items[i];
        (void)uv_poll_start(&gateway->polls[i], UV_READABLE, on_client);
    }
}

static void unwatch(struct gateway *gateway)
{
    for (size_t i = 0; i < SEGUE_COUNT(gateway->signals); i++)
        uv_close((uv_handle_t *)&gateway->signals[i], NULL);
    for (size_t i = 0; i < gateway->listeners.n; i++) {
        (void)uv_poll_stop(&gateway->polls[i]);
        uv_close((uv_handle_t *)&gateway->polls[i], NULL);
    }
    (void)uv_run(&gateway->loop, UV_RUN_DEFAULT);
}

static bool start_workers(struct gateway *gateway, struct error *err)
{
    gateway->workers = memory_alloc(gateway->settings->workers * sizeof *gateway->workers);
    while (gateway->n_started < gateway->settings->workers) {
        if (!worker_start(&gateway->workers[gateway->n_started], &gateway->shared, err))
            return false;
        gateway->n_started++;
    }
    gateway->shared.workers = gateway->workers;
    gateway->shared.n_workers = gateway->n_started;
    return true;
}

static void serve(struct gateway *gateway, void (*ready)(void *, const char *), void *context)
{
    watch(gateway);
    for (size_t i = 0; i < gateway->listeners.n; i++)
        ready(context, gateway->listeners.items[i].where);
    (void)uv_run(&gateway->loop, UV_RUN_DEFAULT);
    unwatch(gateway);
}

static bool prepare_tls(struct shared *shared, struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    if (settings->tls.certificate && !tls_context_of_clients(&settings->tls, &shared->client_tls, err))
        return false;
    return !settings->server.tls.used ||
           tls_context_of_server(&settings->server.tls, &shared->server_tls, err);
}

static bool work(struct gateway *gateway, void (*ready)(void *, const char *), void *context,
                 struct error *err)
{
    struct shared *shared = &gateway->shared;
    struct control *control = NULL;
    (void)pthread_mutex_init(&shared->lock, NULL);
    shared->keys = keys_new();
    shared->versions = versions_new();
    bool good = control_start(shared, gateway->listeners.items[0].where, &control, err) &&
                start_workers(gateway, err);
    if (good)
        serve(gateway, ready, context);
    control_stop(control);
    for (unsigned i = 0; i < gateway->n_started; i++)
        worker_stop(&gateway->workers[i]);
    routes_release(shared->routes);
    versions_free(shared->versions);
    keys_free(shared->keys);
    (void)pthread_mutex_destroy(&shared->lock);
    return good;
}

bool gateway_run(const struct gateway_settings *settings, void (*ready)(void *, const char *), void *context,
                 struct error *err)
{
    struct gateway gateway = {.settings = settings, .shared = {.settings = settings}};
    bool good = true;
    for (size_t i = 0; i < settings->n_listen && good; i++)
        good = listeners_add(&gateway.listeners, settings->listen[i], err);
    good = good && prepare_tls(&gateway.shared, err);
    int failed = good ? uv_loop_init(&gateway.loop) : 0;
    if (failed)
        good = error_set(err, ERROR_RESOURCE, "no event loop: %s", uv_strerror(failed));
    if (good) {
        gateway.loop.data = &gateway;
        good = work(&gateway, ready, context, err);
        (void)uv_loop_close(&gateway.loop);
    }
    tls_context_free(gateway.shared.client_tls);
    tls_context_free(gateway.shared.server_tls);
    listeners_close(&gateway.listeners);
    free(gateway.polls);
    free(gateway.workers);
    return good;
}
