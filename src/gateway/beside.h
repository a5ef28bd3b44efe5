/*
 * Reads on another version: a session has a second backend there, which holds what the session holds. A request that only reads, outside of a transaction, is put
 * to it when its turn comes (segue ramp --reads); the two backends change places for that time, and change back at its end. What fails there
 * without anything told is asked again of the session's own version.
 *
 * When the session has done what may have changed what it holds, the second backend is made like it anew before it is asked again.
 */
#ifndef SEGUE_GATEWAY_BESIDE_H
#define SEGUE_GATEWAY_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/routes.h"

struct client;
struct backend;

struct beside {
    struct version *version; /* that reads may go to; NULL: none */
    double share;            /* of them that do, from 0 to 1 */
    struct backend *
        backend; /* the one that is at rest: the other version's, or while a read is under way the session's own */
    bool reading;           /* a read is under way on the other version */
    bool fits;              /* the other backend holds what the session holds */
    bool compared;          /* and it was asked for the columns of what is prepared (request_same) */
    bool has_unnamed;       /* the unnamed statement was parsed there, and not on the session's own */
    bool swallow;           /* the session's own backend was given it without the client's knowing */
    int64_t rests_until_us; /* until another try to make one like the session */
};

/* Looks where reads may go now. */
void beside_consider(struct client *client, struct routes *routes);
/* Whether the other backend is to be asked this; it is in place when true. The client is between two transactions. */
bool beside_takes(struct client *client, const char *data, size_t n);
/* The read is answered, or given up: the session's own backend is in place again. */
void beside_return(struct client *client);
/* The backend that move.c has opened and filled; compared: it was asked for the columns of what is prepared. */
void beside_made(struct client *client, struct backend *backend, bool compared);
/* A statement with these bits of enum gateway_kind goes to the session's own backend; 0: it is not known. */
void beside_asked(struct client *client, unsigned kind);
/* A Bind of the unnamed statement goes to the session's own backend: the statement is put there first, if it is not there. */
void beside_bound(struct client *client);
/* What the resting backend says of itself. */
void beside_from_backend(struct client *client, const char *data, size_t n);
/* Lets the other backend go; nothing is under way there. */
void beside_drop(struct client *client);

#endif
