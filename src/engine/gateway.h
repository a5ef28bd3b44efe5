/* What a gateway asks of an engine through its control session, and what is told to gateways through the state. */
#ifndef SEGUE_ENGINE_GATEWAY_H
#define SEGUE_ENGINE_GATEWAY_H

#include <stdint.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/gateway_tls.h"
#include "engine/session.h"

/* Where the server is: as the control session found it, so that what its library reads (service file, environment, several hosts) holds for
 * clients too. */
struct gateway_server {
    struct sockaddr_storage address;
    socklen_t length;
    char name[256];    /* for messages: host:port, or the path of a socket */
    char database[64]; /* the one that the control session is connected to */
    struct gateway_tls tls;
};

/* A version that sessions may be on. */
struct gateway_version {
    const char *name; /* of its schema */
    double share;     /* percent of the sessions; of the first one it means nothing: it takes what is left */
    double reads;     /* percent of the statements that only read, of sessions that are on another version */
    const char *tripped;           /* why a breaker took all sessions from it; NULL: it did not */
    const char *breaker;           /* "open", "half-open", "closed" */
    double seconds;                /* in that state; 0: always */
    double again;                  /* until an open one is tried again; -1: it is not, or not open */
    double resumes, resumes_reads; /* the shares that it may get again */
};

/* The search path with which sessions of a role use a version. */
struct gateway_path {
    const char *role; /* "": every role that has no line of its own */
    const char *version;
    const char *path;
};

struct gateway_view {
    struct gateway_version
        *versions;     /* the current one, then those that are live beside it, the oldest first */
    size_t n_versions; /* 0: the database has no versions */
    struct gateway_path *paths;
    size_t n_paths;
    int64_t turn; /* of the shares; grows when one changes */
};

/* The search path with which the role uses the version, or NULL. */
const char *gateway_path_of(const struct gateway_view *view, const char *role, const char *version);

enum { GATEWAY_REPLICA_NAME = 128 };

/* The replica that has come least far with the server's log. */
struct gateway_replica {
    char name[GATEWAY_REPLICA_NAME]; /* as it calls itself, and its address; "": none streams */
    double behind, position;         /* bytes; of the server, since ever */
    double seconds;                  /* behind, as it says; 0: it does not */
    unsigned hidden;                 /* how many more the session may not look at */
};

/* A gateway at work. */
struct gateway_life {
    const char *id;
    const char *place;    /* where it listens */
    const char *sessions; /* JSON: see docs/gateway.md */
    int64_t turn;         /* of the shares that it follows */
    double seconds_ago;   /* that it said so */
};

/* What others want of the gateways, told on the control session. */
struct gateway_call {
    char what[16]; /* "ramp", "hold", "release" */
    char argument[112];
};

/* What is known of a statement by its text. */
enum gateway_kind {
    STATEMENT_KNOWN = 1, /* it was looked at */
    STATEMENT_ROWS = 2,  /* one SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE */
    STATEMENT_READS = 4, /* it only reads, and may run anywhere */
    STATEMENT_KEEPS =
        8 /* what the session holds (settings, prepared statements, locks) is the same afterwards */
};

/* The functions that change nothing, by name. */
struct statement_names {
    bool (*has)(void *context, const char *name);
    void *context;
};

struct gateway_engine {
    bool (*server)(struct session *session, struct gateway_server *out, struct error *err);
    /* What the versions of the schema are now. In the arena. */
    bool (*view)(struct session *session, const char *schema, struct arena *arena, struct gateway_view *out,
                 struct error *err);
    /* Whether another session like that one has the search path that it asks for when it begins. */
    bool (*keeps_path)(struct session *session, bool *out, struct error *err);
    /* Says that the gateway is at work; end: that it no longer is. */
    bool (*beat)(struct session *session, const struct gateway_life *life, struct error *err);
    bool (*end)(struct session *session, const char *id, struct error *err);
    /* The gateways that spoke within the last seconds. In the arena. */
    bool (*list)(struct session *session, struct arena *arena, struct gateway_life **out, size_t *n,
                 struct error *err);
    /* Sets the share of a version (NULL: the newest that is live), of sessions or of reads, which is told in *set (64 bytes), and the turn; what its breaker
     * did is forgotten. ERROR_REFUSED: there is none. */
    bool (*ramp)(struct session *session, const char *schema, const char *version, double share, bool reads,
                 char *set, int64_t *turn, struct error *err);
    /* A breaker took all sessions from the version; after `pause` seconds it may be tried again, 0: never. Nothing where one did so before. */
    bool (*trip)(struct session *session, const char *schema, const char *version, const char *reason,
                 double pause, struct error *err);
    /* The version is tried again, if its pause is over; and it did well. Whoever comes second does nothing. */
    bool (*probe)(struct session *session, const char *schema, const char *version, struct error *err);
    bool (*recover)(struct session *session, const char *schema, const char *version, struct error *err);
    bool (*replica)(struct session *session, struct gateway_replica *out, struct error *err);
    /* Begins to hear calls on the session. */
    bool (*listen)(struct session *session, struct error *err);
    /* Waits for the next call, at most so long; what is "" when none came. Woken by wake_fd too, when that can be read. */
    bool (*hear)(struct session *session, int milliseconds, int wake_fd, struct gateway_call *out,
                 struct error *err);
    /* Calls: to all gateways of the database. */
    bool (*call)(struct session *session, const char *what, const char *argument, struct error *err);
    /* The names of functions that the server knows, none of which is volatile, or only in what it returns. In the arena. */
    bool (*steady)(struct session *session, struct arena *arena, const char ***out, size_t *n,
                   struct error *err);
    /* Bits of enum gateway_kind. Asks no server; from any thread. */
    unsigned (*kind)(const char *text, const struct statement_names *steady);
    /* What the server keeps of a role's password, with which nobody can log in by himself; a secret all the same. "" where the role has none or the
     * session may not read it. */
    bool (*verifier)(struct session *session, const char *role, char *out, size_t size, struct error *err);
};

#endif
