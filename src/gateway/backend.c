#include "gateway/backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/client.h"
#include "gateway/login.h"
#include "wire/startup.h"

enum {
    GATHERED_MAX = 64 * 1024 * 1024
}; /* bytes of one message: a statement text that a session has prepared may be long */

/* The startup packet of the client, with the search path in it. */
static void send_startup(struct backend *backend, const char *path)
{
    const struct text *startup = &backend->client->startup;
    struct wire_startup given;
    size_t length;
    const char *name;
    const char *value;
    if (!path || wire_startup_read(startup->data, startup->length, &given, &length) != WIRE_PIECE) {
        stream_write(&backend->stream, startup->data, startup->length);
        return;
    }
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t begun = wire_startup_begin(&out, given.code);
    for (size_t at = 0; wire_startup_next(&given, &at, &name, &value);) {
        wire_put_string(&out, name);
        wire_put_string(&out, value);
    }
    wire_put_string(&out, "search_path");
    wire_put_string(&out, path);
    wire_startup_end(&out, begun);
    stream_write(&backend->stream, out.data, out.length);
}

struct backend *backend_open(struct client *client, struct version *version, const char *path)
{
    const struct gateway_server *server = &client->worker->shared->settings->server;
    int fd = stream_connect((const struct sockaddr *)&server->address, server->length);
    if (fd < 0)
        return NULL;
    struct backend *backend = memory_alloc(sizeof *backend);
    backend->client = client;
    backend->version = version;
    if (version)
        (void)atomic_fetch_add_explicit(&version->sessions, 1, memory_order_relaxed);
    client->handles++;
    stream_open(&backend->stream, &client->worker->loop, fd, backend);
    backend->stream.connecting = true;
    struct tls_context *tls = client->worker->shared->server_tls;
    if (tls)
        stream_encrypt(&backend->stream, tls_connect(tls, fd));
    send_startup(backend, path);
    return backend;
}

static void on_closed(uv_handle_t *handle)
{
    struct backend *backend = handle->data;
    struct client *client = backend->client;
    text_free(&backend->packet);
    login_free(backend->login);
    free(backend);
    client_release(client);
}

void backend_set_beside(struct backend *backend)
{
    if (backend->beside)
        return;
    backend->beside = true;
    (void)atomic_fetch_sub_explicit(&backend->version->sessions, 1, memory_order_relaxed);
    (void)atomic_fetch_add_explicit(&backend->version->readers, 1, memory_order_relaxed);
}

void backend_close(struct backend *backend)
{
    static const char terminate[] = {'X', 0, 0, 0, 4};
    if (backend->version)
        (void)atomic_fetch_sub_explicit(backend->beside ? &backend->version->readers
                                                        : &backend->version->sessions,
                                        1, memory_order_relaxed);
    if (backend->ready && stream_backlog(&backend->stream) == 0)
        stream_write(&backend->stream, terminate, sizeof terminate);
    stream_close(&backend->stream, on_closed);
}

void backend_take_key(struct backend *backend, const char *body, size_t n)
{
    backend->key.pid = wire_u32(body);
    backend->key.n_secret = (uint16_t)(n - 4);
    memcpy(backend->key.secret, body + 4, backend->key.n_secret);
}

bool backend_is_fatal(const char *body, size_t n)
{
    const char *severity = wire_error_field(body, n, 'V');
    return !severity || strcmp(severity, "ERROR") != 0;
}

bool backend_gather(struct backend *backend, const char *data, size_t n, backend_message take)
{
    struct text gathered = backend->packet;
    backend->packet = (struct text){0};
    text_append_n(&gathered, data, n);
    size_t done = 0;
    bool more = true;
    bool good = true;
    while (more && gathered.length - done >= WIRE_HEADER) {
        const char *message = gathered.data + done;
        uint32_t length = wire_u32(message + 1);
        good = length >= 4 && length < GATHERED_MAX;
        if (!good || gathered.length - done <= length)
            break;
        more = take(backend, message[0], message + WIRE_HEADER, length - 4);
        done += length + 1;
    }
    if (good && gathered.length > done)
        text_append_n(&backend->packet, gathered.data + done, gathered.length - done);
    text_free(&gathered);
    return good;
}

static void tell_problem(struct client *client, const char *problem)
{
    char message[512];
    (void)snprintf(message, sizeof message, "segue gateway: no encrypted connection to the server: %s",
                   problem);
    client_refuse(client, "08001", message, NULL);
}

/* The server is gone: what it said last is still to be told. */
static void lost(struct backend *backend)
{
    struct client *client = backend->client;
    if (backend == client->other)
        move_give_up(client, "the server refuses another session");
    else if (backend == client->beside.backend)
        beside_drop(client);
    else if (stream_problem(&backend->stream))
        tell_problem(client, stream_problem(&backend->stream));
    else if (client->state == CLIENT_STARTING && backend->stream.connecting)
        client_refuse(client, "08001", "segue gateway: the server cannot be reached", NULL);
    else {
        client_explain(client, NULL, "the server ended the session");
        retry_end(client);
        client_leave(client);
    }
}

static void take(struct backend *backend, const char *data, size_t n)
{
    struct client *client = backend->client;
    if (backend == client->other)
        move_from_other(client, data, n);
    else if (backend == client->beside.backend)
        beside_from_backend(client, data, n);
    else if (client->move == MOVE_ASKING)
        move_from_backend(client, data, n);
    else
        relay_from_backend(client, data, n);
}

void backend_on_event(uv_poll_t *poll, int status, int events)
{
    struct backend *backend = poll->data;
    struct client *client = backend->client;
    bool broken = status < 0;
    if (broken) /* what the server said before it went is still to be read; the loop has stopped looking */
        backend->stream.events = 0;
    else if (events & UV_WRITABLE) {
        backend->stream.connecting = false;
        stream_flush(&backend->stream);
    }
    if ((broken || events & UV_READABLE) && backend->stream.reading) {
        ssize_t n = stream_read(&backend->stream, client->worker->buffer, WORKER_BUFFER);
        if (n < 0 || (broken && n == 0))
            lost(backend);
        else if (n > 0)
            take(backend, client->worker->buffer, (size_t)n);
    }
    client_watch(client);
}
