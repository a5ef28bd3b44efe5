/* Calls of the observer, which may be absent or have gaps. */

#include <stdarg.h>
#include <stdio.h>

#include "run/executor_internal.h"

enum { MESSAGE_SIZE = 1024 };

static const struct run_observer *observer(const struct executor *executor)
{
    static const struct run_observer silent = {0};
    return executor->settings->observer ? executor->settings->observer : &silent;
}

void report_message(const struct executor *executor, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (observer(executor)->message)
        observer(executor)->message(observer(executor)->context, message);
}

void report_phase(const struct executor *executor, enum plan_phase phase, bool back, bool begin,
                  double seconds)
{
    const struct run_observer *to = observer(executor);
    if (begin && to->phase_begin)
        to->phase_begin(to->context, phase, back);
    if (!begin && to->phase_end)
        to->phase_end(to->context, phase, back, seconds);
}

void report_step(const struct executor *executor, const struct step *step, bool back, bool begin,
                 double seconds)
{
    const struct run_observer *to = observer(executor);
    if (begin && to->step_begin)
        to->step_begin(to->context, step, back);
    if (!begin && to->step_end)
        to->step_end(to->context, step, back, seconds);
}

void report_walk(const struct executor *executor, const struct run_walk *walk)
{
    const struct run_observer *to = observer(executor);
    if (to->walk)
        to->walk(to->context, walk);
}

void report_blocked(const struct executor *executor, const struct step *step, const struct blocker *blockers,
                    size_t n, double waited_seconds)
{
    const struct run_observer *to = observer(executor);
    if (to->blocked)
        to->blocked(to->context, step, blockers, n, waited_seconds);
}

bool report_no_lock(const struct executor *executor, const struct step *step, const struct blocker *blockers,
                    size_t n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    report_blockers(&names, blockers, n);
    error_set(err, ERROR_BUSY, "no lock on %s within %.3g s; nothing of this step was done",
              step->n_locks ? step->locks[0].relation : "its tables",
              executor->settings->lock_budget_seconds);
    error_detail(err, "%s", text_string(&names));
    if (n == 0)
        return error_hint(
            err,
            "those in the way come and go: run the same command again, or give it a larger --lock-budget");
    return error_hint(
        err, "run the same command again when these sessions have ended, or give it a larger --lock-budget");
}

void report_blockers(struct text *out, const struct blocker *blockers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct blocker *b = &blockers[i];
        text_printf(out, "%sprocess %d (%s%s%s, %s) holds %s on %s for %.1f s%s%s", i ? "\n" : "", b->pid,
                    b->user, *b->application ? ", " : "", b->application, b->state, b->mode, b->relation,
                    b->transaction_seconds, *b->query ? ": " : "", b->query);
    }
}
