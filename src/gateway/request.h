/*
 * What a session asks, read from its messages: which statement each Execute runs, by the names that Parse and Bind gave. It is read only where somebody wants to
 * know (shared->watched); a session that is not watched pays nothing for it.
 *
 * A name counts when the server has said ParseComplete: a Parse that fails, or that comes after a failure, changes nothing.
 */
#ifndef SEGUE_GATEWAY_REQUEST_H
#define SEGUE_GATEWAY_REQUEST_H

#include <stdbool.h>

#include "base/text.h"
#include "gateway/statements.h"
#include "wire/message.h"

struct client;
struct worker;

/* A statement that is to be executed. */
struct request {
    struct statement *statement; /* NULL: it is not known, or too long to be kept */
    /* Of the extended protocol: the body of Bind from the number of parameter formats on. NULL: a simple query, or not kept. */
    const char *bind;
    size_t n_bind;
    bool again; /* it was begun before, and goes on: nothing else is known */
};

/* Statements by the names of the session. */
struct named {
    uint64_t name; /* its hash */
    struct statement *statement;
    bool lacks; /* the backend for reads (beside.h) could not prepare it */
    bool same;  /* it answers there in the columns that the session's own has */
};

struct pending {
    struct named named;
    int64_t batch; /* in which it was sent */
};

struct portal {
    struct named named;
    struct text bind;
    bool begun; /* executed once: what follows fetches more of the same */
};

struct requests {
    struct text parts; /* of a message that comes in several */
    struct named *names;
    size_t n_names, names_size;
    struct pending *pendings; /* the oldest first */
    size_t n_pendings, pendings_size;
    struct portal *portals; /* the unnamed one, and what else there is in the transaction */
    size_t n_portals, portals_size;
    int64_t batch; /* how many were sent: each ends with Query, FunctionCall or Sync */
};

/* A part of a message of the client. */
void request_read(struct client *client, const struct wire_piece *piece);
/* A part of an answer, before the client is told. */
void request_answered(struct client *client, const struct wire_piece *piece);
/* The statement of a name, held by the session; NULL: it is not known. */
struct statement *request_named(const struct requests *requests, const char *name);
/* What is known of it: bits of enum gateway_kind (engine/gateway.h), looked at once. By the worker whose statement it is. */
unsigned request_kind(struct worker *worker, struct statement *statement);
/* The session has prepared this: the body of a Parse message. */
void request_knows(struct client *client, const char *body, size_t n);
/* The backend for reads could not prepare the statement of that name; whether it could. */
void request_lacks(struct requests *requests, const char *name);
/* It answers there in the same columns: the hash of its name. */
void request_is_same(struct requests *requests, uint64_t name);
bool request_same(const struct requests *requests, const char *name);
bool request_is_lacking(const struct requests *requests, const char *name);
/* Forgets everything. */
void requests_free(struct requests *requests);

#endif
