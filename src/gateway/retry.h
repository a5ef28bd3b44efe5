/*
 * A request that failed for no fault of its own is made again, unseen: one statement in a transaction of its own that met a deadlock or could not be serialised, or whose
 * plan did not fit the schema any more. What the client asked since it was between two transactions is kept, as long as nothing was told to it.
 */
#ifndef SEGUE_GATEWAY_RETRY_H
#define SEGUE_GATEWAY_RETRY_H

#include <stdbool.h>

#include "base/text.h"
#include "wire/message.h"

enum {
    RETRY_MAX = 16384, /* bytes of a request and of its answer that are kept */
    RETRY_FIRST = 10,  /* retries that a worker may make at first; each request gives a tenth of one */
    RETRY_CREDIT = 100 /* as many as it may have saved up */
};

struct client;

struct attempt {
    struct text asked;  /* since the session was between two transactions */
    struct text answer; /* with an error that may not have to be told */
    bool open;          /* all of it is kept, and nothing was told */
    bool afresh;        /* it is made again when the session has another backend */
    unsigned made;      /* again, so far */
    char sqlstate[WIRE_SQLSTATE + 1];
    bool plan; /* the error is that a cached plan does not fit any more */
};

/* Bytes that the client has sent, and that go to the server now. begins: it was between two transactions. */
void retry_keep(struct client *client, bool begins, const char *data, size_t n);
/* The first part of an ErrorResponse. */
void retry_note(struct client *client, const struct wire_piece *piece);
/* Bytes that the server has answered, read to their end. True: they were kept, or the request is made again; the client is told nothing. */
bool retry_takes(struct client *client, const char *data, size_t n);
/* The session has another backend, or will have none: makes the request again there, or tells what was kept. */
void retry_go_on(struct client *client, bool moved);
/* The session ends: what was kept is told. */
void retry_end(struct client *client);
void attempt_free(struct attempt *attempt);

#endif
