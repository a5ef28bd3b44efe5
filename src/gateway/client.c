#include "gateway/client.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/story.h"
#include "gateway/watch.h"

enum {
    BACKLOG_MAX = 256 * 1024, /* bytes that wait for one side before the other is no longer read */
    LEAVING_US = 5000000      /* for the last bytes to get out */
};

static void on_client(uv_poll_t *poll, int status, int events);

static void link_client(struct client *client)
{
    struct worker *worker = client->worker;
    client->next = worker->clients;
    if (client->next)
        client->next->previous = client;
    worker->clients = client;
}

static void unlink_client(struct client *client)
{
    if (client->previous)
        client->previous->next = client->next;
    else
        client->worker->clients = client->next;
    if (client->next)
        client->next->previous = client->previous;
}

void client_enter(struct client *client, enum client_state state)
{
    client->state = state;
    client->since_us = clock_us();
    if (state == CLIENT_RELAYING) {
        client->idle_us = client->since_us;
        metrics_add(&client->worker->metrics.begun, 1);
        story_begin(client);
    }
}

void client_new(struct worker *worker, int fd)
{
    struct client *client = memory_alloc(sizeof *client);
    client->worker = worker;
    client->handles = 1;
    stream_tune(fd);
    stream_open(&client->stream, &worker->loop, fd, client);
    client->stream.reading = true;
    route_place(client);
    link_client(client);
    client_enter(client, CLIENT_GREETING);
    client->came_us = client->since_us;
    client_watch(client);
}

bool client_count(struct client *client)
{
    struct shared *shared = client->worker->shared;
    unsigned before = atomic_fetch_add_explicit(&shared->sessions, 1, memory_order_relaxed);
    client->counted = before < shared->settings->clients_max;
    if (!client->counted)
        (void)atomic_fetch_sub_explicit(&shared->sessions, 1, memory_order_relaxed);
    return client->counted;
}

void client_release(struct client *client)
{
    if (--client->handles > 0)
        return;
    unlink_client(client);
    if (client->counted)
        (void)atomic_fetch_sub_explicit(&client->worker->shared->sessions, 1, memory_order_relaxed);
    (void)atomic_fetch_sub_explicit(&client->worker->n_clients, 1, memory_order_relaxed);
    text_free(&client->packet);
    text_free(&client->startup);
    password_free(client->password);
    gift_free(&client->gift);
    text_free(&client->unnamed);
    notes_free(&client->notes);
    columns_free(&client->columns);
    text_free(&client->held);
    requests_free(&client->requests);
    order_free(&client->order);
    attempt_free(&client->attempt);
    free(client->why);
    free(client);
}

static void on_closed(uv_handle_t *handle)
{
    client_release(handle->data);
}

static void let_backends_go(struct client *client)
{
    struct backend *backends[] = {client->backend, client->other, client->beside.backend};
    client->backend = client->other = client->beside.backend = NULL;
    if (client->move != MOVE_NONE)
        worker_moved(client->worker);
    client->move = MOVE_NONE;
    for (size_t i = 0; i < SEGUE_COUNT(backends); i++)
        if (backends[i])
            backend_close(backends[i]);
}

void client_drop(struct client *client)
{
    if (client->state == CLIENT_GONE)
        return;
    let_backends_go(client);
    route_forget(client);
    if (client->key.pid)
        keys_forget(client->worker->shared->keys, client->key.pid);
    if (client->worker->shared->watched)
        watch_gone(client);
    story_end(client);
    client_enter(client, CLIENT_GONE);
    stream_close(&client->stream, on_closed);
}

void client_leave(struct client *client)
{
    if (client->state == CLIENT_GONE)
        return;
    if (client->stream.failed || stream_backlog(&client->stream) == 0) {
        client_drop(client);
        return;
    }
    let_backends_go(client);
    client->stream.reading = false;
    client_enter(client, CLIENT_LEAVING);
    client_watch(client);
}

void client_explain(struct client *client, const char *sqlstate, const char *why)
{
    if (client->why)
        return;
    client->why = strdup(why);
    if (sqlstate)
        (void)snprintf(client->sqlstate, sizeof client->sqlstate, "%s", sqlstate);
}

void client_end(struct client *client)
{
    client_refuse(client, "57P01",
                  "segue gateway: terminating connection because the gateway is shutting down", NULL);
}

void client_end_if_between(struct client *client)
{
    if (client_is_between(client) && client->held.length == 0)
        client_end(client);
}

void client_refuse(struct client *client, const char *sqlstate, const char *message, const char *hint)
{
    if (client->state == CLIENT_LEAVING || client->state == CLIENT_GONE)
        return;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    client_explain(client, sqlstate, message);
    /* In the midst of a message of the server's there is no room for another one: it would be read as a part of it. */
    if (!client->backend || wire_between(&client->backend->reader))
        wire_put_error(&out, "FATAL", sqlstate, message, hint);
    stream_write(&client->stream, out.data, out.length);
    client_leave(client);
}

/*
 * Whether a client that has a backend is read. Each reason why not has one that ends it, and whoever ends one calls client_watch; check_watched holds us to it:
 *
 *   it cancels        the server, which closes; or --startup-timeout
 *   the backlog       the server, which reads on: backend_on_event
 *   held              relay_held: when the hold is over (worker.c, arm_release), the read beside or the order is done, the move has ended; and each second
 *   move              the backends' answers, or their end; while it gives, GIVING_US at most. Always by end_move (move.c)
 *   afresh            end_move likewise, or GIVING_US
 *   ended             nobody: it sends no more
 */
static bool is_read(const struct client *client)
{
    return client->state != CLIENT_CANCELLING && stream_backlog(&client->backend->stream) < BACKLOG_MAX &&
           client->held.length == 0 && client->move < MOVE_ASKING && !client->attempt.afresh &&
           !client->ended;
}

/* Between two events of the loop each client is watched for what its state says. One that is not would stand still for ever: it is mended, and builds for
 * finding faults (buildtype=debug) end there. */
static void check_watched(struct client *client)
{
    if (!client->backend || client->state == CLIENT_GONE)
        return;
#ifndef __OPTIMIZE__
    assert(client->stream.reading == is_read(client));
#endif
    client_watch(client);
}

/* Once all that it sent is there, the server learns that no more comes, and does what it does with such clients. */
static void pass_end_on(struct client *client)
{
    struct backend *backend = client->backend;
    if (!client->ended || client->state != CLIENT_RELAYING || client->move >= MOVE_ASKING ||
        client->held.length > 0 || client->attempt.afresh || client->order.state != ORDER_NONE ||
        stream_backlog(&backend->stream) > 0)
        return;
    if (backend->outstanding == 0)
        client_leave(client);
    else
        stream_end(&backend->stream);
}

void client_watch(struct client *client)
{
    pass_end_on(client);
    if (client->state == CLIENT_GONE)
        return;
    struct backend *backend = client->backend;
    if (backend) {
        client->stream.reading = is_read(client);
        backend->stream.reading = stream_backlog(&client->stream) < BACKLOG_MAX;
        stream_watch(&backend->stream, backend_on_event);
    }
    if (client->beside.backend) {
        /* What it says meanwhile must not come between the parts of an answer. */
        client->beside.backend->stream.reading = !client->beside.reading;
        stream_watch(&client->beside.backend->stream, backend_on_event);
    }
    if (client->other) {
        client->other->stream.reading = true;
        stream_watch(&client->other->stream, backend_on_event);
    }
    stream_watch(&client->stream, on_client);
}

/* What the client sent, given to whom its state says. */
static void take(struct client *client, const char *data, size_t n)
{
    if (client->state == CLIENT_GREETING)
        greeting_read(client, data, n);
    else
        relay_from_client(client, data, n);
}

/* It will send no more, and is still told what it has asked. */
static bool half_closes(struct client *client)
{
    if (client->state != CLIENT_RELAYING || (client->backend->outstanding == 0 && client->held.length == 0))
        return false;
    client->ended = true;
    return true;
}

static void on_client(uv_poll_t *poll, int status, int events)
{
    struct client *client = poll->data;
    if (status < 0) {
        client_drop(client);
        return;
    }
    if (events & UV_WRITABLE) {
        stream_flush(&client->stream);
        if (client->state == CLIENT_LEAVING && stream_backlog(&client->stream) == 0) {
            client_drop(client);
            return;
        }
    }
    if (events & UV_READABLE && client->stream.reading) {
        ssize_t n = stream_read(&client->stream, client->worker->buffer, WORKER_BUFFER);
        if (n < 0 && !half_closes(client)) {
            client_drop(client);
            return;
        }
        if (n > 0)
            take(client, client->worker->buffer, (size_t)n);
    }
    client_watch(client);
}

/* What was given to the new backend is answered at once, unless something is wrong with it. */
static void tick_move(struct client *client, int64_t now_us)
{
    if ((client->move == MOVE_GIVING || client->attempt.afresh) && now_us > client->stays_until_us)
        move_give_up(client, "the new session is too slow");
    else if (client->move == MOVE_NONE && now_us > client->stays_until_us)
        move_consider(client);
}

/* Idle: it asked nothing since the last tick, and nothing is under way. */
static void tick_session(struct client *client, int64_t now_us)
{
    double limit = client->worker->shared->settings->idle_seconds;
    if (client->worker->draining)
        client_end_if_between(client);
    if (client->active || client->state != CLIENT_RELAYING || client->held.length > 0 ||
        !backend_is_quiet(client->backend))
        client->idle_us = now_us;
    else if (limit > 0 && (double)(now_us - client->idle_us) > limit * 1e6)
        client_refuse(client, "57P05",
                      "segue gateway: terminating connection because the session was idle for too long",
                      NULL);
    client->active = false;
}

void client_tick(struct client *client, int64_t now_us)
{
    check_watched(client);
    if (client->state == CLIENT_RELAYING)
        tick_move(client, now_us);
    double seconds = client->worker->shared->settings->startup_seconds;
    int64_t age = now_us - client->since_us;
    if (client->state == CLIENT_RELAYING)
        tick_session(client, now_us);
    else if (client->state == CLIENT_LEAVING && age > LEAVING_US)
        client_drop(client);
    else if ((client->state == CLIENT_GREETING || client->state == CLIENT_STARTING ||
              client->state == CLIENT_CANCELLING) &&
             (double)age > seconds * 1e6)
        client_refuse(client, "08P01", "segue gateway: the client took too long to say who it is", NULL);
}
