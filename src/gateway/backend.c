#include "gateway/backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/client.h"
#include "wire/startup.h"

/* The startup packet of the client, with what the gateway adds. */
static void send_startup(struct client *client)
{
    stream_write(&client->backend->stream, client->startup.data, client->startup.length);
}

void backend_open(struct client *client)
{
    const struct gateway_server *server = &client->worker->shared->settings->server;
    int fd = stream_connect((const struct sockaddr *)&server->address, server->length);
    if (fd < 0) {
        char message[512];
        (void)snprintf(message, sizeof message, "segue gateway: the server %s cannot be reached: %s",
                       server->name, strerror(errno));
        client_refuse(client, "08001", message, NULL);
        return;
    }
    struct backend *backend = memory_alloc(sizeof *backend);
    backend->client = client;
    client->backend = backend;
    client->handles++;
    stream_open(&backend->stream, &client->worker->loop, fd, backend);
    backend->stream.connecting = true;
    struct tls_context *tls = client->worker->shared->server_tls;
    if (tls)
        stream_encrypt(&backend->stream, tls_connect(tls, fd));
    send_startup(client);
}

static void on_closed(uv_handle_t *handle)
{
    struct backend *backend = handle->data;
    struct client *client = backend->client;
    free(backend);
    client_release(client);
}

void backend_close(struct client *client)
{
    static const char terminate[] = {'X', 0, 0, 0, 4};
    struct backend *backend = client->backend;
    if (!backend)
        return;
    client->backend = NULL;
    if (backend->ready && stream_backlog(&backend->stream) == 0)
        stream_write(&backend->stream, terminate, sizeof terminate);
    stream_close(&backend->stream, on_closed);
}

/* The server is gone: what it said last is still to be told. */
static void lost(struct client *client)
{
    const char *problem = stream_problem(&client->backend->stream);
    if (problem) {
        char message[512];
        (void)snprintf(message, sizeof message, "segue gateway: no encrypted connection to the server: %s",
                       problem);
        client_refuse(client, "08001", message, NULL);
        return;
    }
    if (client->state == CLIENT_STARTING && !client->backend->ready && client->backend->stream.connecting)
        client_refuse(client, "08001", "segue gateway: the server cannot be reached", NULL);
    else
        client_leave(client);
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
        if (n < 0 || (broken && n == 0)) {
            lost(client);
            return;
        }
        if (n > 0)
            relay_from_backend(client, client->worker->buffer, (size_t)n);
    }
    client_watch(client);
}
