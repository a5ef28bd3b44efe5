/*
 * A connection to the server, which serves one client. It is opened with a startup packet, relays the server's questions about who the
 * client is, and is ready from the first ReadyForQuery on. What was asked of it and not yet answered is counted: a backend that answers what
 * nobody asked is destroyed.
 */
#ifndef SEGUE_GATEWAY_BACKEND_H
#define SEGUE_GATEWAY_BACKEND_H

#include <stdint.h>

#include "gateway/keys.h"
#include "gateway/routes.h"
#include "gateway/stream.h"
#include "wire/message.h"

struct client;

struct backend {
    struct stream stream;
    struct client *client;
    struct wire_reader reader;
    struct version *version; /* whose search path it was opened with; NULL: none was set */
    struct text packet;      /* messages that are looked at whole: of the start, and while a session moves */
    struct key key;          /* with which its query is cancelled */
    bool ready;              /* the first ReadyForQuery was seen */
    bool copying_both;       /* a stream of replication: nothing is counted */
    char status;             /* of the last ReadyForQuery */
    struct login *login;     /* the gateway proves the session's password; or NULL */
    uint32_t outstanding;    /* requests that a ReadyForQuery will answer */
    /* Which of them are simple queries or calls (1) and which are Sync (0), the oldest in the lowest bit, as far as there is room: the server ignores a
     * Sync that it meets while it copies in. */
    uint64_t simple;
    uint64_t closing; /* which Sync stand behind the end of a COPY's data */
    uint64_t
        behind; /* which of the simple ones stand behind messages that no Sync had ended: when those fail, the server skips it */
    int64_t asked_us; /* when the oldest of them was sent, or the one before it was answered */
    bool copying_in;  /* it waits for the data of a COPY */
    bool warm;        /* it has answered */
    bool beside;      /* it answers reads alone, and is no session of its version's */
    bool unended;     /* a message of the extended protocol was sent that no Sync has ended yet */
    /* Requests that may have been ignored, or not: a Sync, if COPY did not fail before the server came to it; a simple query, if what stood before it has failed. What the
     * server says behind its next ReadyForQuery tells. */
    uint32_t unsure;
    bool alone;   /* nothing was answered since the last ReadyForQuery */
    bool fed;     /* the end of a COPY's data was sent, and no request since */
    bool ignored; /* the Sync before the data that a COPY waits for: it was ignored if that succeeds */
    bool
        crowded; /* there were more requests than the bits above have room for: what was ignored is not known */
};

/* A message, whole. False: what comes behind it is left for somebody else. */
typedef bool (*backend_message)(struct backend *backend, char type, const char *body, size_t n);

/* Gives the messages in what was kept and in the n bytes, one by one; what is left over is kept. False: these are no messages. */
bool backend_gather(struct backend *backend, const char *data, size_t n,
                    backend_message take) SEGUE_MUST_CHECK;
/* Takes the key from the body of a BackendKeyData. */
void backend_take_key(struct backend *backend, const char *body, size_t n);
/* It answers reads alone from now on. */
void backend_set_beside(struct backend *backend);
/* Whether the ErrorResponse with that body ends the session. */
bool backend_is_fatal(const char *body, size_t n) SEGUE_MUST_CHECK;
/* Closes, with a good-bye where the server can hear it. The client must no longer name it. */
void backend_close(struct backend *backend);

/* A request was sent that a ReadyForQuery will answer. */
static inline void backend_asked(struct backend *backend, bool simple)
{
    if (backend->outstanding < 64) {
        backend->simple |= (uint64_t)simple << backend->outstanding;
        backend->behind |= (uint64_t)(simple && backend->unended) << backend->outstanding;
        backend->closing |= (uint64_t)backend->fed << backend->outstanding;
    } else {
        backend->crowded = true;
    }
    backend->fed = false;
    backend->outstanding++;
    backend->unended = false;
}

static inline void backend_answered(struct backend *backend)
{
    backend->outstanding--;
    backend->simple >>= 1;
    backend->behind >>= 1;
    backend->closing >>= 1;
}

/* Whether the client waits for an answer of the server's, and neither for the other way round. */
static inline bool backend_lets_wait(const struct backend *backend)
{
    return backend->outstanding > 0 && !backend->copying_in && !backend->copying_both &&
           backend->stream.reading;
}

/* Whether nothing is under way: no transaction, no answer, no message in part. */
static inline bool backend_is_quiet(const struct backend *backend)
{
    return backend->ready && backend->outstanding == 0 && backend->unsure == 0 && backend->status == 'I' &&
           wire_between(&backend->reader) && !backend->copying_both && !backend->copying_in &&
           !backend->unended;
}

#endif
