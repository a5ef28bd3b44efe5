/*
 * A gateway: clients speak PostgreSQL's protocol with it as with the server, and it puts each on a version of the schema. Messages are passed on
 * as they come; who a client is, is settled between it and the server. It ends at SIGTERM and SIGINT.
 */
#ifndef SEGUE_GATEWAY_GATEWAY_H
#define SEGUE_GATEWAY_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/gateway.h"
#include "gateway/event.h"
#include "gateway/shadow_settings.h"
#include "gateway/tls_context.h"

struct engine;
struct rules;

/* How far a replica may be behind while a new version has sessions; both 0: as far as it is. */
struct gateway_lag {
    double seconds, bytes;
};

struct gateway_settings {
    /*
     * Reads them anew, at SIGHUP and when the console says so. *out: as they are to be now, or `now` where nothing has changed; it lives as long as the
     * gateway. `fixed`: the names of those that have changed and take a restart, with spaces between; *out has the old ones. NULL: there is nothing to read.
     */
    bool (*reread)(const struct gateway_settings *now, const struct gateway_settings **out,
                   struct text *fixed, struct error *err);
    void *source; /* of reread's */
    /* Tells each setting as text (NULL: not set), without secrets, and whether it may change while the gateway runs. */
    void (*tell)(const struct gateway_settings *settings,
                 void (*each)(void *context, const char *name, const char *value, bool reloads),
                 void *context);
    struct rules *rules;       /* which version a session is put on by who it is; NULL: none */
    const char *const *listen; /* HOST:PORT, or a directory and a port: DIR:PORT */
    size_t n_listen;
    struct gateway_server server;
    struct tls_files tls; /* towards clients */
    const struct engine *engine;
    const char *url;    /* of the control session */
    const char *schema; /* whose versions are followed */
    bool sticky;        /* a client address and user stay on one side of a share, instead of each session */
    double
        breaker_errors; /* percent of a new version's answers that may be errors, above the current version's */
    unsigned retries;   /* how often a request may be made again: see retry.h */
    double compare;     /* percent of the reads whose answers on both versions are compared */
    double breaker_differences; /* percent of the answers compared that may differ; 100: any */
    const char *compare_role;   /* that asks for it; NULL: that of the url */
    double compare_share;       /* percent of the time that this may take */
    bool compare_values;        /* the log shows values that differ */
    const char *compare_ignore; /* columns that may differ, with commas between; or NULL */
    bool keep_statements;       /* statements, without values, are kept for segue compare */
    double breaker_p95;         /* percent by which its p95 may be longer */
    double breaker_p99;         /* likewise; 0: by any */
    struct gateway_lag breaker_lag;
    double probe_seconds;   /* until a version that was left is tried again; 0: never by itself */
    unsigned workers;       /* threads that move bytes */
    unsigned clients_max;   /* at once; more are refused as the server would */
    double startup_seconds; /* that a client may take to say who it is */
    double idle_seconds;    /* that a session may be without a transaction; 0: any time */
    unsigned message_max;   /* bytes that one message of a client may have */
    double drain_seconds;   /* that transactions may take to end when the gateway is to end */
    const char *
        hand_over; /* path of the socket over which listening sockets pass from one process to the next; NULL: none */
    struct shadow_settings shadow;
    struct event_settings events;
    const char *log_level; /* of which events.level is made */
    const char *metrics;   /* HOST:PORT on which they are told; NULL: nowhere */
    const char *console;   /* DIR:PORT: see console.h; NULL: there is none */
};

/* Listens and serves until a signal comes. `ready` is called once it listens, with what it listens on. */
bool gateway_run(const struct gateway_settings *settings, void (*ready)(void *, const char *where),
                 void *context, struct error *err) SEGUE_MUST_CHECK;

#endif
