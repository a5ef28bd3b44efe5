/*
 * A connection that never makes its loop wait: what cannot be written now is kept and written when there is room; reading is switched off
 * and on by whoever would have to keep what is read. A stream belongs to one loop and one thread.
 */
#ifndef SEGUE_GATEWAY_STREAM_H
#define SEGUE_GATEWAY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

#include "base/must.h"
#include "gateway/tls.h"

struct stream {
    uv_poll_t poll; /* poll.data is the owner */
    int fd;         /* -1: never opened, or closed */
    bool reading;   /* the owner wants to hear that there is something to read */
    bool connecting;
    bool failed;     /* writing failed: the other end is gone */
    int events;      /* what the loop looks for now */
    struct tls *tls; /* NULL: in the clear. What is written before both ends agree is kept. */
    /* Kept, to be written. */
    char *kept;
    size_t kept_begin, kept_end, kept_size;
};

/* Takes the descriptor, which must not block; on_event is called with the events that uv_poll names. */
void stream_open(struct stream *stream, uv_loop_t *loop, int fd, void *owner);
/* Looks for what is wanted from now on: call it after open, and when an event was handled. */
void stream_watch(struct stream *stream, uv_poll_cb on_event);
/* Bytes read; 0: none now; -1: the other end is gone. */
ssize_t stream_read(struct stream *stream, char *buffer, size_t size) SEGUE_MUST_CHECK;
/* Writes, or keeps what cannot be written. After a failure everything is thrown away, and stream->failed says so. */
void stream_write(struct stream *stream, const char *data, size_t n);
/* Writes what was kept as far as there is room. */
void stream_flush(struct stream *stream);
/* Says that nothing more is written; nothing may be kept. It can be read on. */
void stream_end(struct stream *stream);
/* Encrypts from here on; the stream owns it. */
void stream_encrypt(struct stream *stream, struct tls *tls);
/* Why the other end is gone, where more is known than that; or NULL. */
const char *stream_problem(const struct stream *stream);
/* Bytes that are kept. */
static inline size_t stream_backlog(const struct stream *stream)
{
    return stream->kept_end - stream->kept_begin;
}
/* Closes; on_closed comes later, once, from the loop. Afterwards nothing else is called. */
void stream_close(struct stream *stream, uv_close_cb on_closed);

/* A socket that neither blocks nor is inherited, connecting to the address or connected; -1 with errno. */
int stream_connect(const struct sockaddr *address, socklen_t length) SEGUE_MUST_CHECK;
/* Options for messages that are answered: no delay, and news of a peer that vanished. Does nothing for unix sockets. */
void stream_tune(int fd);

#endif
