#include "postgres/replication.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "postgres/format.h"
#include "postgres/session_internal.h"

struct replication {
    struct pg_session session; /* its connection, for the errors of results */
    char *piece;               /* the one that was read last */
};

const char replication_forms[] =
    "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; "
    "SET bytea_output = 'hex'; SET timezone = 'UTC'; SET xmloption = content";

bool replication_open(const struct session_settings *settings, struct replication **out, struct error *err)
{
    const struct session_settings given = {.url = settings->url,
                                           .application_name = settings->application_name,
                                           .user = settings->user,
                                           .replication = true};
    *out = NULL;
    PGconn *connection = pg_connect(&given, err);
    if (!connection)
        return false;
    struct replication *replication = memory_alloc(sizeof *replication);
    *replication = (struct replication){.session = {.connection = connection}};
    *out = replication;
    return true;
}

void replication_close(struct replication *replication)
{
    if (!replication)
        return;
    PQfreemem(replication->piece);
    PQfinish(replication->session.connection);
    free(replication);
}

static bool command(struct replication *replication, const char *sql, ExecStatusType wanted,
                    struct error *err)
{
    PGresult *result = PQexec(replication->session.connection, sql);
    bool good = PQresultStatus(result) == wanted;
    if (!good)
        pg_result_error(&replication->session, result, err);
    PQclear(result);
    return good;
}

bool replication_start(struct replication *replication, const char *slot, const char *publication,
                       struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const char *start =
        pg_format(arena,
                  "START_REPLICATION SLOT %s LOGICAL 0/0 (proto_version '1', publication_names %L, "
                  "messages 'true')",
                  slot, pg_format(arena, "%I", publication));
    if (!command(replication, replication_forms, PGRES_COMMAND_OK, err))
        return false;
    if (command(replication, start, PGRES_COPY_BOTH, err))
        return true;
    if (strcmp(err->sqlstate, "55006") == 0) /* object_in_use */
        err->class = ERROR_BUSY;
    return false;
}

/* The server has ended the stream: it says why, or is shutting down. */
static bool ended(struct replication *replication, struct error *err)
{
    PGresult *result = PQgetResult(replication->session.connection);
    if (PQresultStatus(result) == PGRES_FATAL_ERROR)
        pg_result_error(&replication->session, result, err);
    else
        error_set(err, ERROR_LOST, "the server has ended the stream of changes");
    PQclear(result);
    return false;
}

static bool wait_for_input(struct replication *replication, int wait_ms, struct error *err)
{
    PGconn *connection = replication->session.connection;
    struct pollfd poll_for = {.fd = PQsocket(connection), .events = POLLIN};
    int ready = poll(&poll_for, 1, wait_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return true;
    return (ready > 0 && PQconsumeInput(connection)) || pg_result_error(&replication->session, NULL, err);
}

bool replication_read(struct replication *replication, int wait_ms, struct wal_piece *piece, bool *got,
                      struct error *err)
{
    PGconn *connection = replication->session.connection;
    PQfreemem(replication->piece);
    replication->piece = NULL;
    *got = false;
    int length = PQgetCopyData(connection, &replication->piece, 1);
    if (length == 0) {
        if (!wait_for_input(replication, wait_ms, err))
            return false;
        length = PQgetCopyData(connection, &replication->piece, 1);
    }
    if (length == 0)
        return true;
    if (length == -1)
        return ended(replication, err);
    if (length < 0)
        return pg_result_error(&replication->session, NULL, err);
    *got = true;
    return wal_piece_read(replication->piece, (size_t)length, piece, err);
}

bool replication_confirm(struct replication *replication, uint64_t position, struct error *err)
{
    PGconn *connection = replication->session.connection;
    unsigned char status[WAL_STATUS_LENGTH];
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    wal_status_write(status, position, position, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    if (PQputCopyData(connection, (const char *)status, sizeof status) == 1 && PQflush(connection) == 0)
        return true;
    return pg_result_error(&replication->session, NULL, err);
}
