#include "gateway/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"

enum { KEPT_FIRST = 16384 };

void stream_open(struct stream *stream, uv_loop_t *loop, int fd, void *owner)
{
    *stream = (struct stream){.fd = fd};
    (void)uv_poll_init(loop, &stream->poll, fd);
    stream->poll.data = owner;
}

void stream_encrypt(struct stream *stream, struct tls *tls)
{
    stream->tls = tls;
}

const char *stream_problem(const struct stream *stream)
{
    return stream->tls ? tls_problem(stream->tls) : NULL;
}

/* Whether there is something to do once there is room to write. */
static bool wants_room(const struct stream *stream)
{
    if (stream->tls && !stream->connecting && !tls_is_agreed(stream->tls))
        return tls_wants_room(stream->tls);
    return stream->connecting || stream_backlog(stream) > 0;
}

void stream_watch(struct stream *stream, uv_poll_cb on_event)
{
    if (stream->fd < 0)
        return;
    int events = (stream->reading ? UV_READABLE : 0) | (wants_room(stream) ? UV_WRITABLE : 0);
    if (events == stream->events)
        return;
    stream->events = events;
    if (events)
        (void)uv_poll_start(&stream->poll, events, on_event);
    else
        (void)uv_poll_stop(&stream->poll);
}

ssize_t stream_read(struct stream *stream, char *buffer, size_t size)
{
    if (stream->tls)
        return tls_read(stream->tls, buffer, size);
    for (;;) {
        ssize_t n = recv(stream->fd, buffer, size, 0);
        if (n > 0)
            return n;
        if (n == 0)
            return -1;
        if (errno != EINTR)
            return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    }
}

/* How many of the bytes went out; -1: the other end is gone. */
static ssize_t send_now(const struct stream *stream, const char *data, size_t n)
{
    if (stream->tls)
        return tls_send(stream->tls, data, n);
    size_t sent = 0;
    while (sent < n) {
        ssize_t part = send(stream->fd, data + sent, n - sent, MSG_NOSIGNAL);
        if (part >= 0)
            sent += (size_t)part;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        else if (errno != EINTR)
            return -1;
    }
    return (ssize_t)sent;
}

static void forget_kept(struct stream *stream)
{
    free(stream->kept);
    stream->kept = NULL;
    stream->kept_begin = stream->kept_end = stream->kept_size = 0;
}

static void keep(struct stream *stream, const char *data, size_t n)
{
    if (stream->kept_begin > 0) {
        memmove(stream->kept, stream->kept + stream->kept_begin, stream_backlog(stream));
        stream->kept_end -= stream->kept_begin;
        stream->kept_begin = 0;
    }
    if (stream->kept_end + n > stream->kept_size) {
        size_t size = stream->kept_size ? stream->kept_size : KEPT_FIRST;
        while (size < stream->kept_end + n)
            size *= 2;
        stream->kept = memory_resize(stream->kept, size);
        stream->kept_size = size;
    }
    memcpy(stream->kept + stream->kept_end, data, n);
    stream->kept_end += n;
}

static void fail(struct stream *stream)
{
    stream->failed = true;
    forget_kept(stream);
}

void stream_write(struct stream *stream, const char *data, size_t n)
{
    if (stream->failed || n == 0)
        return;
    ssize_t sent = 0;
    if (stream_backlog(stream) == 0 && !stream->connecting)
        sent = send_now(stream, data, n);
    if (sent < 0)
        fail(stream);
    else if ((size_t)sent < n)
        keep(stream, data + sent, n - (size_t)sent);
}

void stream_flush(struct stream *stream)
{
    if (stream->tls && !tls_is_agreed(stream->tls) && !tls_agree(stream->tls))
        fail(stream);
    if (stream->failed || stream_backlog(stream) == 0)
        return;
    ssize_t sent = send_now(stream, stream->kept + stream->kept_begin, stream_backlog(stream));
    if (sent < 0) {
        fail(stream);
        return;
    }
    stream->kept_begin += (size_t)sent;
    if (stream_backlog(stream) == 0)
        forget_kept(stream);
}

void stream_end(struct stream *stream)
{
    if (stream->tls)
        tls_end(stream->tls);
    else
        (void)shutdown(stream->fd, SHUT_WR);
}

void stream_close(struct stream *stream, uv_close_cb on_closed)
{
    /* The loop forgets the descriptor before its number can be another thread's. */
    uv_close((uv_handle_t *)&stream->poll, on_closed);
    tls_free(stream->tls);
    stream->tls = NULL;
    (void)close(stream->fd);
    stream->fd = -1;
    stream->events = 0;
    forget_kept(stream);
}

int stream_connect(const struct sockaddr *address, socklen_t length)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    stream_tune(fd);
    if (connect(fd, address, length) < 0 && errno != EINPROGRESS) {
        int why = errno;
        (void)close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

void stream_tune(int fd)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}
