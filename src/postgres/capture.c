/*
 * The thread of a capture, and those who stop it for a moment. Whoever has the lock reads; the thread lets it go several times a
 * second, and does not take it again while somebody wants it.
 */
#include "postgres/capture.h"

#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "postgres/capture_internal.h"
#include "sql.h"

enum { TURN_MS = 100, RETRY_US = 300000, OPEN_TRIES = 30 };

struct capturer {
    struct session_settings settings;
    pthread_t thread;
    atomic_bool stop;
    atomic_int wanted; /* by how many others */
    pthread_cond_t free;
    pthread_mutex_t lock; /* of what follows */
    struct capture_stream stream;
    bool failed; /* for good */
    struct error error;
};

/* Whether trying again may help. Why a server does not let us in may be that it is only about to be there again. */
static bool may_pass(const struct capturer *capturer, const struct error *err)
{
    bool out = !capturer->stream.replication && err->class == ERROR_DATABASE;
    return out || err->class == ERROR_LOST || err->class == ERROR_RESOURCE || err->class == ERROR_BUSY ||
           err->class == ERROR_INTERRUPTED;
}

/* After a failure everything that is not in the journal comes once more, over new connections. */
static bool failed(struct capturer *capturer, struct error *err)
{
    bool passes = may_pass(capturer, err);
    capture_stream_close(&capturer->stream);
    if (passes && err->class != ERROR_INTERRUPTED)
        err->class = ERROR_LOST; /* what the caller does with a session that is gone is right here, too */
    if (!passes && !capturer->failed) {
        capturer->failed = true;
        capturer->error = *err;
    }
    return false;
}

static bool usable(struct capturer *capturer, struct error *err)
{
    if (capturer->failed)
        *err = capturer->error;
    return !capturer->failed;
}

static bool turn(struct capturer *capturer, int wait_ms, struct error *err)
{
    return (capture_stream_open(&capturer->stream, err) &&
            capture_stream_turn(&capturer->stream, wait_ms, err)) ||
           failed(capturer, err);
}

static void *work(void *argument)
{
    struct capturer *capturer = argument;
    struct error err;
    while (!atomic_load(&capturer->stop)) {
        (void)pthread_mutex_lock(&capturer->lock);
        while (atomic_load(&capturer->wanted) && !atomic_load(&capturer->stop))
            (void)pthread_cond_wait(&capturer->free, &capturer->lock);
        bool good = atomic_load(&capturer->stop) || (!capturer->failed && turn(capturer, TURN_MS, &err));
        (void)pthread_mutex_unlock(&capturer->lock);
        if (!good)
            clock_sleep_us(RETRY_US);
    }
    return NULL;
}

static void take(struct capturer *capturer)
{
    (void)atomic_fetch_add(&capturer->wanted, 1);
    (void)pthread_mutex_lock(&capturer->lock);
}

static void give(struct capturer *capturer)
{
    (void)atomic_fetch_sub(&capturer->wanted, 1);
    (void)pthread_cond_broadcast(&capturer->free);
    (void)pthread_mutex_unlock(&capturer->lock);
}

/* The process that held the slot before may need a moment to end. */
static bool open_stream(struct capturer *capturer, int most_tries, struct error *err)
{
    for (int tries = 1;; tries++) {
        if (capture_stream_open(&capturer->stream, err))
            return true;
        if (err->class != ERROR_BUSY || tries == most_tries || interrupted())
            return false;
        clock_sleep_us(RETRY_US);
    }
}

/* The thread shall not be the one that Ctrl-C wakes. */
static bool start_thread(struct capturer *capturer, struct error *err)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = pthread_create(&capturer->thread, NULL, work, capturer) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good || error_set(err, ERROR_RESOURCE, "no thread could be started");
}

static void release(struct capturer *capturer)
{
    capture_stream_free(&capturer->stream);
    (void)pthread_cond_destroy(&capturer->free);
    (void)pthread_mutex_destroy(&capturer->lock);
    free(capturer);
}

bool pg_capture_begin(const struct session_settings *settings, const struct capture *capture,
                      struct capturer **out, struct error *err)
{
    struct capturer *capturer = memory_alloc(sizeof *capturer);
    *out = NULL;
    capturer->settings = *settings;
    (void)pthread_mutex_init(&capturer->lock, NULL);
    (void)pthread_cond_init(&capturer->free, NULL);
    capture_stream_init(&capturer->stream, &capturer->settings, capture);
    if (!open_stream(capturer, OPEN_TRIES, err) || !start_thread(capturer, err)) {
        release(capturer);
        return false;
    }
    *out = capturer;
    return true;
}

bool pg_capture_check(struct capturer *capturer, struct error *err)
{
    take(capturer);
    bool good = usable(capturer, err);
    give(capturer);
    return good;
}

static bool wait_for_marker(struct capturer *capturer, int wait_ms, struct error *err)
{
    struct capture_stream *stream = &capturer->stream;
    int64_t deadline = clock_us() + (int64_t)wait_ms * 1000;
    if (!capture_stream_mark(stream, err))
        return false;
    while (!stream->marked) {
        int64_t left = wait_ms ? (deadline - clock_us()) / 1000 : TURN_MS;
        if (left <= 0) {
            stream->marked = true;
            return error_set(err, ERROR_BUSY, "the server's log was not read within %d ms", wait_ms);
        }
        if (interrupted())
            return error_set(err, ERROR_INTERRUPTED, "stopped by a signal");
        if (!capture_stream_turn(stream, left < TURN_MS ? (int)left : TURN_MS, err))
            return false;
    }
    return capture_stream_flush(stream, err);
}

static bool settle(struct capturer *capturer, int wait_ms, struct error *err)
{
    struct capture_stream *stream = &capturer->stream;
    if (!usable(capturer, err))
        return false;
    if (open_stream(capturer, wait_ms ? 1 : OPEN_TRIES, err) && wait_for_marker(capturer, wait_ms, err))
        return true;
    if (stream->replication && (err->class == ERROR_BUSY || err->class == ERROR_INTERRUPTED))
        return false; /* it only took too long */
    return failed(capturer, err);
}

bool pg_capture_settle(struct capturer *capturer, int wait_ms, struct error *err)
{
    take(capturer);
    bool good = settle(capturer, wait_ms, err);
    give(capturer);
    return good;
}

bool pg_capture_hold(struct capturer *capturer, struct error *err)
{
    take(capturer);
    if (settle(capturer, 0, err))
        return true;
    give(capturer);
    return false;
}

bool pg_capture_gather(struct capturer *capturer, struct session *session, struct error *err)
{
    capturer->stream.also = session;
    bool good = settle(capturer, 0, err);
    capturer->stream.also = NULL;
    return good;
}

void pg_capture_release(struct capturer *capturer)
{
    give(capturer);
}

void pg_capture_end(struct capturer *capturer)
{
    if (!capturer)
        return;
    atomic_store(&capturer->stop, true);
    (void)pthread_mutex_lock(&capturer->lock);
    (void)pthread_cond_broadcast(&capturer->free);
    (void)pthread_mutex_unlock(&capturer->lock);
    (void)pthread_join(capturer->thread, NULL);
    release(capturer);
}

bool pg_capture_slots(struct session *session, struct arena *arena, struct kept_log **out, size_t *n,
                      struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *n = 0;
    *out = NULL;
    if (!session_query(session, sql_capture_slots, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct kept_log kept = {.slot = arena_strdup(arena, rows_get(rows, i, 0)),
                                      .bytes = strtod(rows_get(rows, i, 1), NULL)};
        ARENA_PUSH(arena, *out, *n, kept);
    }
    return true;
}
