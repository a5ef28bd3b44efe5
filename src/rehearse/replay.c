#include "rehearse/replay.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "rehearse/replay_internal.h"

/* So much longer than was asked for is waited until each statement has had its turn. */
static const double MOST_PATIENCE = 15;
enum { LOOK_US = 20000 };

static void prepare_choice(struct replay *replay)
{
    double sum = 0;
    replay->up_to = arena_alloc(replay->arena, (replay->n + 1) * sizeof *replay->up_to);
    replay->able = arena_alloc(replay->arena, (replay->n + 1) * sizeof *replay->able);
    for (size_t i = 0; i < replay->n; i++) {
        if (replay->list[i].statement.why_not)
            continue;
        /* Those of a file have no calls: each counts as one. */
        sum += fmax(replay->list[i].statement.recorded->calls, 1);
        replay->able[replay->n_able] = i;
        replay->up_to[replay->n_able++] = sum;
    }
}

static bool make_ready(struct replay *replay, struct error *err)
{
    const struct replay_settings *wish = &replay->settings;
    const struct session_settings settings = {.url = wish->url, .application_name = "segue rehearse"};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (!wish->engine->open(&settings, &session, err) ||
        !wish->engine->enter_version(session, wish->version, wish->search_path, err))
        return false;
    replay->list = arena_alloc(replay->arena, (wish->recorded->n + 1) * sizeof *replay->list);
    for (; replay->n < wish->recorded->n; replay->n++)
        if (!wish->engine->replay_statement(session, &wish->recorded->list[replay->n], replay->arena,
                                            &replay->list[replay->n].statement, err))
            return false;
    prepare_choice(replay);
    return true;
}

static bool start_workers(struct replay *replay, struct error *err)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = true;
    for (size_t i = 0; good && replay->n_able && i < REPLAY_SESSIONS; i++) {
        struct replay_worker *worker = &replay->workers[i];
        *worker = (struct replay_worker){.replay = replay, .random = (uint64_t)clock_us() * 2 + 2 * i + 1};
        worker->prepared = arena_alloc(replay->arena, replay->n * sizeof *worker->prepared);
        good = worker->runs = pthread_create(&worker->thread, NULL, replay_work, worker) == 0;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good || error_set(err, ERROR_RESOURCE, "no thread could be started");
}

bool replay_begin(const struct replay_settings *settings, struct arena *arena, struct replay **out,
                  struct error *err)
{
    struct replay *replay = memory_alloc(sizeof *replay);
    double recorded = settings->recorded->per_second;
    *replay = (struct replay){.settings = *settings,
                              .arena = arena,
                              .errors = arena_new(),
                              .rate = recorded > 0 ? fmin(fmax(recorded, REPLAY_LEAST), REPLAY_MOST)
                                                   : REPLAY_UNKNOWN};
    (void)pthread_mutex_init(&replay->lock, NULL);
    if (make_ready(replay, err) && start_workers(replay, err)) {
        *out = replay;
        return true;
    }
    replay_end(replay, NULL, NULL);
    return false;
}

void replay_at(struct replay *replay, enum replay_moment moment)
{
    atomic_store(&replay->done, 0);
    atomic_store(&replay->round, 0);
    atomic_store(&replay->moment, (int)moment);
}

bool replay_wait(struct replay *replay, double seconds, struct error *err)
{
    int64_t until = clock_us() + (int64_t)(MOST_PATIENCE * 1e6);
    if (!interrupt_sleep(seconds, err))
        return false;
    while (atomic_load(&replay->done) < replay->n_able && clock_us() < until) {
        if (interrupted())
            return error_set(err, ERROR_INTERRUPTED, "interrupted");
        clock_sleep_us(LOOK_US);
    }
    return true;
}

double replay_rate(const struct replay *replay)
{
    return replay->rate;
}

static const char *keep(const struct replay *replay, const char *message)
{
    return message ? arena_strdup(replay->arena, message) : NULL;
}

void replay_end(struct replay *replay, struct replayed **out, size_t *n)
{
    if (!replay)
        return;
    atomic_store(&replay->stop, true);
    for (size_t i = 0; i < REPLAY_SESSIONS; i++)
        if (replay->workers[i].runs)
            (void)pthread_join(replay->workers[i].thread, NULL);
    for (size_t i = 0; i < replay->n; i++) {
        replay->list[i].error = keep(replay, replay->list[i].error);
        replay->list[i].own_error = keep(replay, replay->list[i].own_error);
    }
    if (out) {
        *out = replay->list;
        *n = replay->n;
    }
    arena_free(replay->errors);
    (void)pthread_mutex_destroy(&replay->lock);
    free(replay);
}
