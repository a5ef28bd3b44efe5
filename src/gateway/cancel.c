#include "gateway/cancel.h"

#include <stdlib.h>

#include "base/memory.h"
#include "gateway/stream.h"

struct cancel {
    struct stream stream;
};

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* The server reads the request and closes; until then the connection must stay, or the request may be lost. */
static void on_event(uv_poll_t *poll, int status, int events)
{
    struct cancel *cancel = poll->data;
    char byte;
    cancel->stream.connecting = false;
    if (events & UV_WRITABLE)
        stream_flush(&cancel->stream);
    if (status < 0 || cancel->stream.failed ||
        (events & UV_READABLE && stream_read(&cancel->stream, &byte, 1) < 0))
        stream_close(&cancel->stream, on_closed);
    else
        stream_watch(&cancel->stream, on_event);
}

void cancel_send(struct worker *worker, const struct wire_startup *request)
{
    const struct gateway_server *server = &worker->shared->settings->server;
    struct key target;
    if (!keys_find(worker->shared->keys, request->pid, request->secret, request->n_secret, &target))
        return;
    int fd = stream_connect((const struct sockaddr *)&server->address, server->length);
    if (fd < 0)
        return;
    SEGUE_CLEANUP(text_free) struct text packet = {0};
    wire_put_cancel(&packet, target.pid, (const char *)target.secret, target.n_secret);
    struct cancel *cancel = memory_alloc(sizeof *cancel);
    stream_open(&cancel->stream, &worker->loop, fd, cancel);
    cancel->stream.reading = true;
    cancel->stream.connecting = true;
    stream_write(&cancel->stream, packet.data, packet.length);
    stream_watch(&cancel->stream, on_event);
}
