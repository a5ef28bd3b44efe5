/* One libpq connection as a session. */

#include "postgres/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "postgres/session_internal.h"

enum {
    WAIT_MS = 200,
    /* A cancel request overtakes the end of its statement now and then and hits the next one. */
    CANCEL_LAG_US = 2000000,
    /* Another comes before its statement has begun, and finds nothing to cancel. */
    CANCEL_AGAIN_US = 1000000
};

static struct pg_session *pg(struct session *session)
{
    return (struct pg_session *)session;
}

static bool lost(struct error *err)
{
    return error_set(err, ERROR_LOST, "the connection to the server is gone");
}

static void ask_cancel(struct pg_session *session)
{
    char message[256];
    atomic_store(&session->cancel_asked_us, clock_us());
    if (session->cancel)
        (void)PQcancel(session->cancel, message, sizeof message);
}

/* The statement that a signal has cancelled still runs, long after the request. */
static bool goes_on(const struct pg_session *session)
{
    return session->cancelling_us == session->began_us &&
           clock_us() - atomic_load(&session->cancel_asked_us) > CANCEL_AGAIN_US;
}

/* A statement that has run this long after a signal is cancelled, one for each signal: short ones (a chunk, a COMMIT, the clean-up) end by
 * themselves. */
static void heed_interrupt(struct pg_session *session)
{
    if (!interrupted() || (interrupt_count() == session->interrupts_seen && !goes_on(session)))
        return;
    session->interrupts_seen = interrupt_count();
    session->cancelling_us = session->began_us;
    ask_cancel(session);
}

/* Waits until a result can be taken without blocking. Errors show in the result. */
static void wait_for_result(struct pg_session *session)
{
    PGconn *connection = session->connection;
    while (PQisBusy(connection)) {
        struct pollfd poll_for = {.fd = PQsocket(connection), .events = POLLIN};
        int ready = poll(&poll_for, 1, WAIT_MS);
        if (ready == 0)
            heed_interrupt(session);
        else if (ready < 0 && errno != EINTR)
            return;
        else if (ready > 0 && !PQconsumeInput(connection))
            return;
    }
}

/* Copying is not a statement's answer here; the only way out of that mode without moving data is to hang up. */
static bool refuse_copy(struct pg_session *session, struct error *err)
{
    session->base.ops->drop(&session->base);
    return error_set(err, ERROR_REFUSED, "COPY from or to the client is not possible here");
}

static bool is_failure(ExecStatusType status)
{
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR;
}

/* An error that our own cancel request caused. */
static void name_interruption(struct pg_session *session, struct error *err)
{
    int64_t asked = atomic_load(&session->cancel_asked_us);
    bool ours = asked && asked + CANCEL_LAG_US > session->began_us;
    if (ours && strcmp(err->sqlstate, "57014") == 0 && err->class != ERROR_LOST)
        err->class = ERROR_INTERRUPTED;
}

/* Takes every result of what was sent; the first error counts, else the last result is given in *last. */
static bool take_results(struct pg_session *session, PGresult **last, struct error *err)
{
    bool good = true;
    *last = NULL;
    for (;;) {
        wait_for_result(session);
        PGresult *result = PQgetResult(session->connection);
        if (!result)
            break;
        ExecStatusType status = PQresultStatus(result);
        PQclear(*last);
        *last = result;
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
            good = refuse_copy(session, err);
            break;
        }
        if (good && is_failure(status)) {
            good = pg_result_error(session, result, err);
            name_interruption(session, err);
        }
    }
    if (good && !*last)
        good = pg_result_error(session, NULL, err);
    if (good)
        return true;
    /* The server's last words may have come before the socket was seen closed. */
    if (PQstatus(session->connection) == CONNECTION_BAD)
        err->class = ERROR_LOST;
    PQclear(*last);
    *last = NULL;
    return false;
}

/* After PQsend*: sent is what it returned. */
static bool finish(struct pg_session *session, int sent, struct rows **out, struct error *err)
{
    PGresult *result = NULL;
    if (out)
        *out = NULL;
    if (!sent)
        return pg_result_error(session, NULL, err);
    if (!take_results(session, &result, err))
        return false;
    if (out)
        *out = pg_rows_new(result);
    else
        PQclear(result);
    return true;
}

static bool usable(struct pg_session *session, struct error *err)
{
    session->began_us = clock_us();
    return session->dropped ? lost(err) : true;
}

/* A COMMIT of a transaction in which something has failed is no error to the server: it rolls back, and the tag says so. Whoever counts on
 * what was to be committed must know. */
static bool is_committed(const char *sql, PGresult *result, struct error *err)
{
    if (strcmp(sql, "COMMIT") != 0 || strcmp(PQcmdStatus(result), "ROLLBACK") != 0)
        return true;
    error_set(err, ERROR_BUSY, "the server rolled the transaction back: something in it had failed");
    (void)snprintf(err->sqlstate, sizeof err->sqlstate, "25P02"); /* in_failed_sql_transaction */
    return false;
}

static bool run(struct session *base, const char *sql, struct error *err)
{
    struct pg_session *session = pg(base);
    PGresult *result;
    if (!usable(session, err))
        return false;
    if (!PQsendQuery(session->connection, sql))
        return pg_result_error(session, NULL, err);
    if (!take_results(session, &result, err))
        return false;
    bool good = is_committed(sql, result, err);
    PQclear(result);
    return good;
}

static bool query(struct session *base, const char *sql, size_t n, const char *const *values,
                  struct rows **out, struct error *err)
{
    struct pg_session *session = pg(base);
    if (!usable(session, err))
        return false;
    int sent = PQsendQueryParams(session->connection, sql, (int)n, NULL, values, NULL, NULL, 0);
    return finish(session, sent, out, err);
}

static bool prepare(struct session *base, const char *name, const char *sql, struct error *err)
{
    struct pg_session *session = pg(base);
    if (!usable(session, err))
        return false;
    return finish(session, PQsendPrepare(session->connection, name, sql, 0, NULL), NULL, err);
}

static bool execute(struct session *base, const char *name, size_t n, const char *const *values,
                    struct rows **out, struct error *err)
{
    struct pg_session *session = pg(base);
    if (!usable(session, err))
        return false;
    int sent = PQsendQueryPrepared(session->connection, name, (int)n, values, NULL, NULL, 0);
    return finish(session, sent, out, err);
}

/* Cuts the line below libpq, which would say good-bye first: the server still reads what was sent, and nobody hears its
 * answer. The descriptor itself stays open until PQfinish, so that no other thread's file can take its number. */
static void drop(struct session *base)
{
    struct pg_session *session = pg(base);
    int socket = PQsocket(session->connection);
    if (!session->dropped && socket >= 0)
        (void)shutdown(socket, SHUT_RDWR);
    session->dropped = true;
}

static void send_and_drop(struct session *base, const char *sql)
{
    struct pg_session *session = pg(base);
    /* The connection is in blocking mode: PQsendQuery returns when all is with the kernel. */
    if (!session->dropped && PQsendQuery(session->connection, sql))
        (void)PQflush(session->connection);
    drop(base);
}

static void cancel(struct session *base)
{
    ask_cancel(pg(base));
}

static int backend_pid(const struct session *base)
{
    return ((const struct pg_session *)base)->pid;
}

static bool is_local(const struct session *base)
{
    const char *host = PQhost(((const struct pg_session *)base)->connection);
    return host && host[0] == '/';
}

static void close_session(struct session *base)
{
    struct pg_session *session = pg(base);
    PQfreeCancel(session->cancel);
    PQfinish(session->connection);
    free(session);
}

static const struct session_ops ops = {
    .run = run,
    .query = query,
    .prepare = prepare,
    .execute = execute,
    .send_and_drop = send_and_drop,
    .drop = drop,
    .cancel = cancel,
    .backend_pid = backend_pid,
    .is_local = is_local,
    .close = close_session,
};

bool pg_open(const struct session_settings *settings, struct session **out, struct error *err)
{
    *out = NULL;
    PGconn *connection = pg_connect(settings, err);
    if (!connection)
        return false;
    struct pg_session *session = memory_alloc(sizeof *session);
    session->base.ops = &ops;
    session->connection = connection;
    session->cancel = PQgetCancel(connection);
    session->pid = PQbackendPID(connection);
    session->interrupts_seen = 0;
    *out = &session->base;
    return true;
}
