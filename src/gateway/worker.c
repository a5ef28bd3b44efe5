#include "gateway/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/client.h"

enum { TICK_MS = 1000 };

static void for_each(struct worker *worker, void (*act)(struct client *, int64_t), int64_t value)
{
    struct client *next;
    for (struct client *client = worker->clients; client; client = next) {
        next = client->next;
        act(client, value);
    }
}

static void count_staying(struct worker *worker)
{
    struct staying staying[STAYING_MAX] = {0};
    for (const struct client *client = worker->clients; client; client = client->next) {
        size_t i = 0;
        while (client->stays && i < STAYING_MAX && staying[i].why && staying[i].why != client->stays)
            i++;
        if (client->stays && i < STAYING_MAX)
            staying[i] = (struct staying){client->stays, staying[i].n + 1};
    }
    (void)pthread_mutex_lock(&worker->lock);
    memcpy(worker->staying, staying, sizeof staying);
    (void)pthread_mutex_unlock(&worker->lock);
}

enum metrics_state client_doing(const struct client *client)
{
    if (client->state == CLIENT_LEAVING || client->state == CLIENT_GONE)
        return STATE_LEAVING;
    if (client->state != CLIENT_RELAYING)
        return STATE_STARTING;
    if (client_is_between(client))
        return STATE_IDLE;
    return client->backend->outstanding == 0 ? STATE_IN_TRANSACTION : STATE_ACTIVE;
}

static void count_states(struct worker *worker)
{
    unsigned states[METRICS_STATES] = {0};
    for (const struct client *client = worker->clients; client; client = client->next)
        states[client_doing(client)]++;
    for (unsigned i = 0; i < METRICS_STATES; i++)
        atomic_store_explicit(&worker->metrics.states[i], states[i], memory_order_relaxed);
}

static void go_on(struct client *client, int64_t unused)
{
    (void)unused;
    move_go_on(client);
    relay_held(client);
}

static void on_tick(uv_timer_t *timer)
{
    for_each(timer->data, client_tick, clock_us());
    for_each(timer->data, go_on, 0);
    count_staying(timer->data);
    count_states(timer->data);
    statements_sweep(&((struct worker *)timer->data)->statements);
}

static void consider(struct client *client, int64_t unused)
{
    (void)unused;
    client->stays_until_us = 0;
    move_consider(client);
}

static void move_where_due(struct client *client, int64_t now_us)
{
    if (client->move == MOVE_NONE && now_us > client->stays_until_us)
        move_consider(client);
    relay_held(client);
}

static void arm_release(struct worker *worker);

static void on_release(uv_timer_t *timer)
{
    /* In this order: who finds that it must still wait is looked at again. */
    arm_release(timer->data);
    for_each(timer->data, go_on, 0);
}

/* Sessions that wait go on when the time is over, whoever has asked for it and whatever has become of them. */
static void arm_release(struct worker *worker)
{
    const long long untils[] = {atomic_load(&worker->shared->hold_until_us),
                                atomic_load(&worker->shared->leaving_until_us)};
    long long next = 0;
    for (size_t i = 0; i < SEGUE_COUNT(untils); i++) {
        long long left = untils[i] - clock_us();
        if (left > 0 && (next == 0 || left < next))
            next = left;
    }
    if (next > 0)
        (void)uv_timer_start(&worker->release, on_release, (uint64_t)(next / 1000 + 1), 0);
}

static void drop(struct client *client, int64_t unused)
{
    (void)unused;
    client_end(client);
    client_drop(client);
}

static void look(struct worker *worker)
{
    arm_release(worker);
    worker_forget_kinds(worker);
    for_each(worker, consider, 0);
    for_each(worker, go_on, 0);
}

static void count_waiting(struct worker *worker)
{
    int64_t now = clock_us();
    metrics_forget_waiting(&worker->metrics);
    for (const struct client *client = worker->clients; client; client = client->next)
        if (client->state == CLIENT_RELAYING && backend_lets_wait(client->backend) &&
            client->move < MOVE_ASKING)
            metrics_waits(&worker->metrics, client->backend->version, now - client->backend->asked_us);
}

static void end_if_between(struct client *client, int64_t unused)
{
    (void)unused;
    if (client->state == CLIENT_RELAYING)
        client_end_if_between(client);
}

/* What somebody waits for. */
struct errand {
    void (*act)(struct worker *, void *);
    void *context;
    bool done;
};

static void run_errand(struct worker *worker, struct errand *errand)
{
    errand->act(worker, errand->context);
    (void)pthread_mutex_lock(&worker->lock);
    errand->done = true;
    worker->errand = NULL;
    (void)pthread_cond_broadcast(&worker->errand_done);
    (void)pthread_mutex_unlock(&worker->lock);
}

static void on_wake(uv_async_t *async)
{
    struct worker *worker = async->data;
    (void)pthread_mutex_lock(&worker->lock);
    int *inbox = worker->inbox;
    size_t n = worker->n_inbox;
    bool stop = worker->stop;
    bool must_look = worker->look;
    struct errand *errand = worker->errand;
    worker->look = false;
    worker->inbox = NULL;
    worker->n_inbox = worker->inbox_size = 0;
    (void)pthread_mutex_unlock(&worker->lock);
    for (size_t i = 0; i < n; i++)
        client_new(worker, inbox[i]);
    free(inbox);
    if (must_look)
        look(worker);
    if (worker->must_move && worker->n_moving < MOVING_MAX) {
        worker->must_move = false;
        for_each(worker, move_where_due, clock_us());
    }
    if (atomic_exchange(&worker->count_waiting, false))
        count_waiting(worker);
    if (errand)
        run_errand(worker, errand);
    if (atomic_load(&worker->shared->draining) && !worker->draining) {
        worker->draining = true;
        for_each(worker, end_if_between, 0);
    }
    if (!stop || uv_is_closing((uv_handle_t *)&worker->tick))
        return;
    for_each(worker, drop, 0);
    uv_close((uv_handle_t *)&worker->tick, NULL);
    uv_close((uv_handle_t *)&worker->release, NULL);
    uv_close((uv_handle_t *)&worker->wake, NULL);
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    (void)uv_run(&worker->loop, UV_RUN_DEFAULT);
    return NULL;
}

bool worker_open(struct worker *worker, struct shared *shared, struct error *err)
{
    *worker = (struct worker){.shared = shared, .retry_credit = RETRY_FIRST};
    (void)pthread_mutex_init(&worker->lock, NULL);
    (void)pthread_cond_init(&worker->errand_done, NULL);
    int failed = uv_loop_init(&worker->loop);
    if (failed)
        return error_set(err, ERROR_RESOURCE, "no event loop: %s", uv_strerror(failed));
    (void)uv_async_init(&worker->loop, &worker->wake, on_wake);
    (void)uv_timer_init(&worker->loop, &worker->tick);
    (void)uv_timer_init(&worker->loop, &worker->release);
    worker->wake.data = worker->tick.data = worker->release.data = worker;
    (void)uv_timer_start(&worker->tick, on_tick, TICK_MS, TICK_MS);
    return true;
}

bool worker_start(struct worker *worker, struct shared *shared, struct error *err)
{
    if (!worker_open(worker, shared, err))
        return false;
    int failed = pthread_create(&worker->thread, NULL, run, worker);
    if (failed)
        return error_set(err, ERROR_RESOURCE, "no thread: %s", strerror(failed));
    return true;
}

void worker_look(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    worker->look = true;
    (void)pthread_mutex_unlock(&worker->lock);
    (void)uv_async_send(&worker->wake);
}

void worker_count_waiting(struct worker *worker)
{
    atomic_store(&worker->count_waiting, true);
    (void)uv_async_send(&worker->wake);
}

void worker_moved(struct worker *worker)
{
    worker->n_moving--;
    if (worker->must_move && worker->n_moving <= MOVING_MAX / 2)
        (void)uv_async_send(&worker->wake);
}

void worker_do(struct worker *worker, void (*act)(struct worker *, void *), void *context)
{
    struct errand errand = {.act = act, .context = context};
    (void)pthread_mutex_lock(&worker->lock);
    while (worker->errand)
        (void)pthread_cond_wait(&worker->errand_done, &worker->lock);
    /* cppcheck-suppress autoVariables ; it is waited for */
    worker->errand = &errand;
    (void)uv_async_send(&worker->wake);
    while (!errand.done)
        (void)pthread_cond_wait(&worker->errand_done, &worker->lock);
    (void)pthread_mutex_unlock(&worker->lock);
}

void worker_give(struct worker *worker, int fd)
{
    (void)atomic_fetch_add_explicit(&worker->n_clients, 1, memory_order_relaxed);
    (void)pthread_mutex_lock(&worker->lock);
    if (worker->n_inbox == worker->inbox_size) {
        worker->inbox_size = worker->inbox_size ? worker->inbox_size * 2 : 16;
        worker->inbox = memory_resize(worker->inbox, worker->inbox_size * sizeof *worker->inbox);
    }
    worker->inbox[worker->n_inbox++] = fd;
    (void)pthread_mutex_unlock(&worker->lock);
    (void)uv_async_send(&worker->wake);
}

void worker_stop(struct worker *worker)
{
    (void)pthread_mutex_lock(&worker->lock);
    worker->stop = true;
    (void)pthread_mutex_unlock(&worker->lock);
    (void)uv_async_send(&worker->wake);
    (void)pthread_join(worker->thread, NULL);
    (void)uv_loop_close(&worker->loop);
    statements_free(&worker->statements);
    (void)pthread_mutex_destroy(&worker->lock);
    (void)pthread_cond_destroy(&worker->errand_done);
}
