/* A walk: chunk after chunk at the pace that leaves the application its share, until the end of the table. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "move/pace.h"
#include "move/progress.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

enum { POINT_SIZE = 300 };

static const double BACKOFF_LOW = 0.01, BACKOFF_HIGH = 0.1;
static const double REST_SLICE = 0.25;
static const double REPORT_SECONDS = 1;

struct walking {
    struct executor *executor;
    const struct step *step;
    struct arena
        *arena; /* of the progress; a new one each chunk, so that memory stays small however long the walk */
    struct walk_progress at;
    struct pace pace;
    struct progress progress;
    double mismatches;
    struct text sample;
    int64_t blocked_since_us; /* 0: the last chunk went through */
    int64_t next_report_us;
};

static double now(void)
{
    return (double)clock_us() / 1e6;
}

static void walking_cleanup(struct walking *walking)
{
    arena_free(walking->arena);
    text_free(&walking->sample);
}

static void report(struct walking *walking, const char *waiting_for)
{
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    bool slow = throttling_reason(walking->executor, &reason);
    const struct run_walk seen = {.step = walking->step,
                                  .rows_done = walking->at.rows_done,
                                  .rows_total = walking->at.rows_total,
                                  .rows_per_s = walking->progress.rate,
                                  .eta_seconds = progress_eta(&walking->progress),
                                  .chunk_rows = walking->pace.rows,
                                  .waiting_for = waiting_for,
                                  .throttled = walking->executor->throttled,
                                  .duty = throttling_duty(walking->executor),
                                  .slow_because = slow ? text_string(&reason) : NULL,
                                  .finished = walking->at.finished};
    report_walk(walking->executor, &seen);
}

/* Moves the progress into an arena of its own and lets go of the chunk's. */
static void renew_arena(struct walking *walking)
{
    struct arena *fresh = arena_new();
    walking->at.last = arena_strdups(fresh, walking->at.last, walking->at.n_last);
    walking->at.finish = arena_strdups(fresh, walking->at.finish, walking->at.n_finish);
    arena_free(walking->arena);
    walking->arena = fresh;
}

static bool load(struct walking *walking, struct error *err)
{
    struct executor *executor = walking->executor;
    walking->arena = arena_new();
    if (!executor->engine->walk_load(executor->session, executor->id, walking->step, walking->arena,
                                     &walking->at, err))
        return false;
    pace_init(&walking->pace, executor->settings->chunk_ms / 1e3);
    progress_init(&walking->progress, walking->at.rows_done, walking->at.rows_total, now());
    return true;
}

/* In slices, so that a pause, a signal and the throttle are heard while resting from a long chunk. */
static bool rest(struct walking *walking, double worked, struct error *err)
{
    struct executor *executor = walking->executor;
    double began = now();
    for (;;) {
        double left = throttling_left(executor, worked, now() - began);
        throttling_tell(executor);
        if (left <= 0)
            return true;
        executor_sleep(left < REST_SLICE ? left : REST_SLICE);
        if (!executor_checkpoint(executor, err))
            return false;
        report(walking, NULL);
    }
}

/* The planner's count of rows may have been far too low. */
static bool watch(struct walking *walking, struct error *err)
{
    double rows =
        walking->at.rows_total > walking->at.rows_done ? walking->at.rows_total : walking->at.rows_done;
    return throttling_watch(walking->executor, walking->step->walk, rows, err);
}

/* Who may hold the row that a chunk waits for: whoever writes to the table. */
static bool name_blockers(struct walking *walking, struct error *cause, struct error *err)
{
    struct executor *executor = walking->executor;
    const struct step_lock lock = {.relation = walking->step->walk->table, .mode = "EXCLUSIVE"};
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text names = {0};
    struct blocker *blockers;
    size_t n;
    double waited = (double)(clock_us() - walking->blocked_since_us) / 1e6;
    if (!executor->engine->blockers(executor->session, &lock, 1, REPORT_SECONDS, arena, &blockers, &n, err))
        return false;
    report_blocked(executor, walking->step, blockers, n, waited);
    if (waited <= executor->settings->lock_budget_seconds)
        return true;
    report_blockers(&names, blockers, n);
    *err = *cause;
    error_detail(err, "waited %.0f s\n%s", waited, text_string(&names));
    return error_hint(err, "segue resume goes on when these sessions have ended");
}

static bool back_off(struct walking *walking, struct error *err)
{
    struct error cause = *err;
    pace_busy(&walking->pace);
    if (walking->blocked_since_us == 0) {
        walking->blocked_since_us = clock_us();
        walking->next_report_us = clock_us() + (int64_t)(REPORT_SECONDS * 1e6);
    }
    report(walking, "a row lock");
    throttling_tell(walking->executor);
    if (clock_us() >= walking->next_report_us) {
        walking->next_report_us = clock_us() + (int64_t)(REPORT_SECONDS * 1e6);
        if (!name_blockers(walking, &cause, err))
            return false;
    }
    executor_sleep(executor_jitter(walking->executor, BACKOFF_LOW, BACKOFF_HIGH));
    return true;
}

static bool one_chunk(struct walking *walking, struct error *err)
{
    struct executor *executor = walking->executor;
    char point[POINT_SIZE];
    long rows = 0;
    (void)snprintf(point, sizeof point, "%s/chunk-%" PRId64, walking->step->id, walking->at.chunks + 1);
    pace_aim(&walking->pace, throttling_chunk_seconds(executor, true));
    walking->at.most_seconds = pace_most(&walking->pace);
    if (!executor_checkpoint(executor, err) || !fault_before(executor, point, err))
        return false;
    throttling_work_begins(executor);
    bool good = executor->engine->walk_chunk(executor->session, executor->id, walking->step,
                                             walking->pace.rows, walking->arena, &walking->at, &rows,
                                             &walking->mismatches, &walking->sample, err);
    throttling_work_ends(executor);
    if (!good)
        return err->class == ERROR_BUSY && back_off(walking, err);
    double worked = walking->at.row_seconds;
    executor->reconnects = 0;
    walking->blocked_since_us = 0;
    if (walking->at.cut_to)
        pace_cut(&walking->pace, walking->at.cut_to);
    pace_done(&walking->pace, rows, worked);
    progress_update(&walking->progress, walking->at.rows_done, walking->at.rows_total, now());
    renew_arena(walking);
    report(walking, NULL);
    if (walking->at.finished)
        return true;
    if (!executor->throttled && walking->at.rows_done >= THROTTLED_ROWS && !watch(walking, err))
        return false;
    return rest(walking, worked, err);
}

static bool refuse(const struct walking *walking, struct error *err)
{
    error_set(err, ERROR_REFUSED, "the two shapes of %s differ in %.0f rows", walking->step->walk->table,
              walking->mismatches);
    error_detail(err, "for example:\n%s", text_string(&walking->sample));
    return error_hint(
        err,
        "look at the up and down expressions for these rows; segue resume compares again from the first of "
        "them, segue rollback undoes everything");
}

/* id: of the step that the journal knows. */
static bool finish(struct walking *walking, const char *id, enum journal_status status, int64_t began_us,
                   struct error *err)
{
    struct executor *executor = walking->executor;
    const struct step *step = walking->step;
    if (walking->mismatches > 0)
        return refuse(walking, err);
    return step_end(executor, step->id, id, status, began_us, err);
}

/* Rows that failed are tried once more at the end: in the meantime somebody may have mended them. What is left then holds the migration up
 * before anything is built on the new shape. */
static bool sweep(struct walking *walking, struct error *err)
{
    struct executor *executor = walking->executor;
    bool again;
    if (!walking->step->walk->leaves_stubborn)
        return true;
    /* Those of a table without a key can only be found by another walk, which the next run begins with. */
    if (walking->step->walk->n_keys &&
        !executor->engine->walk_sweep(executor->session, executor->id, walking->step, &again, err))
        return false;
    return step_refuse_stubborn(executor, walking->step->walk->table, walking->step->id, err);
}

/*
 * Rows that another run has left are tried first: some may have been mended, so that others find room in the list. Those of a table without
 * a key can only be found by another walk, when this one has come to its end.
 */
static bool begin_anew(struct walking *walking, struct error *err)
{
    struct executor *executor = walking->executor;
    bool again = false;
    if (!walking->step->walk->leaves_stubborn || (!walking->at.finished && !walking->step->walk->n_keys))
        return true;
    if (!executor->engine->walk_sweep(executor->session, executor->id, walking->step, &again, err))
        return false;
    if (!again)
        return true;
    arena_free(walking->arena);
    walking->arena = NULL;
    return load(walking, err);
}

/* Rows that come from now on have their new shape: what is to be walked does not grow while the server is measured, or while work rests. */
static bool find_end(struct walking *walking, struct error *err)
{
    struct executor *executor = walking->executor;
    long rows;
    while (!walking->at.finish && !walking->at.finished) {
        if (!executor_checkpoint(executor, err))
            return false;
        if (!executor->engine->walk_chunk(executor->session, executor->id, walking->step, 0, walking->arena,
                                          &walking->at, &rows, &walking->mismatches, &walking->sample, err) &&
            (err->class != ERROR_BUSY || !back_off(walking, err)))
            return false;
    }
    return true;
}

static bool walk_on(struct walking *walking, struct error *err)
{
    if (!find_end(walking, err))
        return false;
    report(walking, NULL);
    /* Before the first chunk too, work may have to rest. */
    if (!walking->at.finished && (!watch(walking, err) || !rest(walking, 0, err)))
        return false;
    while (!walking->at.finished)
        if (!one_chunk(walking, err))
            return false;
    return true;
}

bool step_walk(struct executor *executor, const struct step *step, struct error *err)
{
    SEGUE_CLEANUP(walking_cleanup) struct walking walking = {.executor = executor, .step = step};
    int64_t began = clock_us();
    return fault_before(executor, step->id, err) && load(&walking, err) && begin_anew(&walking, err) &&
           walk_on(&walking, err) && sweep(&walking, err) &&
           finish(&walking, step->id, JOURNAL_DONE, began, err);
}

/* The way back ends where the walk had come to: rows behind that were never touched by it. */
static bool load_back(struct walking *walking, const struct walking *forward, struct error *err)
{
    if (!load(walking, err))
        return false;
    if (walking->at.finish || walking->at.finished)
        return true;
    walking->at.finish = arena_strdups(walking->arena, forward->at.last, forward->at.n_last);
    walking->at.n_finish = forward->at.n_last;
    walking->at.finished = forward->at.last == NULL;
    return true;
}

bool step_walk_back(struct executor *executor, const struct step *step, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct step undo = *step;
    undo.id = arena_printf(arena, "%s/undo", step->id);
    undo.walk = step->undo_walk;
    SEGUE_CLEANUP(walking_cleanup) struct walking forward = {.executor = executor, .step = step};
    SEGUE_CLEANUP(walking_cleanup) struct walking walking = {.executor = executor, .step = &undo};
    int64_t began = clock_us();
    return fault_before(executor, undo.id, err) && load(&forward, err) &&
           load_back(&walking, &forward, err) && walk_on(&walking, err) &&
           finish(&walking, step->id, JOURNAL_UNDONE, began, err);
}
