/* What the files of the session share: the session's struct, the pieces of opening it, and results. */
#ifndef SEGUE_POSTGRES_SESSION_INTERNAL_H
#define SEGUE_POSTGRES_SESSION_INTERNAL_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "engine/engine.h"
#include "engine/session.h"

struct pg_session {
    struct session base;
    PGconn *connection;
    PGcancel *cancel;             /* made at open, so that another thread never looks at the connection */
    int pid;                      /* of the backend */
    bool dropped;                 /* cut by us: every further call is ERROR_LOST */
    int interrupts_seen;          /* signals that this session has already acted upon */
    atomic_llong cancel_asked_us; /* when the server was last asked to cancel; 0: never */
    int64_t began_us;             /* when the present statement was sent */
    int64_t cancelling_us; /* when the last statement was sent that a signal has cancelled; 0: none was */
};

/* connect.c: a live connection without any message on standard error, or NULL and the error. */
PGconn *pg_connect(const struct session_settings *settings, struct error *err);
/* The class for what libpq says of a connection that was not made. */
enum error_class pg_refusal_class(const char *message);

/* result.c: a result as rows, which own it. */
struct rows *pg_rows_new(PGresult *result);
/* Fills the error from a failed result. The result may be NULL (the connection is gone). Always false. */
bool pg_result_error(const struct pg_session *session, const PGresult *result, struct error *err);
/* The class for a SQLSTATE; `message` tells a timeout from a cancel request. */
enum error_class pg_error_class(const char *sqlstate, const char *message);

#endif
