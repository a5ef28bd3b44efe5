/*
 * A walk into a new table: the table's pages are divided into lanes, each with a durable progress of its own, and some sessions
 * side by side take one lane after another. Nobody reads the new table yet and no row is locked; but where others are at work, they
 * need the processors: sessions then take turns. The executor's own session looks for signals and pauses meanwhile.
 */

#include <math.h>

#include "base/clock.h"
#include "move/pace.h"
#include "move/progress.h"
#include "run/executor_internal.h"
#include "run/side_by_side.h"
#include "run/throttling.h"

enum { LANES = 32 };
static const double LOOK_SECONDS = 0.1, HOLD_SECONDS = 0.005;

struct lanes {
    struct executor *executor;
    const struct step *step;
    struct side_by_side side; /* its lock guards what follows */
    double rows_done;
    double row_seconds; /* of all sessions together */
    long chunk_rows;
    struct pace pace; /* as the last lane left it, for the next */
    struct progress progress;
    pthread_mutex_t
        turn; /* held from a chunk's begin to the end of the rest after it, where others are at work */
};

struct lane {
    struct lanes *lanes;
    struct session *session;
    struct arena *arena;
    struct step step; /* with the lane's id */
    struct walk_progress at;
    struct pace pace;
};

static void count(struct lanes *lanes, double rows, double row_seconds, const struct pace *pace)
{
    (void)pthread_mutex_lock(&lanes->side.lock);
    lanes->rows_done += rows;
    lanes->row_seconds += row_seconds;
    lanes->chunk_rows = pace->rows;
    lanes->pace = *pace;
    (void)pthread_mutex_unlock(&lanes->side.lock);
}

/* After work of that length, for as long as the throttle wants it, and while there is a pause. */
static void rest(const struct lanes *lanes, double worked)
{
    int64_t began = clock_us();
    while (!atomic_load(&lanes->side.stop)) {
        double left = throttling_left(lanes->executor, worked, (double)(clock_us() - began) / 1e6);
        if (left <= 0 && !atomic_load(&lanes->side.hold))
            return;
        executor_sleep(left > LOOK_SECONDS ? LOOK_SECONDS : left > 0 ? left : HOLD_SECONDS);
    }
}

static bool one_chunk(struct lane *lane, struct error *err)
{
    struct lanes *lanes = lane->lanes;
    pace_aim(&lane->pace, throttling_chunk_seconds(lanes->executor, false));
    const struct engine *engine = lanes->executor->engine;
    SEGUE_CLEANUP(text_free) struct text sample = {0};
    double mismatches = 0;
    long rows = 0;
    int64_t began = clock_us();
    lane->at.most_seconds = pace_most(&lane->pace);
    throttling_work_begins(lanes->executor);
    bool good = engine->walk_chunk(lane->session, lanes->executor->id, &lane->step, lane->pace.rows,
                                   lane->arena, &lane->at, &rows, &mismatches, &sample, err);
    throttling_work_ends(lanes->executor);
    if (!good) {
        if (err->class != ERROR_BUSY)
            return false;
        pace_busy(&lane->pace);
        executor_sleep(LOOK_SECONDS);
        return true;
    }
    double worked = (double)(clock_us() - began) / 1e6;
    if (lane->at.cut_to)
        pace_cut(&lane->pace, lane->at.cut_to);
    pace_done(&lane->pace, rows, lane->at.row_seconds);
    count(lanes, (double)rows, lane->at.row_seconds, &lane->pace);
    rest(lanes, worked);
    return true;
}

static bool one_lane(struct side_by_side *side, struct session *session, int number, struct error *err)
{
    struct lanes *lanes = side->context;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct lane lane = {.lanes = lanes, .session = session, .arena = arena, .step = *lanes->step};
    (void)pthread_mutex_lock(&side->lock);
    lane.pace = lanes->pace;
    (void)pthread_mutex_unlock(&side->lock);
    lane.step.id = arena_printf(arena, "%s" WALK_LANE "%d", lanes->step->id, number);
    if (!lanes->executor->engine->walk_load(session, lanes->executor->id, &lane.step, arena, &lane.at, err))
        return false;
    count(lanes, lane.at.rows_done, 0, &lane.pace);
    rest(lanes, 0);
    bool good = true;
    while (good && !lane.at.finished && !atomic_load(&side->stop)) {
        bool alone = throttling_jobs(lanes->executor) == 1;
        if (alone)
            (void)pthread_mutex_lock(&lanes->turn);
        good = one_chunk(&lane, err);
        if (alone)
            (void)pthread_mutex_unlock(&lanes->turn);
    }
    return good;
}

static void report(struct side_by_side *side, bool finished)
{
    struct lanes *lanes = side->context;
    (void)pthread_mutex_lock(&side->lock);
    double done = lanes->rows_done, total = lanes->step->walk->rows;
    struct run_walk seen = {
        .step = lanes->step, .rows_done = done, .chunk_rows = lanes->chunk_rows, .finished = finished};
    seen.row_seconds = lanes->row_seconds / fmax(1, fmin(side->jobs, side->n));
    (void)pthread_mutex_unlock(&side->lock);
    seen.rows_total = finished || total < done ? done : total;
    progress_update(&lanes->progress, done, seen.rows_total, (double)clock_us() / 1e6);
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    seen.throttled = lanes->executor->throttled;
    seen.duty = throttling_duty(lanes->executor);
    seen.slow_because = throttling_reason(lanes->executor, &reason) ? text_string(&reason) : NULL;
    seen.rows_per_s = lanes->progress.rate;
    seen.eta_seconds = progress_eta(&lanes->progress);
    report_walk(lanes->executor, &seen);
}

static bool run(struct lanes *lanes, struct error *err)
{
    lanes->side.executor = lanes->executor;
    lanes->side.jobs = lanes->executor->settings->jobs;
    lanes->side.work = one_lane;
    lanes->side.look = report;
    lanes->side.context = lanes;
    pace_init(&lanes->pace, throttling_chunk_seconds(lanes->executor, false));
    progress_init(&lanes->progress, 0, lanes->step->walk->rows, (double)clock_us() / 1e6);
    (void)pthread_mutex_init(&lanes->turn, NULL);
    bool good = side_by_side(&lanes->side, err);
    (void)pthread_mutex_destroy(&lanes->turn);
    return good;
}

/* What cannot be paced afterwards is done before the first rows come. */
static bool ahead(struct executor *executor, const struct step *step, struct error *err)
{
    for (size_t i = 0; i < step->n_acts && throttling_guards(executor); i++)
        if (!executor_checkpoint(executor, err) ||
            !executor->engine->run_alone(executor->session, step->acts[i], err))
            return false;
    return true;
}

bool step_lanes(struct executor *executor, const struct step *step, struct error *err)
{
    struct lanes lanes = {.executor = executor, .step = step};
    int64_t began = clock_us();
    if (!fault_before(executor, step->id, err) ||
        !executor->engine->walk_divide(executor->session, executor->id, step, LANES, &lanes.side.n, err) ||
        !throttling_watch(executor, step->walk, step->walk->rows, err) || !ahead(executor, step, err) ||
        !run(&lanes, err))
        return false;
    return step_end(executor, step->id, step->id, JOURNAL_DONE, began, err);
}
