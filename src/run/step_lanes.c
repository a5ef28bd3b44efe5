/*
 * A walk into a new table: the table's pages are divided into lanes, each with a durable progress of its own, and some sessions
 * side by side take one lane after another. Nobody reads the new table yet and no row is locked, so chunks may be
 * longer than those of a walk in place. The executor's own session looks for signals and pauses meanwhile.
 */

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "move/pace.h"
#include "move/progress.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

enum { LANES = 32, LEAST_CHUNK_MS = 50 };
static const double LOOK_SECONDS = 0.1, HOLD_SECONDS = 0.005;

struct lanes {
    struct executor *executor;
    const struct step *step;
    int n;
    atomic_int next;    /* the first lane that nobody has taken */
    atomic_int working; /* workers that have not ended */
    atomic_bool stop, hold;
    pthread_mutex_t lock; /* of what follows */
    double rows_done;
    long chunk_rows;
    bool failed;
    struct error error; /* the first one */
};

struct lane {
    struct lanes *lanes;
    struct session *session;
    struct arena *arena;
    struct step step; /* with the lane's id */
    struct walk_progress at;
    struct pace pace;
};

static void fail(struct lanes *lanes, const struct error *err)
{
    (void)pthread_mutex_lock(&lanes->lock);
    if (!lanes->failed)
        lanes->error = *err;
    lanes->failed = true;
    (void)pthread_mutex_unlock(&lanes->lock);
    atomic_store(&lanes->stop, true);
}

static void count(struct lanes *lanes, double rows, long chunk_rows)
{
    (void)pthread_mutex_lock(&lanes->lock);
    lanes->rows_done += rows;
    lanes->chunk_rows = chunk_rows;
    (void)pthread_mutex_unlock(&lanes->lock);
}

/* After work of that length, for as long as the throttle wants it, and while there is a pause. */
static void rest(const struct lanes *lanes, double worked)
{
    int64_t began = clock_us();
    while (!atomic_load(&lanes->stop)) {
        double left = throttling_left(lanes->executor, worked, (double)(clock_us() - began) / 1e6);
        if (left <= 0 && !atomic_load(&lanes->hold))
            return;
        executor_sleep(left > LOOK_SECONDS ? LOOK_SECONDS : left > 0 ? left : HOLD_SECONDS);
    }
}

static bool one_chunk(struct lane *lane, struct error *err)
{
    struct lanes *lanes = lane->lanes;
    const struct engine *engine = lanes->executor->engine;
    SEGUE_CLEANUP(text_free) struct text sample = {0};
    double mismatches = 0;
    long rows = 0;
    int64_t began = clock_us();
    if (!engine->walk_chunk(lane->session, lanes->executor->id, &lane->step, lane->pace.rows, lane->arena,
                            &lane->at, &rows, &mismatches, &sample, err)) {
        if (err->class != ERROR_BUSY)
            return false;
        pace_busy(&lane->pace);
        executor_sleep(LOOK_SECONDS);
        return true;
    }
    double worked = (double)(clock_us() - began) / 1e6;
    pace_done(&lane->pace, rows, lane->at.row_seconds);
    count(lanes, (double)rows, lane->pace.rows);
    rest(lanes, worked);
    return true;
}

static bool one_lane(struct lane *lane, int number, struct error *err)
{
    struct lanes *lanes = lane->lanes;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    lane->arena = arena;
    lane->step = *lanes->step;
    lane->step.id = arena_printf(arena, "%s/lane-%d", lanes->step->id, number);
    if (!lanes->executor->engine->walk_load(lane->session, lanes->executor->id, &lane->step, arena, &lane->at,
                                            err))
        return false;
    count(lanes, lane->at.rows_done, lane->pace.rows);
    rest(lanes, 0);
    while (!lane->at.finished && !atomic_load(&lanes->stop))
        if (!one_chunk(lane, err))
            return false;
    return true;
}

static bool work(struct lane *lane, struct error *err)
{
    struct lanes *lanes = lane->lanes;
    const struct run_settings *settings = lanes->executor->settings;
    const struct session_settings session = {.url = settings->url,
                                             .application_name = "segue",
                                             .search_path = lanes->executor->plan->search_path,
                                             .cancel_with_client = true};
    double chunk_ms = settings->chunk_ms > LEAST_CHUNK_MS ? settings->chunk_ms : LEAST_CHUNK_MS;
    pace_init(&lane->pace, chunk_ms / 1e3);
    if (!settings->engine->open(&session, &lane->session, err))
        return false;
    for (;;) {
        int number = atomic_fetch_add(&lanes->next, 1);
        if (number > lanes->n || atomic_load(&lanes->stop))
            return true;
        if (!one_lane(lane, number, err))
            return false;
    }
}

static void *worker(void *argument)
{
    struct lane lane = {.lanes = argument};
    struct lanes *lanes = argument;
    struct error err;
    if (!work(&lane, &err))
        fail(lanes, &err);
    session_close(lane.session);
    (void)atomic_fetch_sub(&lanes->working, 1);
    return NULL;
}

static void report(struct lanes *lanes, struct progress *progress, bool finished)
{
    (void)pthread_mutex_lock(&lanes->lock);
    double done = lanes->rows_done, total = lanes->step->walk->rows;
    struct run_walk seen = {
        .step = lanes->step, .rows_done = done, .chunk_rows = lanes->chunk_rows, .finished = finished};
    (void)pthread_mutex_unlock(&lanes->lock);
    seen.rows_total = finished || total < done ? done : total;
    progress_update(progress, done, seen.rows_total, (double)clock_us() / 1e6);
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    seen.throttled = lanes->executor->throttled;
    seen.duty = throttling_duty(lanes->executor);
    seen.slow_because = throttling_reason(lanes->executor, &reason) ? text_string(&reason) : NULL;
    seen.rows_per_s = progress->rate;
    seen.eta_seconds = progress_eta(progress);
    report_walk(lanes->executor, &seen);
}

/* The executor's session meanwhile: a pause holds the workers at their next chunk, a signal ends them. */
static void watch(struct lanes *lanes)
{
    struct progress progress;
    struct error err;
    progress_init(&progress, 0, lanes->step->walk->rows, (double)clock_us() / 1e6);
    while (atomic_load(&lanes->working) > 0) {
        executor_sleep(LOOK_SECONDS);
        report(lanes, &progress, false);
        throttling_tell(lanes->executor);
        atomic_store(&lanes->hold, true);
        if (!atomic_load(&lanes->stop) && !executor_checkpoint(lanes->executor, &err))
            fail(lanes, &err);
        atomic_store(&lanes->hold, false);
    }
    report(lanes, &progress, true);
}

static bool run(struct lanes *lanes, struct error *err)
{
    pthread_t threads[LANES];
    int wanted = lanes->executor->settings->jobs, n = 0;
    (void)pthread_mutex_init(&lanes->lock, NULL);
    while (n < wanted && n < lanes->n && n < LANES) {
        (void)atomic_fetch_add(&lanes->working, 1);
        if (pthread_create(&threads[n], NULL, worker, lanes) != 0) {
            (void)atomic_fetch_sub(&lanes->working, 1);
            break;
        }
        n++;
    }
    watch(lanes);
    for (int i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    (void)pthread_mutex_destroy(&lanes->lock);
    if (!n)
        return error_set(err, ERROR_RESOURCE, "no thread could be started");
    if (lanes->failed)
        *err = lanes->error;
    return !lanes->failed;
}

bool step_lanes(struct executor *executor, const struct step *step, struct error *err)
{
    struct lanes lanes = {.executor = executor, .step = step, .next = 1};
    int64_t began = clock_us();
    if (!fault_before(executor, step->id, err) ||
        !throttling_watch(executor, step->walk, step->walk->rows, err) ||
        !executor->engine->walk_divide(executor->session, executor->id, step, LANES, &lanes.n, err) ||
        !run(&lanes, err))
        return false;
    enum fault_action fault = fault_ending(executor, step->id);
    if (fault == FAULT_ERROR)
        return fault_error(step->id, FAULT_AFTER, err);
    if (fault == FAULT_DROP_CONNECTION)
        session_drop(executor->session);
    if (!executor->engine->journal_write(executor->session, executor->id, step->id, JOURNAL_DONE,
                                         (double)(clock_us() - began) / 1e6, err))
        return false;
    fault_after(step->id);
    return true;
}
