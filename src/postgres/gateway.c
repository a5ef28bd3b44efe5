#include "postgres/gateway.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/gateway_internal.h"
#include "postgres/session_internal.h"
#include "postgres/versions_internal.h"
#include "sql.h"

static PGconn *connection_of(struct session *session)
{
    return ((struct pg_session *)session_innermost(session))->connection;
}

static bool server(struct session *session, struct gateway_server *out, struct error *err)
{
    PGconn *connection = connection_of(session);
    *out = (struct gateway_server){.length = sizeof out->address};
    if (getpeername(PQsocket(connection), (struct sockaddr *)&out->address, &out->length) < 0)
        return error_set(err, ERROR_LOST, "the server's address cannot be told: %s", strerror(errno));
    const char *host = PQhost(connection);
    (void)snprintf(out->name, sizeof out->name, host[0] == '/' ? "%s/.s.PGSQL.%s" : "%s:%s", host,
                   PQport(connection));
    (void)snprintf(out->database, sizeof out->database, "%s", PQdb(connection));
    return pg_gateway_tls(connection, &out->tls, err);
}

static const char *copy(struct arena *arena, const char *value)
{
    return value ? arena_strdup(arena, value) : NULL;
}

static double number(const char *value, double otherwise)
{
    return value ? strtod(value, NULL) : otherwise;
}

static void take_versions(const struct rows *rows, struct arena *arena, struct gateway_view *out)
{
    out->n_versions = rows_count(rows);
    out->versions = arena_alloc(arena, (out->n_versions + 1) * sizeof *out->versions);
    for (size_t i = 0; i < out->n_versions; i++) {
        out->versions[i] = (struct gateway_version){.name = copy(arena, rows_get(rows, i, 0)),
                                                    .share = strtod(rows_get(rows, i, 1), NULL),
                                                    .tripped = copy(arena, rows_get(rows, i, 2)),
                                                    .reads = strtod(rows_get(rows, i, 4), NULL),
                                                    .breaker = copy(arena, rows_get(rows, i, 5)),
                                                    .seconds = number(rows_get(rows, i, 6), 0),
                                                    .again = number(rows_get(rows, i, 7), -1),
                                                    .resumes = number(rows_get(rows, i, 8), 0),
                                                    .resumes_reads = number(rows_get(rows, i, 9), 0)};
        int64_t turn = strtoll(rows_get(rows, i, 3), NULL, 10);
        if (turn > out->turn)
            out->turn = turn;
    }
}

static bool view(struct session *session, const char *schema, struct arena *arena, struct gateway_view *out,
                 struct error *err)
{
    char value[8];
    bool readable, null;
    *out = (struct gateway_view){0};
    if (!pg_versions_readable(session, &readable, err))
        return false;
    if (!readable)
        return true;
    if (!session_value(session, sql_gateway_installed, 0, NULL, value, sizeof value, &null, err))
        return false;
    if (value[0] != 't') {
        error_set(err, ERROR_REFUSED, "the state in schema segue is older than this program");
        return error_hint(err, "run segue init once; it adds what is missing");
    }
    SEGUE_CLEANUP(rows_cleanup) struct rows *versions = NULL;
    SEGUE_CLEANUP(rows_cleanup) struct rows *paths = NULL;
    const char *values[] = {schema};
    if (!session_query(session, sql_gateway_versions, 1, values, &versions, err) ||
        !session_query(session, sql_gateway_paths, 1, values, &paths, err))
        return false;
    take_versions(versions, arena, out);
    out->n_paths = rows_count(paths);
    out->paths = arena_alloc(arena, (out->n_paths + 1) * sizeof *out->paths);
    for (size_t i = 0; i < out->n_paths; i++)
        out->paths[i] = (struct gateway_path){.role = copy(arena, rows_get(paths, i, 0)),
                                              .version = copy(arena, rows_get(paths, i, 1)),
                                              .path = copy(arena, rows_get(paths, i, 2))};
    return true;
}

static bool beat(struct session *session, const struct gateway_life *life, struct error *err)
{
    char turn[24];
    (void)snprintf(turn, sizeof turn, "%" PRId64, life->turn);
    const char *values[] = {life->id, life->place, life->sessions, turn};
    return session_query(session, sql_gateway_beat, SEGUE_COUNT(values), values, NULL, err);
}

static bool end(struct session *session, const char *id, struct error *err)
{
    return session_query(session, sql_gateway_end, 1, &id, NULL, err);
}

static bool list(struct session *session, struct arena *arena, struct gateway_life **out, size_t *n,
                 struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_gateway_list, 0, NULL, &rows, err))
        return false;
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct gateway_life){.id = copy(arena, rows_get(rows, i, 0)),
                                          .place = copy(arena, rows_get(rows, i, 1)),
                                          .sessions = copy(arena, rows_get(rows, i, 2)),
                                          .turn = strtoll(rows_get(rows, i, 3), NULL, 10),
                                          .seconds_ago = strtod(rows_get(rows, i, 4), NULL)};
    return true;
}

static bool ramp(struct session *session, const char *schema, const char *version, double share, bool reads,
                 char *set, int64_t *turn, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    char percent[32];
    (void)snprintf(percent, sizeof percent, "%.17g", share);
    const char *values[] = {schema, version, percent, reads ? "t" : "f"};
    if (!session_query(session, sql_gateway_ramp, SEGUE_COUNT(values), values, &rows, err))
        return false;
    if (rows_count(rows) == 0) {
        error_set(err, ERROR_REFUSED, "no version of schema \"%s\" is live beside the one that it runs on",
                  schema);
        if (version)
            error_detail(err, "there is no live version \"%s\"", version);
        return error_hint(err, "`segue start` makes one; `segue status` shows what is under way");
    }
    (void)snprintf(set, 64, "%s", rows_get(rows, 0, 0));
    *turn = strtoll(rows_get(rows, 0, 1), NULL, 10);
    return true;
}

static bool trip(struct session *session, const char *schema, const char *version, const char *reason,
                 double pause, struct error *err)
{
    char seconds[32];
    (void)snprintf(seconds, sizeof seconds, "%.17g", pause);
    const char *values[] = {schema, version, reason, seconds};
    return session_query(session, sql_gateway_trip, SEGUE_COUNT(values), values, NULL, err);
}

static bool probe(struct session *session, const char *schema, const char *version, struct error *err)
{
    const char *values[] = {schema, version};
    return session_query(session, sql_gateway_probe, SEGUE_COUNT(values), values, NULL, err);
}

static bool recover(struct session *session, const char *schema, const char *version, struct error *err)
{
    const char *values[] = {schema, version};
    return session_query(session, sql_gateway_recover, SEGUE_COUNT(values), values, NULL, err);
}

static bool replica(struct session *session, struct gateway_replica *out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *out = (struct gateway_replica){0};
    if (!session_query(session, sql_gateway_replica, 0, NULL, &rows, err))
        return false;
    const char *name = rows_get(rows, 0, 0);
    (void)snprintf(out->name, sizeof out->name, "%s", name ? name : "");
    out->behind = number(rows_get(rows, 0, 1), 0);
    out->position = number(rows_get(rows, 0, 2), 0);
    out->seconds = number(rows_get(rows, 0, 3), 0);
    out->hidden = (unsigned)number(rows_get(rows, 0, 4), 0);
    return true;
}

static bool begin_to_listen(struct session *session, struct error *err)
{
    return session_run(session, "LISTEN segue_gateway", err);
}

/* "hold 17 500": a word, and what follows it. */
static bool take_call(PGconn *connection, struct gateway_call *out)
{
    PGnotify *notify = PQnotifies(connection);
    if (!notify)
        return false;
    size_t word = strcspn(notify->extra, " ");
    (void)snprintf(out->what, sizeof out->what, "%.*s", (int)word, notify->extra);
    (void)snprintf(out->argument, sizeof out->argument, "%s",
                   notify->extra + word + (notify->extra[word] == ' '));
    PQfreemem(notify);
    return true;
}

static bool hear(struct session *session, int milliseconds, int wake_fd, struct gateway_call *out,
                 struct error *err)
{
    PGconn *connection = connection_of(session);
    *out = (struct gateway_call){0};
    if (take_call(connection, out))
        return true;
    struct pollfd fds[] = {{.fd = PQsocket(connection), .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    if (poll(fds, SEGUE_COUNT(fds), milliseconds) > 0 && fds[0].revents) {
        if (!PQconsumeInput(connection))
            return error_set(err, ERROR_LOST, "the connection to the server is gone");
        (void)take_call(connection, out);
    }
    return true;
}

static bool call_gateways(struct session *session, const char *what, const char *argument, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text payload = {0};
    text_printf(&payload, "%s %s", what, argument);
    const char *values[] = {text_string(&payload)};
    return session_query(session, sql_gateway_call, 1, values, NULL, err);
}

static bool steady(struct session *session, struct arena *arena, const char ***out, size_t *n,
                   struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_gateway_steady, 0, NULL, &rows, err))
        return false;
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = copy(arena, rows_get(rows, i, 0));
    return true;
}

const struct gateway_engine pg_gateway = {
    .server = server,
    .view = view,
    .keeps_path = pg_gateway_keeps_path,
    .beat = beat,
    .end = end,
    .list = list,
    .ramp = ramp,
    .trip = trip,
    .probe = probe,
    .recover = recover,
    .replica = replica,
    .listen = begin_to_listen,
    .hear = hear,
    .call = call_gateways,
    .steady = steady,
    .kind = pg_statement_kind,
    .verifier = pg_gateway_verifier,
};
