#include "postgres/signals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "sql.h"

enum { MOST_COLUMNS = 4, ID_SIZE = 24, NUMBER_SIZE = 32 };

/* A query of one row of numbers, and where they go. */
struct source {
    const char *sql;
    size_t columns;
    void (*take)(struct server_signals *out, const double *values);
    void (*fail)(struct server_signals *out, const char *why);
};

static struct server_signal known(double value)
{
    return (struct server_signal){.readable = true, .value = value};
}

static struct server_signal unknown(const char *why)
{
    struct server_signal signal = {0};
    (void)snprintf(signal.why, sizeof signal.why, "%.199s", why);
    return signal;
}

static void hidden(struct server_signal *signal, double n, const char *what)
{
    *signal = (struct server_signal){0};
    (void)snprintf(signal->why, sizeof signal->why,
                   "%.0f %s hidden from this role; GRANT pg_read_all_stats shows what they do", n, what);
}

static void take_sessions(struct server_signals *out, const double *values)
{
    out->sessions = known(values[0]);
    out->at_work = known(values[1]);
    out->lock_waits = known(values[2]);
    if (values[3] <= 0)
        return;
    hidden(&out->sessions, values[3], values[3] > 1 ? "sessions are" : "session is");
    out->at_work = out->sessions;
}

static void fail_sessions(struct server_signals *out, const char *why)
{
    out->sessions = out->at_work = out->lock_waits = unknown(why);
}

static void take_replication(struct server_signals *out, const double *values)
{
    out->standbys = known(values[0]);
    out->replayed = known(values[2]);
    out->reported_lag = known(values[3]);
    if (values[1] <= 0)
        return;
    hidden(&out->replayed, values[1], values[1] > 1 ? "standbys are" : "standby is");
    out->reported_lag = out->replayed;
}

static void fail_replication(struct server_signals *out, const char *why)
{
    out->standbys = out->replayed = out->reported_lag = unknown(why);
}

static void take_wal(struct server_signals *out, const double *values)
{
    out->position = known(values[0]);
    out->position_ceiling = values[1];
}

static void fail_wal(struct server_signals *out, const char *why)
{
    out->position = unknown(why);
}

static void take_checkpoints(struct server_signals *out, const double *values)
{
    out->checkpoints = known(values[0]);
    out->checkpoints_ceiling = values[1];
}

static void fail_checkpoints(struct server_signals *out, const char *why)
{
    out->checkpoints = unknown(why);
}

static void take_clock(struct server_signals *out, const double *values)
{
    out->minute_here = known(values[0]);
    out->minute_utc = known(values[1]);
}

static void fail_clock(struct server_signals *out, const char *why)
{
    out->minute_here = out->minute_utc = unknown(why);
}

static const struct source sources[] = {
    {sql_signal_sessions, 4, take_sessions, fail_sessions},
    {sql_signal_replication, 4, take_replication, fail_replication},
    {sql_signal_wal, 2, take_wal, fail_wal},
    {sql_signal_checkpoints, 2, take_checkpoints, fail_checkpoints},
    {sql_signal_clock, 2, take_clock, fail_clock},
};

/* Whether there is anybody left to ask. */
static bool goes_on(const struct error *err)
{
    return err->class != ERROR_LOST && err->class != ERROR_INTERRUPTED;
}

static void take_values(struct server_signals *out, const struct source *source, const struct rows *rows,
                        size_t first)
{
    double values[MOST_COLUMNS] = {0};
    for (size_t i = 0; i < source->columns; i++) {
        const char *value = rows_get(rows, 0, first + i);
        values[i] = value ? strtod(value, NULL) : 0;
    }
    source->take(out, values);
}

/* Everything at one moment, in one round trip. */
static bool read_together(struct session *session, struct server_signals *out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    size_t first = 0;
    pg_append(&sql, "SELECT * FROM ");
    for (size_t i = 0; i < SEGUE_COUNT(sources); i++)
        pg_append(&sql, "%s(%s) AS q%zu", i ? ", " : "", sources[i].sql, i);
    if (!session_query(session, text_string(&sql), 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < SEGUE_COUNT(sources); i++) {
        take_values(out, &sources[i], rows, first);
        first += sources[i].columns;
    }
    return true;
}

/* Each by itself, so that one that the role may not read does not hide the others. */
static bool read_apart(struct session *session, struct server_signals *out, struct error *err)
{
    for (size_t i = 0; i < SEGUE_COUNT(sources); i++) {
        SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
        if (session_query(session, sources[i].sql, 0, NULL, &rows, err))
            take_values(out, &sources[i], rows, 0);
        else if (goes_on(err))
            sources[i].fail(out, err->message);
        else
            return false;
    }
    return true;
}

/* One number, or a boolean. */
static struct server_signal number(const char *value)
{
    char *end;
    if (!value)
        return unknown("it gives no value");
    if (strcmp(value, "t") == 0 || strcmp(value, "f") == 0)
        return known(*value == 't');
    double read = strtod(value, &end);
    if (end == value || *end)
        return unknown("it gives neither a number nor a boolean");
    return known(read);
}

static bool read_query(struct session *session, const char *query, struct server_signals *out,
                       struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, query, 0, NULL, &rows, err)) {
        out->query = unknown(err->message);
        return goes_on(err);
    }
    bool any = rows_count(rows) > 0 && rows_columns(rows) > 0;
    out->query = number(any ? rows_get(rows, 0, 0) : NULL);
    return true;
}

bool pg_read_signals(struct session *session, const char *query, struct server_signals *out,
                     struct error *err)
{
    if (!out->apart && !read_together(session, out, err)) {
        if (!goes_on(err))
            return false;
        out->apart = true;
    }
    if (out->apart && !read_apart(session, out, err))
        return false;
    return !query || read_query(session, query, out, err);
}

bool pg_throttle_store(struct session *session, int64_t id, double duty, const char *reason,
                       const char *signals, struct error *err)
{
    char id_text[ID_SIZE], duty_text[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    (void)snprintf(duty_text, sizeof duty_text, "%.6f", duty);
    const char *values[] = {id_text, duty_text, reason, signals};
    return session_query(session, sql_throttle_store, SEGUE_COUNT(values), values, NULL, err);
}

bool pg_throttle_load(struct session *session, int64_t id, struct arena *arena, struct throttle_state *out,
                      struct error *err)
{
    char id_text[ID_SIZE], installed[8];
    bool null;
    *out = (struct throttle_state){0};
    if (!session_value(session, sql_throttle_installed, 0, NULL, installed, sizeof installed, &null, err))
        return false;
    if (installed[0] != 't')
        return true;
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_throttle_load, 1, values, &rows, err))
        return false;
    if (rows_count(rows) == 0)
        return true;
    const char *reason = rows_get(rows, 0, 1);
    *out = (struct throttle_state){.known = true,
                                   .duty = strtod(rows_get(rows, 0, 0), NULL),
                                   .reason = reason ? arena_strdup(arena, reason) : NULL,
                                   .signals = arena_strdup(arena, rows_get(rows, 0, 2)),
                                   .at = arena_strdup(arena, rows_get(rows, 0, 3))};
    return true;
}

bool pg_throttle_end(struct session *session, int64_t id, struct error *err)
{
    char id_text[ID_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text};
    return session_query(session, sql_throttle_end, 1, values, NULL, err);
}
