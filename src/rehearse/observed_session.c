/* A session that asks, before each of its transactions commits, which locks that holds, and that tells statements which take long. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/compare.h"
#include "base/memory.h"
#include "rehearse/observing_internal.h"

struct held {
    const char *relation, *mode;
    int64_t since_us;
};

struct observed {
    struct session base;
    struct session *inner;
    struct observing *observing;
    bool in_transaction;
    struct arena *arena; /* of the transaction's locks */
    struct held *held;
    size_t n_held;
};

static struct observed *own(struct session *session)
{
    return (struct observed *)session;
}

static bool begins_with(const char *sql, const char *word)
{
    sql += strspn(sql, " \n\t");
    return strncasecmp(sql, word, strlen(word)) == 0;
}

static void begin(struct observed *session)
{
    arena_free(session->arena);
    session->arena = arena_new();
    session->held = NULL;
    session->n_held = 0;
    session->in_transaction = true;
}

static bool is_known(const struct observed *session, const struct observed_lock *lock)
{
    for (size_t i = 0; i < session->n_held; i++)
        if (same_text(session->held[i].relation, lock->relation) &&
            same_text(session->held[i].mode, lock->mode))
            return true;
    return false;
}

/* A question must not end the transaction in which it is asked, whose limits of time hold for it as well. */
static bool ask(const struct observed *session, struct arena *arena, struct observed_lock **locks, size_t *n)
{
    struct error ignored;
    if (!session_run(session->inner, "SAVEPOINT segue_observing", &ignored))
        return false;
    bool good = session->observing->inner->observe_own(session->inner, arena, locks, n, &ignored);
    if (!good && !session_run(session->inner, "ROLLBACK TO SAVEPOINT segue_observing", &ignored))
        return false;
    return session_run(session->inner, "RELEASE SAVEPOINT segue_observing", &ignored) && good;
}

/* Locks that are new were taken by the statement that began then. */
static void look(struct observed *session, int64_t began_us)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct observed_lock *locks = NULL;
    size_t n = 0;
    if (!ask(session, arena, &locks, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        if (is_known(session, &locks[i]))
            continue;
        const struct held held = {.relation = arena_strdup(session->arena, locks[i].relation),
                                  .mode = arena_strdup(session->arena, locks[i].mode),
                                  .since_us = began_us};
        ARENA_PUSH(session->arena, session->held, session->n_held, held);
    }
}

static void end(struct observed *session)
{
    int64_t now = clock_us();
    for (size_t i = 0; i < session->n_held; i++)
        observing_lock(session->observing, true, session->held[i].relation, session->held[i].mode,
                       (double)(now - session->held[i].since_us) / 1e6, 0, true);
    session->in_transaction = false;
}

/* Before a statement is sent. COMMIT alone: what ends otherwise has failed, and cannot be asked. */
static void before(struct observed *session, const char *sql, int64_t now)
{
    if (session->in_transaction && begins_with(sql, "COMMIT"))
        look(session, now);
}

/* After it. Between BEGIN and what is set for the transaction no question may come; nor behind a statement that failed. */
static void after(struct observed *session, const char *sql, int64_t began_us, bool good)
{
    double seconds = (double)(clock_us() - began_us) / 1e6;
    if (seconds > SLOW_SECONDS)
        observing_statement(session->observing, "segue", sql, seconds);
    if (begins_with(sql, "BEGIN"))
        begin(session);
    else if (begins_with(sql, "COMMIT") || begins_with(sql, "ROLLBACK"))
        end(session);
    else if (good && session->in_transaction && !begins_with(sql, "SET"))
        look(session, began_us);
}

static bool run(struct session *session, const char *sql, struct error *err)
{
    int64_t began = clock_us();
    before(own(session), sql, began);
    bool good = session_run(own(session)->inner, sql, err);
    after(own(session), sql, began, good);
    return good;
}

static bool query(struct session *session, const char *sql, size_t n, const char *const *values,
                  struct rows **out, struct error *err)
{
    int64_t began = clock_us();
    bool good = session_query(own(session)->inner, sql, n, values, out, err);
    after(own(session), sql, began, good);
    return good;
}

static bool prepare(struct session *session, const char *name, const char *sql, struct error *err)
{
    return session_prepare(own(session)->inner, name, sql, err);
}

static bool execute(struct session *session, const char *name, size_t n, const char *const *values,
                    struct rows **out, struct error *err)
{
    int64_t began = clock_us();
    bool good = session_execute(own(session)->inner, name, n, values, out, err);
    after(own(session), name, began, good);
    return good;
}

static void send_and_drop(struct session *session, const char *sql)
{
    session_send_and_drop(own(session)->inner, sql);
}

static void drop(struct session *session)
{
    session_drop(own(session)->inner);
}

static void cancel(struct session *session)
{
    session_cancel(own(session)->inner);
}

static int backend_pid(const struct session *session)
{
    return session_backend_pid(((const struct observed *)session)->inner);
}

static struct session *inner_of(struct session *session)
{
    return own(session)->inner;
}

static bool is_local(const struct session *session)
{
    return session_is_local(((const struct observed *)session)->inner);
}

static void close_observed(struct session *session)
{
    session_close(own(session)->inner);
    arena_free(own(session)->arena);
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
    .inner = inner_of,
    .close = close_observed,
};

struct session *observed_session(struct session *inner, struct observing *observing)
{
    struct observed *session = memory_alloc(sizeof *session);
    *session = (struct observed){.base.ops = &ops, .inner = inner, .observing = observing};
    return &session->base;
}
