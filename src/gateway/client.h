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
#include "gateway/beside.h"
#include "gateway/columns.h"
#include "gateway/gift.h"
#include "gateway/notes.h"
#include "gateway/order.h"
#include "gateway/password.h"
#include "gateway/request.h"
#include "gateway/retry.h"
#include "gateway/worker.h"

/*
 * The way of a session to another version: a backend with the other search path is opened and waits; when nothing is under way the old
 * one is asked what the session holds, the new one is given it, and takes over. Until then nothing has happened.
 */
enum client_move {
    MOVE_NONE,
    MOVE_OPENING, /* `other` is being opened */
    MOVE_WAITING, /* it is ready; the session is not between two transactions */
    MOVE_ASKING,  /* the old backend was asked what the session holds; the client is not read */
    MOVE_GIVING   /* the new one is being given that */
};

enum client_state {
    CLIENT_GREETING,
    CLIENT_STARTING,
    CLIENT_CANCELLING,
    CLIENT_RELAYING,
    CLIENT_LEAVING,
    CLIENT_GONE
};

struct shadow_session;

struct client {
    struct stream stream;
    struct worker *worker;
    struct client *previous, *next; /* the worker's list */
    enum client_state state;
    unsigned handles; /* that the loop still has */
    struct wire_reader reader;
    struct backend *backend;
    struct backend *other; /* to which the session moves */
    enum client_move move;
    bool for_reads;            /* what moves is not the session: `other` will answer its reads */
    struct beside beside;      /* for its reads */
    double place;              /* among all sessions, from 0 to 1: see routes.h */
    const struct rules *rules; /* among which was looked for the session's rule, */
    struct rule *rule;         /* and it; NULL: none of them */
    const char *
        stays; /* why it cannot move, in words that live as long as the program; NULL: it can, as far as is known */
    int64_t stays_until_us;
    struct version *probes; /* whose prober it was last; NULL: of none */
    struct gift gift;       /* for `other` */
    unsigned given;         /* batches of it that `other` has answered */
    struct text unnamed;    /* the Parse message of the unnamed statement that the session has, or empty */
    bool unnamed_is_lost;   /* it has one that was too long to keep */
    struct columns columns; /* that it remembers */
    struct notes notes;     /* what was seen in its statements */
    struct requests requests;
    struct ordering order;
    struct shadow_session *shadow; /* what it writes, where that is mirrored */
    struct attempt attempt;        /* at the request that is under way */
    struct text held;              /* what it sent while sessions that begin something wait */
    struct key key;                /* with which it asks to cancel; pid 0: it was told none */
    struct text packet;            /* of the greeting, or messages of the start: they are looked at whole */
    struct text startup;           /* the startup packet as it came */
    int64_t since_us;              /* when the state began */
    int64_t came_us;               /* when it connected */
    int64_t idle_us;               /* since when it has been seen to ask nothing */
    bool active;                   /* it asked something since the last tick */
    uint64_t n_in, n_out;          /* bytes from it and to it */
    bool ended;                    /* it sends no more */
    bool told;                     /* the log knows of the session */
    char *why;                     /* it went, where it was not its own will; or NULL */
    char sqlstate[WIRE_SQLSTATE + 1];
    bool counted; /* among shared->sessions */

    struct password *password; /* how it proved the one that it was asked for; or NULL */
};

/* Whether it is between two transactions, with nothing under way in either direction. */
static inline bool client_is_between(const struct client *client)
{
    return client->state == CLIENT_RELAYING && wire_between(&client->reader) &&
           backend_is_quiet(client->backend);
}

/* A client of the worker, from a descriptor that it owns from now on. */
void client_new(struct worker *worker, int fd);
/* Tells the client why (ErrorResponse, severity FATAL) and lets it go. */
void client_refuse(struct client *client, const char *sqlstate, const char *message, const char *hint);
/* Notes why it goes; the first reason stays. sqlstate may be NULL. */
void client_explain(struct client *client, const char *sqlstate, const char *why);
/* Ends it as a server that shuts down does (57P01). */
void client_end(struct client *client);
/* The same, if it is between two transactions, with nothing under way in either direction. */
void client_end_if_between(struct client *client);
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

/* worker.c */
enum metrics_state client_doing(const struct client *client);

/* greeting.c: bytes of a client that has not yet said who it is. */
void greeting_read(struct client *client, const char *data, size_t n);

/* backend.c */
/* Begins to connect to the server, with the search path of the version (NULL: with the client's own). NULL with errno: it cannot be reached. */
struct backend *backend_open(struct client *client, struct version *version,
                             const char *path) SEGUE_MUST_CHECK;
void backend_on_event(uv_poll_t *poll, int status, int events);

/* relay.c: bytes from either side, once both are there. */
void relay_from_client(struct client *client, const char *data, size_t n);
void relay_from_backend(struct client *client, const char *data, size_t n);
/* Passes on to the client what the server has said; all of it was read. */
void relay_tell(struct client *client, const char *data, size_t n);
/* Sends once more what the client has sent before, and was told nothing about. */
void relay_again(struct client *client, const char *data, size_t n);
/* An answer was read: sees to what it means. False: the server did what cannot be. */
bool relay_note(struct client *client, const struct wire_piece *piece) SEGUE_MUST_CHECK;
/* What the backend has said behind messages that were looked at whole (backend_gather) is the client's. */
void relay_rest(struct client *client);
/* Tells the client what was read, unless the request is made again. */
void relay_answer(struct client *client, const char *data, size_t n);
/* Sends what the client had sent when it was told to wait, unless it still has to. */
void relay_held(struct client *client);
/* Whether all that begin something wait, because a lock is asked for. */
bool relay_is_held(const struct client *client);

/* route.c */
/* The version on which the session is to be, and the search path for it; NULL: it has chosen for itself, or there is none. */
struct version *route_choose(struct client *client, struct routes *routes, const char **path);
/* The version that its reads may go to, and the share of them; NULL: none. */
struct version *route_reads(struct client *client, struct routes *routes, double *share);
/* The search path of its user on that version, or NULL. */
const char *route_path(const struct client *client, struct routes *routes, const struct version *version);
/* It no longer has to be where a version is tried again. */
void route_forget(struct client *client);
/* Its place among all sessions, before the first choice. */
void route_place(struct client *client);

/* move.c */
/* Begins to move the session where it is not where it is to be. */
void move_consider(struct client *client);
/* The session has come between two transactions, or the new backend is ready. */
void move_go_on(struct client *client);
/* Bytes of the backend to which it moves, and of the present one while it is asked. */
void move_from_other(struct client *client, const char *data, size_t n);
void move_from_backend(struct client *client, const char *data, size_t n);
/* Begins to make the backend for its reads, or to make it like the session again; ends with beside_made, unless it fails. */
void move_beside(struct client *client);
/* Begins to move it to another backend of the same version. False: it cannot. Ends with retry_go_on. */
bool move_afresh(struct client *client) SEGUE_MUST_CHECK;
/* Gives it up for now; the session stays where it is, for that reason. */
void move_give_up(struct client *client, const char *why);

#endif
