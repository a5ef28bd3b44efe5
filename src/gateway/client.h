/*
 * A client's connection and what serves it. The life of one:
 *
 *   GREETING   it says how it wants to speak (TLS, a cancel request, a startup packet)
 *   STARTING   its backend was asked for; who it is, is settled between it and the server
 *   CANCELLING it has asked to cancel, and may close already; the request is on its way to the server
 *   RELAYING   bytes go both ways as they come
 *   LEAVING    what is written to it must still get out
 *   GONE       descriptors are closed; the memory goes when the loop has let go of them
 */
#ifndef SEGUE_GATEWAY_CLIENT_H
#define SEGUE_GATEWAY_CLIENT_H

#include "gateway/backend.h"
#include "gateway/worker.h"

enum client_state {
    CLIENT_GREETING,
    CLIENT_STARTING,
    CLIENT_CANCELLING,
    CLIENT_RELAYING,
    CLIENT_LEAVING,
    CLIENT_GONE
};

struct client {
    struct stream stream;
    struct worker *worker;
    struct client *previous, *next; /* the worker's list */
    enum client_state state;
    unsigned handles; /* that the loop still has */
    struct wire_reader reader;
    struct backend *backend;
    struct key key;      /* with which it asks to cancel; pid 0: it was told none */
    struct text packet;  /* of the greeting, or messages of the start: they are looked at whole */
    struct text startup; /* the startup packet as it came */
    int64_t since_us;    /* when the state began */
    bool counted;        /* among shared->sessions */
};

/* A client of the worker, from a descriptor that it owns from now on. */
void client_new(struct worker *worker, int fd);
/* Tells the client why (ErrorResponse, severity FATAL) and lets it go. */
void client_refuse(struct client *client, const char *sqlstate, const char *message, const char *hint);
/* Lets it go when all that was written to it is out; the backend goes at once. */
void client_leave(struct client *client);
/* Lets both go at once. */
void client_drop(struct client *client);
/* Counts it among the sessions; false: there are as many as may be. */
bool client_count(struct client *client) SEGUE_MUST_CHECK;
void client_enter(struct client *client, enum client_state state);
/* Looks anew for what the client and its backend have to be watched for. */
void client_watch(struct client *client);
/* The loop has let go of one of its handles; with the last one the memory goes. */
void client_release(struct client *client);
/* A time limit may have passed. */
void client_tick(struct client *client, int64_t now_us);

/* greeting.c: bytes of a client that has not yet said who it is. */
void greeting_read(struct client *client, const char *data, size_t n);

/* backend.c */
/* Begins to connect; a failure is told to the client. */
void backend_open(struct client *client);
/* Says good-bye, where there is anybody to hear it. */
void backend_close(struct client *client);
void backend_on_event(uv_poll_t *poll, int status, int events);

/* relay.c: bytes from either side, once both are there. */
void relay_from_client(struct client *client, const char *data, size_t n);
void relay_from_backend(struct client *client, const char *data, size_t n);

#endif
