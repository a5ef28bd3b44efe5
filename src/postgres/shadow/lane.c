/* A connection on which transactions are done again. Nothing is waited for longer than the gateway lives. */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "postgres/format.h"
#include "postgres/session_internal.h"
#include "postgres/shadow/shadow_internal.h"

enum { WAIT_MS = 200, FIRST_CUSTOM_TYPE = 16384, NULL_LENGTH = -1 };

bool shadow_lane_open(struct shadow_lane *lane, const char *url, atomic_bool *stop, struct error *err)
{
    const struct session_settings settings = {.url = url, .application_name = "segue gateway shadow"};
    *lane = (struct shadow_lane){.stop = stop};
    lane->connection = pg_connect(&settings, err);
    if (lane->connection)
        (void)PQsetnonblocking(lane->connection, 1);
    return lane->connection;
}

void shadow_lane_close(struct shadow_lane *lane)
{
    PQfinish(lane->connection);
    *lane = (struct shadow_lane){.stop = lane->stop};
}

/* --- Sending --- */

/* What the body of Bind holds, from the formats of the parameters on. */
struct bound {
    int n;
    Oid *types;
    const char **values;
    int *lengths, *formats;
};

struct body {
    const char *at;
    size_t left;
    bool broken;
};

static const char *take(struct body *body, size_t n)
{
    if (n > body->left) {
        body->broken = true;
        return NULL;
    }
    const char *here = body->at;
    body->at += n;
    body->left -= n;
    return here;
}

static int take_number(struct body *body, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)take(body, n);
    uint32_t value = 0;
    for (size_t i = 0; bytes && i < n; i++)
        value = value << 8 | bytes[i];
    return (int)value;
}

/* Types above the server's own have other numbers in another database; there the target finds out itself. */
static Oid type_at(const struct shadow_statement *statement, size_t i)
{
    return i < statement->n_types && statement->types[i] < FIRST_CUSTOM_TYPE ? statement->types[i] : 0;
}

static bool read_bound(struct arena *arena, const struct shadow_statement *statement, struct bound *out)
{
    struct body body = {.at = statement->bind, .left = statement->n_bind};
    int n_formats = take_number(&body, 2);
    struct body formats = {.at = take(&body, 2 * (size_t)n_formats), .left = 2 * (size_t)n_formats};
    out->n = take_number(&body, 2);
    size_t room = (size_t)out->n + 1;
    out->types = arena_alloc(arena, room * sizeof *out->types);
    out->values = arena_alloc(arena, room * sizeof *out->values);
    out->lengths = arena_alloc(arena, room * sizeof *out->lengths);
    out->formats = arena_alloc(arena, room * sizeof *out->formats);
    for (int i = 0; i < out->n && !body.broken; i++) {
        if (n_formats > 1 || (n_formats == 1 && i == 0))
            out->formats[i] = take_number(&formats, 2);
        else
            out->formats[i] = n_formats == 1 ? out->formats[0] : 0;
        out->types[i] = type_at(statement, (size_t)i);
        out->lengths[i] = take_number(&body, 4);
        if (out->lengths[i] == NULL_LENGTH)
            continue;
        const char *value = take(&body, (size_t)out->lengths[i]);
        /* libpq wants a zero behind a text. */
        out->values[i] = value ? arena_strndup(arena, value, (size_t)out->lengths[i]) : "";
        if (value && out->formats[i])
            memcpy((char *)out->values[i], value, (size_t)out->lengths[i]);
    }
    return !body.broken && !formats.broken;
}

bool shadow_send(struct shadow_lane *lane, const struct shadow_statement *statement)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct bound bound = {0};
    if (statement->copies)
        return PQsendQuery(lane->connection, statement->text);
    if (statement->bound && !read_bound(arena, statement, &bound))
        bound = (struct bound){0}; /* the server will say that parameters are missing */
    return PQsendQueryParams(lane->connection, statement->text, bound.n, bound.types, bound.values,
                             bound.lengths, bound.formats, 0);
}

/* --- Receiving --- */

/* Reads what there is, or writes, once either can be done. */
static bool wait_for(struct shadow_lane *lane, bool unsent)
{
    struct pollfd poll_for = {.fd = PQsocket(lane->connection),
                              .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
    int ready = poll(&poll_for, 1, WAIT_MS);
    if (atomic_load(lane->stop) || (ready < 0 && errno != EINTR))
        return false;
    return ready <= 0 || !(poll_for.revents & ~POLLOUT) || PQconsumeInput(lane->connection);
}

/* Sends what is left to be sent, and reads until a result can be taken. */
static bool wait_for_result(struct shadow_lane *lane)
{
    for (;;) {
        int unsent = PQflush(lane->connection);
        if (unsent < 0)
            return false;
        if (unsent == 0 && !PQisBusy(lane->connection))
            return true;
        if (!wait_for(lane, unsent > 0))
            return false;
    }
}

static void note(const PGresult *result, struct shadow_result *out)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    out->status = PQresultStatus(result);
    (void)snprintf(out->sqlstate, sizeof out->sqlstate, "%s", sqlstate ? sqlstate : "");
    (void)snprintf(out->tag, sizeof out->tag, "%s", PQcmdStatus((PGresult *)result));
    if (out->status == PGRES_TUPLES_OK && PQntuples(result) > 0 && PQnfields(result) > 0)
        (void)snprintf(out->first, sizeof out->first, "%s", PQgetvalue(result, 0, 0));
    if (!sqlstate)
        return;
    enum error_class class = pg_error_class(sqlstate, message ? message : "");
    out->busy = class == ERROR_BUSY;
    /* read_only_sql_transaction: it has become a standby */
    out->later = class == ERROR_LOST || class == ERROR_RESOURCE || strcmp(sqlstate, "25006") == 0;
}

static bool copy_in(struct shadow_lane *lane, const struct shadow_statement *statement)
{
    size_t at = 0;
    while (at < statement->n_copy) {
        size_t n = statement->n_copy - at < 65536 ? statement->n_copy - at : 65536;
        int put = PQputCopyData(lane->connection, statement->copy + at, (int)n);
        if (put < 0)
            return false;
        if (put > 0)
            at += n;
        struct pollfd poll_for = {.fd = PQsocket(lane->connection), .events = POLLOUT};
        if (PQflush(lane->connection) > 0 && poll(&poll_for, 1, WAIT_MS) < 0 && errno != EINTR)
            return false;
        if (atomic_load(lane->stop))
            return false;
    }
    int ended;
    while ((ended = PQputCopyEnd(lane->connection, NULL)) == 0 && !atomic_load(lane->stop))
        if (PQflush(lane->connection) < 0)
            return false;
    return ended == 1;
}

/* Nobody wants the rows: the statement is done for what it writes. Its result comes behind them. */
static bool copy_out(struct shadow_lane *lane)
{
    char *row = NULL;
    int length;
    while ((length = PQgetCopyData(lane->connection, &row, 1)) >= 0) {
        if (length == 0 && !wait_for(lane, false))
            return false;
        PQfreemem(row);
        row = NULL;
    }
    return true;
}

bool shadow_receive(struct shadow_lane *lane, const struct shadow_statement *statement,
                    struct shadow_result *out)
{
    *out = (struct shadow_result){.status = PGRES_FATAL_ERROR};
    for (;;) {
        if (!wait_for_result(lane))
            return false;
        PGresult *result = PQgetResult(lane->connection);
        if (!result)
            break;
        ExecStatusType status = PQresultStatus(result);
        bool failed = out->sqlstate[0];
        if (!failed)
            note(result, out);
        PQclear(result);
        if (status == PGRES_COPY_IN && !copy_in(lane, statement))
            return false;
        if ((status == PGRES_COPY_OUT && !copy_out(lane)) || status == PGRES_COPY_BOTH)
            return false;
        if (status == PGRES_PIPELINE_SYNC)
            return true;
    }
    return PQstatus(lane->connection) == CONNECTION_OK;
}

bool shadow_ask(struct shadow_lane *lane, const char *sql, int n, const char *const *values,
                struct shadow_result *out)
{
    static const struct shadow_statement none = {0};
    *out = (struct shadow_result){.status = PGRES_FATAL_ERROR};
    return PQsendQueryParams(lane->connection, sql, n, NULL, values, NULL, NULL, 0) &&
           shadow_receive(lane, &none, out);
}

bool shadow_is_good(const struct shadow_result *result)
{
    return result->status == PGRES_COMMAND_OK || result->status == PGRES_TUPLES_OK ||
           result->status == PGRES_EMPTY_QUERY;
}

bool shadow_problem(const struct shadow_lane *lane, const struct shadow_result *result, struct error *err)
{
    bool gone = !lane->connection || PQstatus(lane->connection) == CONNECTION_BAD || !result->sqlstate[0];
    error_set(err, gone || result->later ? ERROR_LOST : ERROR_DATABASE, "%s",
              gone ? "the connection to the target is gone" : "the target refuses a statement of segue's");
    (void)snprintf(err->sqlstate, sizeof err->sqlstate, "%s", result->sqlstate);
    return false;
}

/* --- Settings --- */

static const char OWN_SETTINGS[] =
    "SET synchronous_commit = off; SET statement_timeout = 0; SET lock_timeout = 0; "
    "SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0; SET client_min_messages = error";

static bool run(struct shadow_lane *lane, const char *text, unsigned *failed)
{
    const struct shadow_statement statement = {.text = text, .copies = true};
    struct shadow_result result;
    if (!shadow_send(lane, &statement) || !shadow_receive(lane, &statement, &result))
        return false;
    *failed += !shadow_is_good(&result);
    return true;
}

/* As the session's user where the target lets us; else everything is done by the role of its URL. */
static bool take_role(struct shadow_lane *lane, struct arena *arena, const char *user)
{
    unsigned failed = 0;
    if (strcmp(user, PQuser(lane->connection)) == 0)
        return true;
    if (!run(lane, pg_format(arena, "SET ROLE %I", user), &failed))
        return false;
    lane->other_role = failed > 0;
    return true;
}

bool shadow_lane_enter(struct shadow_lane *lane, uint64_t context_id, const struct shadow_context *context)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct shadow_result result;
    unsigned ignored = 0;
    lane->context = 0;
    lane->settings = 0;
    lane->other_role = false;
    if (lane->used && !run(lane, "DISCARD ALL", &ignored))
        return false;
    lane->used = true;
    if (!run(lane, OWN_SETTINGS, &ignored) || !take_role(lane, arena, context->user))
        return false;
    for (size_t i = 0; i < context->n_settings; i++) {
        const char *values[] = {context->settings[i].name, context->settings[i].value};
        if (!shadow_ask(lane, "SELECT pg_catalog.set_config($1, $2, false)", 2, values, &result))
            return false;
        lane->settings += !shadow_is_good(&result);
    }
    for (size_t i = 0; i < context->n; i++) {
        const struct shadow_statement *statement = &context->statements[i];
        if (!shadow_send(lane, statement) || !shadow_receive(lane, statement, &result))
            return false;
        lane->settings += !shadow_is_good(&result);
    }
    lane->context = context_id;
    return true;
}
