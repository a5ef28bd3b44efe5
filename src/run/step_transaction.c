/*
 * A step in one short transaction together with its journal row, under the lock discipline: no request of ours may stand in
 * the lock queue for longer than a blink, because everything that comes after it stands behind it.
 */

#include <string.h>

#include "base/clock.h"
#include "run/executor_internal.h"

enum { FIRST_TIMEOUT_MS = 5, BELT_MS = 2000 };

static const double BACKOFF_LOW = 0.01, BACKOFF_HIGH = 0.2;
static const double REPORT_SECONDS = 1, KEEP_UP_SECONDS = 0.5;

struct waiting {
    struct executor *executor;
    const struct step *step;
    int64_t began_us;
    int64_t next_report_us;
    int64_t next_pass_us; /* of `before`, while something else is waited for */
    int timeout_ms;
    bool back;
};

static double waited(const struct waiting *waiting)
{
    return (double)(clock_us() - waiting->began_us) / 1e6;
}

static double ceiling_seconds(const struct executor *executor)
{
    return executor->settings->lock_ceiling_ms / 1e3;
}

static bool needs_discipline(const struct step *step)
{
    return step->n_locks > 0 && !(step->flags & STEP_NO_LOCKS);
}

/* Names who stands in the way, at most once a second. */
static void name_blockers(struct waiting *waiting, const struct blocker *blockers, size_t n)
{
    if (clock_us() < waiting->next_report_us)
        return;
    waiting->next_report_us = clock_us() + (int64_t)(REPORT_SECONDS * 1e6);
    report_blocked(waiting->executor, waiting->step, blockers, n, waited(waiting));
}

/* Real obstacles come first in the list; maintenance that yields is none. */
static size_t count_obstacles(struct blocker *blockers, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!blockers[i].yields)
            blockers[kept++] = blockers[i];
    return kept;
}

/* What the step wants to be done right before it, if anything; waiting does not make it stale. */
static bool run_before(struct waiting *waiting, struct error *err)
{
    struct executor *executor = waiting->executor;
    const struct step *step = waiting->step;
    double changes, none;
    if (!step->before || waiting->back)
        return true;
    waiting->next_pass_us = clock_us() + (int64_t)(KEEP_UP_SECONDS * 1e6);
    const struct catch_up what = {.id = executor->id,
                                  .capturer = executor->capturer,
                                  .table = step->locks[0].relation,
                                  .query = step->before,
                                  .jobs = 1};
    return step_catch_up_try(executor, step, &what, &changes, &none, err);
}

/* Returns when no transaction older than the ceiling holds or awaits a conflicting lock: behind such a one we would wait in
 * vain, with the application waiting behind us. */
static bool wait_until_clear(struct waiting *waiting, struct error *err)
{
    struct executor *executor = waiting->executor;
    const struct step *step = waiting->step;
    while (needs_discipline(step)) {
        SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
        struct blocker *blockers;
        size_t n;
        if (!executor_checkpoint(executor, err) ||
            !executor->engine->blockers(executor->session, step->locks, step->n_locks,
                                        ceiling_seconds(executor), arena, &blockers, &n, err))
            return false;
        n = count_obstacles(blockers, n);
        if (n == 0)
            return true;
        name_blockers(waiting, blockers, n);
        if (waited(waiting) > executor->settings->lock_budget_seconds)
            return report_no_lock(executor, waiting->step, blockers, n, err);
        if (clock_us() >= waiting->next_pass_us && !run_before(waiting, err) && err->class != ERROR_BUSY)
            return false;
        executor_sleep(executor_jitter(executor, BACKOFF_LOW, BACKOFF_HIGH));
    }
    return executor_checkpoint(executor, err);
}

/* A request was in vain: says who was in the way, if anyone still is, and backs off. */
static bool back_off(struct waiting *waiting, struct error *err)
{
    struct executor *executor = waiting->executor;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct blocker *blockers;
    size_t n;
    if (!executor->engine->blockers(executor->session, waiting->step->locks, waiting->step->n_locks, 0, arena,
                                    &blockers, &n, err))
        return false;
    if (waited(waiting) > REPORT_SECONDS)
        name_blockers(waiting, blockers, n);
    if (waited(waiting) > executor->settings->lock_budget_seconds)
        return report_no_lock(executor, waiting->step, blockers, n, err);
    int ceiling = executor->settings->lock_ceiling_ms;
    waiting->timeout_ms = waiting->timeout_ms * 2 < ceiling ? waiting->timeout_ms * 2 : ceiling;
    executor_sleep(executor_jitter(executor, BACKOFF_LOW, BACKOFF_HIGH));
    return true;
}

/* All acts in one message: the fewer round trips, the shorter the locks are held. */
static bool run_some(struct executor *executor, const char **acts, size_t n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    for (size_t i = 0; i < n; i++)
        text_printf(&sql, "%s\n;\n", acts[i]);
    return n == 0 || session_run(executor->session, text_string(&sql), err);
}

/* Where changes come out of the log, the last ones do when nobody can make more. */
static bool run_acts(struct executor *executor, const struct step_run *run, int wait_ms, struct error *err)
{
    size_t locking = run->step->capture && !run->back ? (size_t)run->step->capture->locking : 0;
    if (locking && (!run_some(executor, run->acts, locking, err) ||
                    !executor->engine->capture_settle(executor->capturer, wait_ms, err)))
        return false;
    return run_some(executor, run->acts + locking, run->n_acts - locking, err);
}

static bool commit(struct executor *executor, const char *point, struct error *err)
{
    enum fault_action fault = fault_ending(executor, point);
    if (fault == FAULT_ERROR)
        return fault_error(point, FAULT_AFTER, err);
    if (fault == FAULT_DROP_CONNECTION) {
        session_send_and_drop(executor->session, "COMMIT");
        return error_set(err, ERROR_LOST, "connection dropped after %s", point);
    }
    return executor->engine->commit(executor->session, err);
}

/* How long the log may be read while nobody can use the table; longer with each try that was in vain. */
static int settle_ms(const struct executor *executor, int timeout_ms)
{
    return executor->settings->lock_ceiling_ms + 10 * timeout_ms;
}

/* held: gateways wait for the commit. */
static bool try_once(struct executor *executor, const struct step_run *run, int timeout_ms, bool held,
                     struct error *err)
{
    const struct engine *engine = executor->engine;
    const struct step *step = run->step;
    int64_t began = clock_us();
    bool instant = step->duration == DURATION_NONE || step->duration == DURATION_INSTANT;
    if (!engine->begin(executor->session, timeout_ms, instant ? BELT_MS : 0, err))
        return false;
    bool good =
        (!needs_discipline(step) || engine->gate(executor->session, step->locks, step->n_locks, err)) &&
        run_acts(executor, run, settle_ms(executor, timeout_ms), err) &&
        (executor->id == 0 || engine->journal_write(executor->session, executor->id, step->id,
                                                    run->back ? JOURNAL_UNDONE : JOURNAL_DONE,
                                                    (double)(clock_us() - began) / 1e6, err)) &&
        (!held || step_release(executor, err)) && commit(executor, step->id, err);
    struct error ignored;
    if (!good && err->class != ERROR_LOST)
        (void)!engine->rollback(executor->session, &ignored);
    return good;
}

/* Where gateways stand before the server, sessions that would begin something wait while the lock is asked for, and those at work come to
 * their end: nobody queues behind the request, and it does not wait in vain. */
static bool try_held(const struct waiting *waiting, const struct step_run *run, struct error *err)
{
    struct executor *executor = waiting->executor;
    bool held = false;
    if (needs_discipline(run->step) && !step_hold(executor, waiting->timeout_ms, &held, err))
        return false;
    if (try_once(executor, run, waiting->timeout_ms, held, err))
        return true;
    struct error ignored;
    if (held && err->class != ERROR_LOST)
        (void)!step_release(executor, &ignored);
    return false;
}

bool step_transaction(struct executor *executor, const struct step_run *run, struct error *err)
{
    int ceiling = executor->settings->lock_ceiling_ms;
    struct waiting waiting = {.executor = executor,
                              .step = run->step,
                              .began_us = clock_us(),
                              .back = run->back,
                              .timeout_ms = FIRST_TIMEOUT_MS < ceiling ? FIRST_TIMEOUT_MS : ceiling};
    if (!needs_discipline(run->step))
        waiting.timeout_ms = ceiling;
    if (!fault_before(executor, run->step->id, err))
        return false;
    for (int failed = 0;;) {
        if (!wait_until_clear(&waiting, err))
            return false;
        if (run_before(&waiting, err) && try_held(&waiting, run, err))
            break;
        /* A row written this very moment: the next catching up finds it, lists it and ends the run. */
        if (run->step->before && !run->back && session_failed_at_row(err) && failed++ == 0)
            continue;
        if (err->class != ERROR_BUSY || !back_off(&waiting, err))
            return false;
    }
    fault_after(run->step->id);
    return true;
}
