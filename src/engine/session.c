#include "engine/session.h"

#include <stdio.h>
#include <string.h>

bool session_run(struct session *session, const char *sql, struct error *err)
{
    return session->ops->run(session, sql, err);
}

bool session_end(struct session *session, bool good, struct error *err)
{
    struct error ignored;
    if (good)
        return session_run(session, "COMMIT", err);
    (void)!session_run(session, "ROLLBACK", &ignored);
    return false;
}

bool session_query(struct session *session, const char *sql, size_t n, const char *const *values,
                   struct rows **out, struct error *err)
{
    return session->ops->query(session, sql, n, values, out, err);
}

bool session_prepare(struct session *session, const char *name, const char *sql, struct error *err)
{
    return session->ops->prepare(session, name, sql, err);
}

bool session_execute(struct session *session, const char *name, size_t n, const char *const *values,
                     struct rows **out, struct error *err)
{
    return session->ops->execute(session, name, n, values, out, err);
}

bool session_value(struct session *session, const char *sql, size_t n, const char *const *values,
                   char *buffer, size_t size, bool *null, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql, n, values, &rows, err))
        return false;
    const char *value = rows_count(rows) ? rows_get(rows, 0, 0) : NULL;
    *null = value == NULL;
    (void)snprintf(buffer, size, "%s", value ? value : "");
    return true;
}

void session_send_and_drop(struct session *session, const char *sql)
{
    session->ops->send_and_drop(session, sql);
}

void session_drop(struct session *session)
{
    session->ops->drop(session);
}

void session_cancel(struct session *session)
{
    session->ops->cancel(session);
}

int session_backend_pid(const struct session *session)
{
    return session->ops->backend_pid(session);
}

struct session *session_innermost(struct session *session)
{
    while (session->ops->inner)
        session = session->ops->inner(session);
    return session;
}

bool session_is_local(const struct session *session)
{
    return session->ops->is_local && session->ops->is_local(session);
}

void session_close(struct session *session)
{
    if (session)
        session->ops->close(session);
}

void session_cleanup(struct session **session)
{
    session_close(*session);
    *session = NULL;
}

size_t rows_count(const struct rows *rows)
{
    return rows->ops->count(rows);
}

size_t rows_columns(const struct rows *rows)
{
    return rows->ops->columns(rows);
}

const char *rows_name(const struct rows *rows, size_t column)
{
    return rows->ops->name(rows, column);
}

const char *rows_get(const struct rows *rows, size_t row, size_t column)
{
    return rows->ops->get(rows, row, column);
}

size_t rows_affected(const struct rows *rows)
{
    return rows->ops->affected(rows);
}

void rows_free(struct rows *rows)
{
    if (rows)
        rows->ops->free(rows);
}

void rows_cleanup(struct rows **rows)
{
    rows_free(*rows);
    *rows = NULL;
}

bool session_failed_at_row(const struct error *err)
{
    return strncmp(err->sqlstate, "22", 2) == 0 || strncmp(err->sqlstate, "23", 2) == 0 ||
           strncmp(err->sqlstate, "P0", 2) == 0;
}
