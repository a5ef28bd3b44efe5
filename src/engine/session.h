/*
 * A session: one connection to a server as an interface, so that decorators (trace, fault) and tests can stand
 * before the real one. Not thread-safe: one thread a session. Errors carry class and SQLSTATE; after ERROR_LOST only
 * session_close is useful.
 */
#ifndef SEGUE_ENGINE_SESSION_H
#define SEGUE_ENGINE_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct session;
struct rows; /* a whole result; free with rows_free */

struct rows_ops {
    size_t (*count)(const struct rows *);
    size_t (*columns)(const struct rows *);
    const char *(*name)(const struct rows *, size_t column);
    const char *(*get)(const struct rows *, size_t row, size_t column); /* NULL for SQL NULL */
    size_t (*affected)(const struct rows *);
    void (*free)(struct rows *);
};

struct rows {
    const struct rows_ops *ops;
};

struct session_ops {
    /* One or more statements separated by semicolons, no parameters, results thrown away. */
    bool (*run)(struct session *, const char *sql, struct error *err);
    /* One statement with text parameters (NULL allowed as value); out may be NULL. */
    bool (*query)(struct session *, const char *sql, size_t n, const char *const *values, struct rows **out,
                  struct error *err);
    bool (*prepare)(struct session *, const char *name, const char *sql, struct error *err);
    bool (*execute)(struct session *, const char *name, size_t n, const char *const *values,
                    struct rows **out, struct error *err);
    /* Sends the statement and cuts the connection without reading the answer (what a network failure during COMMIT is). */
    void (*send_and_drop)(struct session *, const char *sql);
    /* Cuts the connection at once. */
    void (*drop)(struct session *);
    /* Asks the server to cancel what another thread or a signal handler's caller sees running. Safe from another thread. */
    void (*cancel)(struct session *);
    int (*backend_pid)(const struct session *);
    /* Whether it goes through a socket of this machine's file system; NULL: it does not. */
    bool (*is_local)(const struct session *);
    /* The session before which a decorator stands; NULL: it is none. */
    struct session *(*inner)(struct session *);
    void (*close)(struct session *);
};

struct session {
    const struct session_ops *ops;
};

bool session_run(struct session *session, const char *sql, struct error *err) SEGUE_MUST_CHECK;
/* COMMIT; or when what was done in the transaction failed, ROLLBACK: then err stays what it was, and false is returned. */
bool session_end(struct session *session, bool good, struct error *err) SEGUE_MUST_CHECK;
bool session_query(struct session *session, const char *sql, size_t n, const char *const *values,
                   struct rows **out, struct error *err) SEGUE_MUST_CHECK;
bool session_prepare(struct session *session, const char *name, const char *sql,
                     struct error *err) SEGUE_MUST_CHECK;
bool session_execute(struct session *session, const char *name, size_t n, const char *const *values,
                     struct rows **out, struct error *err) SEGUE_MUST_CHECK;
/* A query of one value: copied into buffer (cut at size), *null set when it was NULL or there was no row. */
bool session_value(struct session *session, const char *sql, size_t n, const char *const *values,
                   char *buffer, size_t size, bool *null, struct error *err) SEGUE_MUST_CHECK;
void session_send_and_drop(struct session *session, const char *sql);
void session_drop(struct session *session);
void session_cancel(struct session *session);
int session_backend_pid(const struct session *session);
bool session_is_local(const struct session *session);
/* Whether a statement failed because of a row that it came to (division by zero, a bad cast, a check), so that it may succeed at others:
 * SQLSTATE classes 22, 23 and P0. */
bool session_failed_at_row(const struct error *err);
/* The session behind all decorators. */
struct session *session_innermost(struct session *session);
/* Closes and frees; NULL is allowed. */
void session_close(struct session *session);
/* For SEGUE_CLEANUP. */
void session_cleanup(struct session **session);

size_t rows_count(const struct rows *rows);
size_t rows_columns(const struct rows *rows);
const char *rows_name(const struct rows *rows, size_t column);
const char *rows_get(const struct rows *rows, size_t row, size_t column);
/* Rows that an INSERT, UPDATE or DELETE touched. */
size_t rows_affected(const struct rows *rows);
void rows_free(struct rows *rows);
void rows_cleanup(struct rows **rows);

#endif
