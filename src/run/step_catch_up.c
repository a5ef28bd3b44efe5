/* Catching up: what changed while rows were copied is copied again, until hardly anything is left; then the comparison. */

#include <math.h>

#include "base/clock.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

/* So many changes are applied within the moment that the swap takes. */
static const double FEW_CHANGES = 1000;
static const double BACKOFF_LOW = 0.05, BACKOFF_HIGH = 0.3, REPORT_SECONDS = 1;
/* A table that is written as fast as it is caught up with is taken with more of them, rather than never; and at last not at all, because
 * nobody may use it while they are applied. */
enum { PATIENCE = 10, MOST_PASSES = 20, ENOUGH_PASSES = 5 };
/* So many times as many changes as in the best pass are no chance any more. */
static const double GROWN = 3;

static bool refuse(const struct step *step, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s", step->check->message);
    return error_hint(err, "%s", step->check->hint);
}

static bool refuse_fast(const struct step *step, double changes, struct error *err)
{
    error_set(err, ERROR_BUSY, "%s is written faster than its rows can be copied again",
              step->locks[0].relation);
    error_detail(err, "%.0f changes came while those before them were copied", changes);
    return error_hint(err, "segue resume goes on from here when less is written; or segue rollback, then "
                           "start with --strategy in-place, which ends however much is written");
}

bool step_catch_up_try(struct executor *executor, const struct step *step, const struct catch_up *what,
                       double *changes, double *count, struct error *err)
{
    return executor->engine->catch_up(executor->session, what, changes, count, err) &&
           step_refuse_stubborn(executor, step->locks[0].relation, NULL, err);
}

/* Whoever has the table to himself is named once a second, and waited for as long as in any other step; nobody waits behind us. */
static bool back_off(struct executor *executor, const struct step *step, int64_t began, int64_t *next_report,
                     struct error *err)
{
    double waited = (double)(clock_us() - began) / 1e6;
    bool spent = waited > executor->settings->lock_budget_seconds;
    if (spent || clock_us() >= *next_report) {
        SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
        struct blocker *blockers;
        size_t n;
        *next_report = clock_us() + (int64_t)(REPORT_SECONDS * 1e6);
        if (!executor->engine->blockers(executor->session, step->locks, step->n_locks, 0, arena, &blockers,
                                        &n, err))
            return false;
        if (spent)
            return report_no_lock(executor, step, blockers, n, err);
        report_blocked(executor, step, blockers, n, waited);
    }
    executor_sleep(executor_jitter(executor, BACKOFF_LOW, BACKOFF_HIGH));
    return true;
}

static struct catch_up what_to_do(const struct executor *executor, const struct step *step)
{
    return (struct catch_up){.id = executor->id,
                             .capturer = executor->capturer,
                             .table = step->locks[0].relation,
                             .query = step->acts[0],
                             .check = step->check ? step->check->count : NULL,
                             .few = FEW_CHANGES,
                             .jobs = throttling_jobs(executor)};
}

static bool try_pass(struct executor *executor, const struct step *step, const struct catch_up *what,
                     double *changes, double *count, struct error *err)
{
    int64_t began = clock_us(), next_report = began + (int64_t)(REPORT_SECONDS * 1e6);
    for (;;) {
        if (!executor_checkpoint(executor, err))
            return false;
        if (step_catch_up_try(executor, step, what, changes, count, err))
            return true;
        if (err->class != ERROR_BUSY || !back_off(executor, step, began, &next_report, err))
            return false;
    }
}

static bool pass(struct executor *executor, const struct step *step, const struct catch_up *what,
                 double *changes, struct error *err)
{
    double count;
    if (!try_pass(executor, step, what, changes, &count, err))
        return false;
    executor->reconnects = 0;
    return !step->check || count == 0 || refuse(step, err);
}

bool step_catch_up_once(struct executor *executor, const struct step *step, struct error *err)
{
    const struct catch_up what = what_to_do(executor, step);
    double changes;
    return pass(executor, step, &what, &changes, err);
}

static bool work(struct executor *executor, const struct step *step, struct error *err)
{
    struct catch_up what = what_to_do(executor, step);
    enum parts_outcome parts;
    double changes = 0, least = INFINITY;
    if (!step_parts(executor, step, &what, &parts, err) || (parts == PARTS_DIFFER && !refuse(step, err)))
        return false;
    if (parts == PARTS_DONE)
        what.check = NULL;
    for (int passes = 1; passes <= MOST_PASSES; passes++) {
        what.jobs = throttling_jobs(executor);
        if (!pass(executor, step, &what, &changes, err))
            return false;
        if (changes <= what.few)
            return true;
        if (passes >= ENOUGH_PASSES && changes > GROWN * least)
            break;
        least = fmin(least, changes);
        report_message(executor, "%.0f changes applied; more came meanwhile", changes);
        /* Applied changes leave dead rows in the journal, through which the next pass would have to go. */
        for (size_t i = 0; i < step->n_clean; i++)
            if (!executor->engine->run_alone(executor->session, step->clean[i], err))
                return false;
        if (passes >= PATIENCE)
            what.few *= 2;
    }
    return refuse_fast(step, changes, err);
}

bool step_catch_up(struct executor *executor, const struct step *step, struct error *err)
{
    int64_t began = clock_us();
    if (!fault_before(executor, step->id, err) ||
        !(step->flags & STEP_SETTLES ? step_settle(executor, step, err) : work(executor, step, err)))
        return false;
    return step_end(executor, step->id, step->id, JOURNAL_DONE, began, err);
}
