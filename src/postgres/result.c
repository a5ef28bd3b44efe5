/* Results as rows, and failed results as errors. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "postgres/session_internal.h"

struct pg_rows {
    struct rows base;
    PGresult *result;
};

static PGresult *result_of(const struct rows *rows)
{
    return ((const struct pg_rows *)rows)->result;
}

static size_t count(const struct rows *rows)
{
    return (size_t)PQntuples(result_of(rows));
}

static size_t columns(const struct rows *rows)
{
    return (size_t)PQnfields(result_of(rows));
}

static const char *name(const struct rows *rows, size_t column)
{
    return PQfname(result_of(rows), (int)column);
}

static const char *get(const struct rows *rows, size_t row, size_t column)
{
    const PGresult *result = result_of(rows);
    return PQgetisnull(result, (int)row, (int)column) ? NULL : PQgetvalue(result, (int)row, (int)column);
}

static size_t affected(const struct rows *rows)
{
    return (size_t)strtoull(PQcmdTuples(result_of(rows)), NULL, 10);
}

static void release(struct rows *rows)
{
    PQclear(result_of(rows));
    free(rows);
}

static const struct rows_ops ops = {
    .count = count, .columns = columns, .name = name, .get = get, .affected = affected, .free = release};

struct rows *pg_rows_new(PGresult *result)
{
    struct pg_rows *rows = memory_alloc(sizeof *rows);
    rows->base.ops = &ops;
    rows->result = result;
    return &rows->base;
}

static bool starts_with(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

enum error_class pg_error_class(const char *sqlstate, const char *message)
{
    static const struct {
        const char *prefix;
        enum error_class class;
    } classes[] = {
        {"55P03", ERROR_BUSY},     /* lock_not_available, also lock_timeout */
        {"40P01", ERROR_BUSY},     /* deadlock_detected */
        {"40001", ERROR_BUSY},     /* serialization_failure */
        {"57P01", ERROR_LOST},     /* admin_shutdown, pg_terminate_backend */
        {"57P02", ERROR_LOST},     /* crash_shutdown */
        {"57P03", ERROR_LOST},     /* cannot_connect_now */
        {"57P05", ERROR_LOST},     /* idle_session_timeout */
        {"25P03", ERROR_LOST},     /* idle_in_transaction_session_timeout */
        {"25P04", ERROR_LOST},     /* transaction_timeout */
        {"08", ERROR_LOST},        /* connection exceptions */
        {"53", ERROR_RESOURCE},    /* disk, memory, connections */
        {"58030", ERROR_RESOURCE}, /* io_error */
    };
    /* Both of statement_timeout's and a cancel request's errors have this code; only the words differ. In a language we
     * cannot read it is taken for a timeout: trying again is harmless and bounded. */
    if (strcmp(sqlstate, "57014") == 0)
        return strstr(message, "user request") ? ERROR_DATABASE : ERROR_BUSY;
    for (size_t i = 0; i < SEGUE_COUNT(classes); i++)
        if (starts_with(sqlstate, classes[i].prefix))
            return classes[i].class;
    return ERROR_DATABASE;
}

static const char *field(const PGresult *result, int code)
{
    const char *value = PQresultErrorField(result, code);
    return value ? value : "";
}

static void add_hint(const PGresult *result, struct error *err)
{
    const char *hint = field(result, PG_DIAG_MESSAGE_HINT);
    if (*hint)
        error_hint(err, "%s", hint);
    else if (strcmp(err->sqlstate, "42501") == 0)
        error_hint(
            err,
            "the role that segue connects as must own the tables that it changes (or be a member of their owner), and "
            "needs CREATE on the schema and on the database");
}

/* Detail and context together: what a trigger of the user's did is only seen in the context. */
static void add_detail(const PGresult *result, struct error *err)
{
    const char *detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    const char *context = field(result, PG_DIAG_CONTEXT);
    error_detail(err, "%s%s%s", detail, *detail && *context ? "\n" : "", context);
}

/* What libpq itself found; its text may have several lines, of which the first says what happened. */
static bool client_error(const struct pg_session *session, bool gone, struct error *err)
{
    const char *text = PQerrorMessage(session->connection);
    if (gone)
        error_set(err, ERROR_LOST, "the connection to the server is gone");
    else
        error_set(err, ERROR_DATABASE, "the connection cannot be used");
    return error_detail(err, "%.*s", (int)strcspn(text, "\n"), text);
}

bool pg_result_error(const struct pg_session *session, const PGresult *result, struct error *err)
{
    bool gone = session->dropped || PQstatus(session->connection) == CONNECTION_BAD;
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
    const char *message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!*message)
        return client_error(session, gone, err);
    error_set(err, gone ? ERROR_LOST : pg_error_class(sqlstate, message), "%s", message);
    (void)snprintf(err->sqlstate, sizeof err->sqlstate, "%s", sqlstate);
    err->position = (int)strtol(field(result, PG_DIAG_STATEMENT_POSITION), NULL, 10);
    add_detail(result, err);
    add_hint(result, err);
    return false;
}
