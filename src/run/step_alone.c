/*
 * A step that cannot run inside a transaction (a concurrent index build). Its acts and its journal row cannot commit together:
 * the journal is told before the first act that it began (status undone), after the last one that it is done, and in between the
 * step's probe is asked.
 */

#include <string.h>

#include "base/clock.h"
#include "run/executor_internal.h"

enum { TRIES = 5 };

static const double BACKOFF_LOW = 0.2, BACKOFF_HIGH = 1;

bool step_clean(struct executor *executor, const struct step *step, struct error *err)
{
    for (size_t i = 0; i < step->n_clean; i++)
        if (!executor->engine->run_alone(executor->session, step->clean[i], err))
            return false;
    return true;
}

bool step_probe(struct executor *executor, const struct step *step, bool *done, struct error *err)
{
    char value[8];
    bool null;
    *done = false;
    if (!step->probe)
        return true;
    if (!session_value(executor->session, step->probe, 0, NULL, value, sizeof value, &null, err))
        return false;
    *done = value[0] == 't';
    return true;
}

static bool journal(struct executor *executor, const struct step *step, enum journal_status status,
                    int64_t began, struct error *err)
{
    return executor->engine->journal_write(executor->session, executor->id, step->id, status,
                                           (double)(clock_us() - began) / 1e6, err);
}

/* The last act, with the fault points of its end. */
static bool run_last(struct executor *executor, const struct step *step, const char *act, struct error *err)
{
    enum fault_action fault = fault_ending(executor, step->id);
    if (fault == FAULT_DROP_CONNECTION) {
        session_send_and_drop(executor->session, act);
        return error_set(err, ERROR_LOST, "connection dropped after %s", step->id);
    }
    if (!executor->engine->run_alone(executor->session, act, err))
        return false;
    return fault != FAULT_ERROR || fault_error(step->id, FAULT_AFTER, err);
}

static bool run_acts(struct executor *executor, const struct step_run *run, struct error *err)
{
    for (size_t i = 0; i + 1 < run->n_acts; i++)
        if (!executor->engine->run_alone(executor->session, run->acts[i], err))
            return false;
    return run->n_acts == 0 || run_last(executor, run->step, run->acts[run->n_acts - 1], err);
}

/* Leaves nothing half done behind where the connection allows; the error that made it necessary stays. */
static void clear_away(struct executor *executor, const struct step_run *run, const struct error *err)
{
    struct error ignored;
    if (!run->back && err->class != ERROR_LOST && err->class != ERROR_BUG)
        (void)!step_clean(executor, run->step, &ignored);
}

static bool try_acts(struct executor *executor, const struct step_run *run, struct error *err)
{
    for (int tries = 1;; tries++) {
        if (!executor_checkpoint(executor, err) || !step_clean(executor, run->step, err))
            return false;
        if (run_acts(executor, run, err))
            return true;
        if (err->class != ERROR_BUSY || tries == TRIES)
            break;
        report_message(executor, "%s: %s; trying again", run->step->id, err->message);
        executor_sleep(executor_jitter(executor, BACKOFF_LOW, BACKOFF_HIGH));
    }
    clear_away(executor, run, err);
    return false;
}

bool step_alone(struct executor *executor, const struct step_run *run, struct error *err)
{
    int64_t began = clock_us();
    if (!fault_before(executor, run->step->id, err))
        return false;
    if (!run->back && !journal(executor, run->step, JOURNAL_UNDONE, began, err))
        return false;
    if (!try_acts(executor, run, err))
        return false;
    if (!journal(executor, run->step, run->back ? JOURNAL_UNDONE : JOURNAL_DONE, began, err))
        return false;
    fault_after(run->step->id);
    return true;
}
