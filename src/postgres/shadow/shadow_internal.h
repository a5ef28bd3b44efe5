/* What the files of shadow writes share. */
#ifndef SEGUE_POSTGRES_SHADOW_INTERNAL_H
#define SEGUE_POSTGRES_SHADOW_INTERNAL_H

#include <libpq-fe.h>

#include "postgres/shadow/shadow.h"

/* read.c */
bool pg_shadow_read(struct arena *arena, const char *text, const struct statement_names *steady,
                    struct shadow_piece **out, size_t *n);
void pg_shadow_fingerprint(const char *text, char out[17]);

/* lane.c: a connection to the target, with what a session had set. */
struct shadow_lane {
    PGconn *connection;
    uint64_t context; /* of its settings; 0: they are not known */
    bool used;        /* something was set on it */
    uint64_t turn;    /* when it was used last */
    bool other_role;
    unsigned settings; /* that could not be made */
    atomic_bool *stop;
};

/* What a statement came to. */
struct shadow_result {
    ExecStatusType status;
    char sqlstate[6];
    char tag[64];
    char first[32]; /* value of the first row, where there is one */
    bool busy;      /* it may succeed when it is tried again */
    bool later;     /* the server cannot do anything now */
};

bool shadow_lane_open(struct shadow_lane *lane, const char *url, atomic_bool *stop, struct error *err);
void shadow_lane_close(struct shadow_lane *lane);
/* Makes the settings of a context. False: the connection is gone. */
bool shadow_lane_enter(struct shadow_lane *lane, uint64_t context_id, const struct shadow_context *context);

/* Sends; false: the connection is gone. The body of Bind is given as it came. */
bool shadow_send(struct shadow_lane *lane, const struct shadow_statement *statement);
/* Waits for one statement's end; false: the connection is gone, or shall not be waited for any more. */
bool shadow_receive(struct shadow_lane *lane, const struct shadow_statement *statement,
                    struct shadow_result *out);
/* Both, of a statement without data. */
bool shadow_ask(struct shadow_lane *lane, const char *sql, int n, const char *const *values,
                struct shadow_result *out);
/* Whether it did what it should. */
bool shadow_is_good(const struct shadow_result *result);
/* As an error, for logs. */
bool shadow_problem(const struct shadow_lane *lane, const struct shadow_result *result, struct error *err);

#endif
