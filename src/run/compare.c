#include "run/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/interrupt.h"
#include "move/pace.h"
#include "run/throttling.h"

enum {
    POINT_SIZE = 300,
    /* What a range takes whatever its rows, such as the network's time, must not make ranges ever smaller; and nothing is locked. */
    LEAST_ROWS = 500
};

static const double REST_SLICE = 0.2, BUSY_SECONDS = 0.1, LOOK_SECONDS = 0.5;

/* One session at work. */
struct comparer {
    struct comparison *of;
    struct session *session;
    struct pace pace;
    struct arena *arena; /* of the range in hand */
    int64_t busy_since_us;
};

static void lock(struct comparison *of)
{
    (void)pthread_mutex_lock(&of->lock);
}

static void unlock(struct comparison *of)
{
    (void)pthread_mutex_unlock(&of->lock);
}

static void fail(struct comparison *of, const struct error *err)
{
    lock(of);
    if (!of->failed)
        of->err = *err;
    of->failed = true;
    unlock(of);
}

/* Moves where the table's cursor stands into an arena of its own: what the range in hand took goes with it. */
static void keep_cursor(struct comparison *of)
{
    struct arena *fresh = arena_new();
    of->at.last = arena_strdups(fresh, of->at.last, of->at.n_last);
    of->at.finish = arena_strdups(fresh, of->at.finish, of->at.n_finish);
    arena_free(of->at_arena);
    of->at_arena = fresh;
}

static void copy_range(struct comparer *comparer, struct compare_range *range)
{
    range->after = arena_strdups(comparer->arena, range->after, range->n_after);
    range->upto = arena_strdups(comparer->arena, range->upto, range->n_upto);
}

/* With the lock held: the next range is one session's alone. */
static bool cut(struct comparer *comparer, struct compare_range *range, long *chunk, bool *any,
                struct error *err)
{
    struct comparison *of = comparer->of;
    const struct engine *engine = of->settings->engine;
    long rows = comparer->pace.rows > LEAST_ROWS ? comparer->pace.rows : LEAST_ROWS;
    if (!engine->compare_next(comparer->session, of->table, rows, comparer->arena, &of->at, range, any, err))
        return false;
    copy_range(comparer, range);
    keep_cursor(of);
    *chunk = ++of->chunks;
    of->range_rows = range->rows;
    of->over = of->at.finished || !*any;
    return true;
}

/* The next range; *any false: there is none, or the comparison is to end. */
static bool take(struct comparer *comparer, struct compare_range *range, long *chunk, bool *any,
                 struct error *err)
{
    struct comparison *of = comparer->of;
    bool good = true;
    *any = false;
    lock(of);
    while (of->paused && !of->stop && !of->failed)
        (void)pthread_cond_wait(&of->changed, &of->lock);
    if (!of->over && !of->stop && !of->failed)
        good = cut(comparer, range, chunk, any, err);
    unlock(of);
    return good;
}

static const char *copy(struct arena *arena, const char *value)
{
    return value ? arena_strdup(arena, value) : NULL;
}

/* Differences move into the arena that outlives the range. */
static void give(struct comparer *comparer, const struct compare_result *result)
{
    struct comparison *of = comparer->of;
    lock(of);
    of->sum.rows += result->rows;
    of->sum.differences += result->differences;
    of->sum.mended += result->mended;
    for (size_t i = 0; i < result->n_list && of->sum.n_list < of->verify->limit; i++) {
        struct difference found = result->list[i];
        found.table = copy(of->arena, found.table);
        found.key = copy(of->arena, found.key);
        found.old_shape = copy(of->arena, found.old_shape);
        found.new_shape = copy(of->arena, found.new_shape);
        found.error = copy(of->arena, found.error);
        ARENA_PUSH(of->arena, of->sum.list, of->sum.n_list, found);
    }
    (void)pthread_cond_broadcast(&of->changed);
    unlock(of);
}

static bool must_stop(struct comparison *of)
{
    lock(of);
    bool stop = of->stop || of->failed;
    unlock(of);
    return stop;
}

/* In slices, so that the end of the comparison is heard. */
static void rest(struct comparer *comparer, double seconds)
{
    for (; seconds > 0 && !must_stop(comparer->of); seconds -= REST_SLICE)
        clock_sleep_us((int64_t)((seconds < REST_SLICE ? seconds : REST_SLICE) * 1e6));
}

static bool at_fault_point(struct comparer *comparer, long chunk, enum fault_moment moment, struct error *err)
{
    char point[POINT_SIZE];
    (void)snprintf(point, sizeof point, "verify/%s/chunk-%ld", comparer->of->table->name, chunk);
    enum fault_action action = fault_at(point, moment);
    if (action == FAULT_DROP_CONNECTION)
        session_drop(comparer->session);
    if (action != FAULT_ERROR)
        return true;
    return error_set(err, ERROR_DATABASE, "fault injected %s %s", moment == FAULT_BEFORE ? "before" : "after",
                     point);
}

/* Someone changes the table itself: try again, for as long as a step may wait for a lock. */
static bool may_retry(struct comparer *comparer, const struct error *err)
{
    double budget = comparer->of->settings->lock_budget_seconds;
    if (err->class != ERROR_BUSY || must_stop(comparer->of))
        return false;
    if (!comparer->busy_since_us)
        comparer->busy_since_us = clock_us();
    if ((double)(clock_us() - comparer->busy_since_us) / 1e6 > budget)
        return false;
    pace_busy(&comparer->pace);
    rest(comparer, BUSY_SECONDS);
    return true;
}

static bool compare_one(struct comparer *comparer, const struct compare_range *range, long chunk,
                        struct error *err)
{
    struct comparison *of = comparer->of;
    struct compare_result result;
    if (!at_fault_point(comparer, chunk, FAULT_BEFORE, err))
        return false;
    int64_t began = clock_us();
    while (!of->settings->engine->compare_rows(comparer->session, of->table, range, of->verify->mend,
                                               of->verify->limit, comparer->arena, &result, err)) {
        if (!may_retry(comparer, err))
            return false;
        began = clock_us();
    }
    double worked = (double)(clock_us() - began) / 1e6;
    comparer->busy_since_us = 0;
    give(comparer, &result);
    pace_done(&comparer->pace, range->rows, worked);
    if (!at_fault_point(comparer, chunk, FAULT_AFTER, err))
        return false;
    double duty = throttling_fixed_duty(of->settings);
    rest(comparer, worked * (1 - duty) / duty);
    return true;
}

static bool work(struct comparer *comparer, struct error *err)
{
    bool any = true;
    while (any) {
        struct compare_range range;
        long chunk = 0;
        comparer->arena = arena_new();
        bool taken = take(comparer, &range, &chunk, &any, err);
        bool good = taken ? !any || compare_one(comparer, &range, chunk, err) : may_retry(comparer, err);
        arena_free(comparer->arena);
        if (!good)
            return false;
        any = any || !taken;
    }
    return true;
}

static void *comparer_main(void *context)
{
    struct comparer *comparer = context;
    struct comparison *of = comparer->of;
    struct error err;
    pace_init(&comparer->pace, of->settings->chunk_ms / 1e3);
    if (!work(comparer, &err))
        fail(of, &err);
    lock(of);
    of->working--;
    (void)pthread_cond_broadcast(&of->changed);
    unlock(of);
    return NULL;
}

/* Until every thread has ended; true while some work. */
static bool wait_a_while(struct comparison *of)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(LOOK_SECONDS * 1e9);
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    lock(of);
    int waited = 0;
    while (of->working && waited == 0)
        waited = pthread_cond_timedwait(&of->changed, &of->lock, &until);
    bool working = of->working > 0;
    unlock(of);
    return working;
}

static void set_state(struct comparison *of, bool paused, bool stop)
{
    lock(of);
    of->paused = paused;
    of->stop = of->stop || stop;
    (void)pthread_cond_broadcast(&of->changed);
    unlock(of);
}

bool compare_table(struct comparison *of, struct session **sessions, size_t n,
                   bool (*look_around)(void *context, struct comparison *comparison, bool *paused,
                                       struct error *err),
                   void *context, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    pthread_t *threads = arena_alloc(arena, n * sizeof *threads);
    struct comparer *comparers = arena_alloc(arena, n * sizeof *comparers);
    size_t started = 0;
    bool good = true, paused = false;
    of->at_arena = arena_new();
    of->at = (struct walk_progress){.rows_total = of->table->rows};
    (void)pthread_mutex_init(&of->lock, NULL);
    (void)pthread_cond_init(&of->changed, NULL);
    of->working = n;
    for (; started < n; started++) {
        comparers[started] = (struct comparer){.of = of, .session = sessions[started]};
        if (pthread_create(&threads[started], NULL, comparer_main, &comparers[started]) != 0)
            break;
    }
    if (started < n)
        good = error_set(err, ERROR_RESOURCE, "cannot start a thread");
    lock(of);
    of->working -= n - started;
    unlock(of);
    do {
        good = good && look_around(context, of, &paused, err);
        set_state(of, paused, !good);
    } while (wait_a_while(of));
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    good = good && look_around(context, of, &paused, err);
    (void)pthread_cond_destroy(&of->changed);
    (void)pthread_mutex_destroy(&of->lock);
    arena_free(of->at_arena);
    if (good && of->failed)
        *err = of->err;
    return good && !of->failed;
}
