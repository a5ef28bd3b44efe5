/* COPY out of one server into another, row by row: nothing is kept here. */

#include <stdlib.h>

#include "base/interrupt.h"
#include "postgres/sample/sample_internal.h"
#include "postgres/session_internal.h"

static struct pg_session *pg(struct session *session)
{
    return (struct pg_session *)session;
}

static bool begin(struct session *session, const char *sql, ExecStatusType wanted, struct error *err)
{
    PGresult *result = PQexec(pg(session)->connection, sql);
    bool good = PQresultStatus(result) == wanted || pg_result_error(pg(session), result, err);
    PQclear(result);
    return good;
}

/* The results after the rows; how many rows the server counted. */
static bool end(struct session *session, double *rows, struct error *err)
{
    bool good = true;
    for (;;) {
        PGresult *result = PQgetResult(pg(session)->connection);
        if (!result)
            return good;
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            *rows = strtod(PQcmdTuples(result), NULL);
        else if (good)
            good = pg_result_error(pg(session), result, err);
        PQclear(result);
    }
}

/* False: the receiver does not take it; why comes at its end. */
static bool move_rows(const struct pump *pump, bool *stopped)
{
    for (;;) {
        char *row = NULL;
        int n = PQgetCopyData(pg(pump->from)->connection, &row, 0);
        if (n < 0)
            return true;
        bool taken = PQputCopyData(pg(pump->to)->connection, row, n) == 1;
        PQfreemem(row);
        *stopped = interrupted();
        if (!taken || *stopped)
            return false;
    }
}

bool pump_copy(const struct pump *pump, const char *out, const char *in, double *rows, struct error *err)
{
    double sent = 0;
    bool stopped = false;
    struct error sender;
    if (!begin(pump->from, out, PGRES_COPY_OUT, err))
        return false;
    if (!begin(pump->to, in, PGRES_COPY_IN, err)) {
        session_drop(pump->from);
        return false;
    }
    bool moved = move_rows(pump, &stopped);
    if (!moved)
        session_drop(pump->from);
    bool all_sent = moved && end(pump->from, &sent, &sender);
    (void)PQputCopyEnd(pg(pump->to)->connection, all_sent ? NULL : "the source was not read to its end");
    bool received = end(pump->to, rows, err);
    if (stopped)
        return error_set(err, ERROR_INTERRUPTED, "interrupted while rows were copied");
    if (moved && !all_sent)
        *err = sender;
    return all_sent && received;
}
