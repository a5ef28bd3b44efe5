#include "postgres/lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "postgres/array.h"
#include "sql.h"

enum {
    POLL_US = 100000,
    /* A client that hangs inside one of our short transactions must not keep its locks. */
    IDLE_LIMIT_MS = 10000
};

static bool try_lock(struct session *session, bool *got, struct backend *self, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_lock_migration, 0, NULL, &rows, err))
        return false;
    const char *since = rows_get(rows, 0, 1);
    *got = strcmp(rows_get(rows, 0, 0), "t") == 0;
    if (*got) {
        self->pid = session_backend_pid(session);
        (void)snprintf(self->since, sizeof self->since, "%s", since ? since : "");
    }
    return true;
}

static bool end_former(struct session *session, const struct backend *former, struct error *err)
{
    char pid[16];
    const char *values[] = {pid, former->since};
    (void)snprintf(pid, sizeof pid, "%d", former->pid);
    return former->pid == 0 || session_query(session, sql_lock_migration_inherit, 2, values, NULL, err);
}

static const char *or_unknown(const char *value)
{
    return value && *value ? value : "unknown";
}

static bool refuse_second(struct session *session, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_lock_migration_holder, 0, NULL, &rows, err))
        return false;
    error_set(err, ERROR_REFUSED, "another session runs a migration in this database");
    if (rows_count(rows) > 0)
        error_detail(err, "server process %s of user %s, application %s, connected since %s",
                     rows_get(rows, 0, 0), or_unknown(rows_get(rows, 0, 1)), or_unknown(rows_get(rows, 0, 2)),
                     or_unknown(rows_get(rows, 0, 3)));
    return error_hint(err, "wait for it to end, or stop it; segue status shows what it does");
}

bool pg_lock_migration(struct session *session, int wait_ms, struct backend *self, struct error *err)
{
    int64_t deadline = clock_us() + (int64_t)wait_ms * 1000;
    for (;;) {
        bool got;
        if (!try_lock(session, &got, self, err))
            return false;
        if (got)
            return true;
        if (!end_former(session, self, err))
            return false;
        if (interrupted())
            return error_set(err, ERROR_INTERRUPTED, "stopped by a signal");
        if (clock_us() >= deadline)
            return refuse_second(session, err);
        clock_sleep_us(POLL_US);
    }
}

bool pg_runner(struct session *session, int *pid, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_lock_migration_holder, 0, NULL, &rows, err))
        return false;
    *pid = rows_count(rows) > 0 ? atoi(rows_get(rows, 0, 0)) : 0;
    return true;
}

bool pg_begin(struct session *session, int lock_timeout_ms, int statement_timeout_ms, struct error *err)
{
    /* One message, one round trip: BEGIN inside it opens a block that the rest of the message is already in. */
    char sql[256];
    (void)snprintf(sql, sizeof sql,
                   "BEGIN; SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d; "
                   "SET LOCAL idle_in_transaction_session_timeout = %d",
                   lock_timeout_ms, statement_timeout_ms, IDLE_LIMIT_MS);
    return session_run(session, sql, err);
}

bool pg_commit(struct session *session, struct error *err)
{
    return session_run(session, "COMMIT", err);
}

bool pg_rollback(struct session *session, struct error *err)
{
    return session_run(session, "ROLLBACK", err);
}

bool pg_run_alone(struct session *session, const char *sql, struct error *err)
{
    if (!session_run(session, "SET lock_timeout = 0; SET statement_timeout = 0", err))
        return false;
    bool done = session_run(session, sql, err);
    if (!done && err->class == ERROR_LOST)
        return false;
    struct error after;
    bool reset = session_run(session, "RESET lock_timeout; RESET statement_timeout", &after);
    if (done && !reset)
        *err = after;
    return done && reset;
}

/* The relations and modes as two parallel arrays. */
static void lock_arrays(const struct step_lock *locks, size_t n, struct text *relations, struct text *modes)
{
    for (size_t i = 0; i < n; i++) {
        pg_array_add(relations, locks[i].relation);
        pg_array_add(modes, locks[i].mode);
    }
    (void)pg_array_end(relations);
    (void)pg_array_end(modes);
}

/*
 * An autovacuum worker holds SHARE UPDATE EXCLUSIVE for as long as the table is large, and is told to go only when someone has
 * waited for deadlock_timeout (1 s), which no request of ours does while an application could queue behind it. A request for
 * SHARE UPDATE EXCLUSIVE can wait that long: it conflicts with nothing that reads or writes rows. Once it is granted
 * the worker is gone, and none comes back before this transaction ends.
 */
bool pg_gate(struct session *session, const struct step_lock *locks, size_t n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text relations = {0};
    SEGUE_CLEANUP(text_free) struct text modes = {0};
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    lock_arrays(locks, n, &relations, &modes);
    const char *values[] = {text_string(&relations), text_string(&modes)};
    if (!session_query(session, sql_lock_gate, 2, values, &rows, err))
        return false;
    const char *statements = rows_get(rows, 0, 0);
    if (!statements)
        return true;
    text_printf(&sql, "SET LOCAL lock_timeout = %s; %s; SET LOCAL lock_timeout = %s", rows_get(rows, 0, 1),
                statements, rows_get(rows, 0, 2));
    return session_run(session, text_string(&sql), err);
}

static const char *keep(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return arena_strdup(arena, value ? value : "");
}

/* The first columns of sql/lock_blockers.sql, sql/lock_waits.sql and sql/rebuild_readers.sql. */
static struct blocker read_blocker(struct arena *arena, const struct rows *rows, size_t i)
{
    return (struct blocker){
        .pid = atoi(rows_get(rows, i, 0)),
        .transaction_seconds = strtod(rows_get(rows, i, 1), NULL),
        .user = keep(arena, rows, i, 2),
        .application = keep(arena, rows, i, 3),
        .state = keep(arena, rows, i, 4),
        .query = keep(arena, rows, i, 5),
    };
}

static void read_blockers(struct arena *arena, const struct rows *rows, struct blocker **out, size_t *n)
{
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i] = read_blocker(arena, rows, i);
        (*out)[i].relation = keep(arena, rows, i, 6);
        (*out)[i].mode = keep(arena, rows, i, 7);
        (*out)[i].yields = strcmp(rows_get(rows, i, 8), "t") == 0;
    }
}

bool pg_blockers(struct session *session, const struct step_lock *locks, size_t n, double min_seconds,
                 struct arena *arena, struct blocker **out, size_t *n_out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text relations = {0};
    SEGUE_CLEANUP(text_free) struct text modes = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    char seconds[32];
    lock_arrays(locks, n, &relations, &modes);
    (void)snprintf(seconds, sizeof seconds, "%.6f", min_seconds);
    const char *values[] = {text_string(&relations), text_string(&modes), seconds};
    if (!session_query(session, sql_lock_blockers, 3, values, &rows, err))
        return false;
    read_blockers(arena, rows, out, n_out);
    return true;
}

bool pg_waits_for(struct session *session, int pid, struct arena *arena, struct blocker **out, size_t *n_out,
                  struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    char number[16];
    (void)snprintf(number, sizeof number, "%d", pid);
    const char *values[] = {number};
    if (!session_query(session, sql_lock_waits, 1, values, &rows, err))
        return false;
    read_blockers(arena, rows, out, n_out);
    return true;
}

bool pg_is_waited_for(struct session *session, int pid, bool *waited, struct error *err)
{
    char number[16], value[8];
    bool null;
    (void)snprintf(number, sizeof number, "%d", pid);
    const char *values[] = {number};
    if (!session_value(session, sql_lock_is_waited_for, 1, values, value, sizeof value, &null, err))
        return false;
    *waited = value[0] == 't';
    return true;
}

bool pg_readers(struct session *session, struct arena *arena, struct blocker **out, size_t *n,
                struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_rebuild_readers, 0, NULL, &rows, err))
        return false;
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i] = read_blocker(arena, rows, i);
        (*out)[i].snapshot = keep(arena, rows, i, 6);
    }
    return true;
}
