#include "gateway/gateway.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "gateway/breaker.h"
#include "gateway/comparer.h"
#include "gateway/console.h"
#include "gateway/control.h"
#include "gateway/front.h"
#include "gateway/metrics_http.h"
#include "gateway/replicas.h"
#include "gateway/shadow.h"
#include "gateway/worker.h"

/* What the gateway has. */
struct gateway {
    const struct gateway_settings *settings;
    struct shared shared;
    struct worker *workers;
    unsigned n_started;
    struct front front;
    struct metrics_http *metrics;
    struct console *console;
};

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

static bool prepare_tls(struct shared *shared, struct error *err)
{
    const struct gateway_settings *settings = shared->settings;
    if (settings->tls.certificate && !tls_context_of_clients(&settings->tls, &shared->client_tls, err))
        return false;
    return !settings->server.tls.used ||
           tls_context_of_server(&settings->server.tls, &shared->server_tls, err);
}

/* Last of all: where another gateway is to hand over, its console is not reached any more from here on. */
static bool start_telling(struct gateway *gateway, struct error *err)
{
    struct shared *shared = &gateway->shared;
    const struct gateway_settings *settings = shared->settings;
    return (!settings->metrics || metrics_http_start(shared, settings->metrics, settings->hand_over != NULL,
                                                     &gateway->metrics, err)) &&
           (!settings->console || console_start(shared, settings->console, &gateway->front.listeners,
                                                gateway->front.predecessor >= 0, &gateway->console, err));
}

/* Who asks for metrics, or for the console, means the one that serves. */
static void on_handed_over(void *owner)
{
    struct gateway *gateway = owner;
    metrics_http_stop(gateway->metrics);
    gateway->metrics = NULL;
    if (gateway->console)
        console_leave(gateway->console);
}

static bool work(struct gateway *gateway, void (*ready)(void *, const char *), void *context,
                 struct error *err)
{
    struct shared *shared = &gateway->shared;
    struct control *control = NULL;
    (void)pthread_mutex_init(&shared->lock, NULL);
    (void)pthread_mutex_init(&shared->reload_lock, NULL);
    shared->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    shared->keys = keys_new();
    shared->versions = versions_new();
    shared->verifiers = verifiers_new();
    shared->replicas = replicas_new();
    shared->routes = routes_new(shared->versions, "", &(const struct gateway_view){0}, NULL, 0);
    struct breaker *breaker = NULL;
    bool good = shadow_start(shared, &shared->shadow, err);
    shared->watched = shared->watched || shared->shadow || comparer_wanted(shared->settings);
    good = good && start_workers(gateway, err) && breaker_start(shared, &breaker, err) &&
           control_start(shared, gateway->front.listeners.items[0].where, &control, err) &&
           comparer_start(shared, &shared->comparer, err) && start_telling(gateway, err);
    gateway->front.handed_over = on_handed_over;
    gateway->front.owner = gateway;
    if (good)
        front_serve(&gateway->front, gateway->workers, gateway->n_started, ready, context);
    console_stop(gateway->console);
    metrics_http_stop(gateway->metrics);
    control_stop(control);
    breaker_stop(breaker);
    for (unsigned i = 0; i < gateway->n_started; i++)
        worker_stop(&gateway->workers[i]);
    comparer_stop(shared->comparer);
    breaker_free(breaker);
    shadow_stop(shared->shadow);
    (void)close(shared->wake);
    routes_release(shared->routes);
    versions_free(shared->versions);
    verifiers_free(shared->verifiers);
    replicas_free(shared->replicas);
    keys_free(shared->keys);
    (void)pthread_mutex_destroy(&shared->lock);
    (void)pthread_mutex_destroy(&shared->reload_lock);
    return good;
}

bool gateway_run(const struct gateway_settings *settings, void (*ready)(void *, const char *), void *context,
                 struct error *err)
{
    struct gateway gateway = {.settings = settings, .shared = {.settings = settings}};
    bool good = prepare_tls(&gateway.shared, err) && front_open(&gateway.front, &gateway.shared, err) &&
                work(&gateway, ready, context, err);
    front_close(&gateway.front);
    tls_context_free(gateway.shared.client_tls);
    tls_context_free(gateway.shared.server_tls);
    free(gateway.workers);
    return good;
}
