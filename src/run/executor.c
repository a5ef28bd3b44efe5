#include "run/executor.h"

#include <string.h>

#include "base/clock.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

/* Longer than a killed predecessor's backend lives on (client_connection_check_interval). */
enum { FIRST_LOCK_WAIT_MS = 10000 };

bool executor_open(struct executor *executor, const struct run_settings *settings, const struct plan *plan,
                   struct error *err)
{
    *executor = (struct executor){
        .settings = settings, .engine = settings->engine, .plan = plan, .random = (uint64_t)clock_us() | 1};
    return executor_connect(executor, FIRST_LOCK_WAIT_MS, err) && throttling_check(executor, err);
}

void executor_close(struct executor *executor)
{
    if (executor->capturer)
        report_message(executor,
                       "replication slot %s keeps the server's log until segue resume or segue rollback",
                       executor->slot);
    capturing_end(executor);
    throttling_end(executor);
    session_close(executor->session);
    executor->session = NULL;
    arena_free(executor->journal_arena);
    executor->journal_arena = NULL;
    text_free(&executor->dropped);
}

bool executor_adopt(struct executor *executor, int64_t id, struct error *err)
{
    executor->id = id;
    if (executor->settings->ran)
        *executor->settings->ran = id;
    return executor_load_journal(executor, err);
}

/* An outcome that the server refused because of the rows themselves is a finding, not a failure of ours. */
static void classify(const struct step *step, struct error *err)
{
    if (err->class == ERROR_DATABASE && strncmp(err->sqlstate, "23", 2) == 0)
        err->class = ERROR_REFUSED;
    if (err->class == ERROR_INTERRUPTED && !err->hint[0])
        error_hint(err, "segue resume goes on where it stopped; segue rollback undoes everything");
    if (!err->where[0])
        error_where(err, "%s", step->id);
}

static bool forward_alone(struct executor *executor, const struct step *step, struct error *err)
{
    bool done;
    if (!step_probe(executor, step, &done, err))
        return false;
    if (done)
        return executor->engine->journal_write(executor->session, executor->id, step->id, JOURNAL_DONE, 0,
                                               err);
    bool heavy = step->duration == DURATION_SCAN || step->duration == DURATION_BUILD;
    return (!heavy || throttling_hold(executor, step, err)) &&
           step_alone(executor, &(struct step_run){.step = step, .acts = step->acts, .n_acts = step->n_acts},
                      err);
}

static bool forward_step(struct executor *executor, const struct step *step, struct error *err)
{
    if (executor_journal(executor, step) == JOURNAL_DONE)
        return true;
    switch (step->kind) {
    case STEP_TRANSACTION:
        return step_transaction(
            executor, &(struct step_run){.step = step, .acts = step->acts, .n_acts = step->n_acts}, err);
    case STEP_ALONE: return forward_alone(executor, step, err);
    case STEP_WALK:
        return step->walk->insert ? step_lanes(executor, step, err) : step_walk(executor, step, err);
    case STEP_SIDE_BY_SIDE: return step_side_by_side(executor, step, err);
    case STEP_CATCH_UP: return step_catch_up(executor, step, err);
    case STEP_CHECK: return step_check(executor, step, err);
    case STEP_VACUUM: return step_vacuum(executor, step, err);
    }
    return error_set(err, ERROR_BUG, "step of an unknown kind");
}

/*
 * What an undo outside a transaction has to do is asked, not assumed: the step may have only begun, or an earlier undo may
 * have got half way. Whatever a failed try left goes first; then what the probe still sees is undone. Several undo statements
 * run all together, each being repeatable, because the probe may turn false with the first of them.
 */
static bool back_alone(struct executor *executor, const struct step *step, struct error *err)
{
    struct step_run run = {.step = step, .back = true, .acts = step->undo, .n_acts = step->n_undo};
    bool was_done = executor_journal(executor, step) == JOURNAL_DONE;
    bool in_effect = was_done;
    if (!step_clean(executor, step, err))
        return false;
    if (step->probe && !step_probe(executor, step, &in_effect, err))
        return false;
    if (!in_effect && !(was_done && step->n_undo > 1))
        run.n_acts = 0;
    return step->undo_alone || run.n_acts == 0 ? step_alone(executor, &run, err)
                                               : step_transaction(executor, &run, err);
}

static bool back_step(struct executor *executor, const struct step *step, struct error *err)
{
    if (step->kind == STEP_ALONE || step->undo_alone)
        return back_alone(executor, step, err);
    if (step->undo_walk)
        return step_walk_back(executor, step, err);
    if (executor_journal(executor, step) != JOURNAL_DONE || step->n_undo == 0)
        return true;
    return step_transaction(
        executor, &(struct step_run){.step = step, .back = true, .acts = step->undo, .n_acts = step->n_undo},
        err);
}

/* One step to its end, across lost connections. */
static bool carry_out(struct executor *executor, const struct step *step, bool back, struct error *err)
{
    int64_t began = clock_us();
    report_step(executor, step, back, true, 0);
    while (!capturing_for(executor, back ? NULL : step, err) ||
           !(back ? back_step(executor, step, err) : forward_step(executor, step, err))) {
        if (!executor_survive(executor, err)) {
            classify(step, err);
            return false;
        }
    }
    executor->reconnects = 0;
    report_step(executor, step, back, false, (double)(clock_us() - began) / 1e6);
    return true;
}

/* Those steps of one phase that are marked, in the given direction. */
static bool run_phase(struct executor *executor, enum plan_phase phase, bool back, const bool *todo,
                      struct error *err)
{
    const struct plan *plan = executor->plan;
    int64_t began = clock_us();
    bool any = false;
    for (size_t i = 0; i < plan->n_steps; i++) {
        size_t at = back ? plan->n_steps - 1 - i : i;
        if (plan->steps[at].phase != phase || !todo[at])
            continue;
        if (!any)
            report_phase(executor, phase, back, true, 0);
        any = true;
        if (!carry_out(executor, &plan->steps[at], back, err))
            return false;
    }
    if (any)
        report_phase(executor, phase, back, false, (double)(clock_us() - began) / 1e6);
    return true;
}

bool executor_forward(struct executor *executor, enum plan_phase first, enum plan_phase last,
                      struct error *err)
{
    const struct plan *plan = executor->plan;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    bool *todo = arena_alloc(arena, plan->n_steps + 1);
    for (size_t i = 0; i < plan->n_steps; i++)
        todo[i] = executor_journal(executor, &plan->steps[i]) != JOURNAL_DONE;
    for (int phase = (int)first; phase <= (int)last; phase++)
        if (!run_phase(executor, (enum plan_phase)phase, false, todo, err))
            return false;
    return true;
}

/* How many of the first steps an earlier rollback has not dealt with yet: it stops at the earliest step that it undid in one
 * transaction. (A step outside a transaction is marked undone when it begins, too, so such a mark says nothing.) */
static size_t still_standing(const struct executor *executor)
{
    const struct plan *plan = executor->plan;
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].kind != STEP_ALONE && !plan->steps[i].undo_alone &&
            executor_journal(executor, &plan->steps[i]) == JOURNAL_UNDONE)
            return i;
    return plan->n_steps;
}

static bool must_undo(const struct executor *executor, const struct step *step)
{
    if (step->phase == PHASE_CHECK)
        return false;
    switch (executor_journal(executor, step)) {
    case JOURNAL_DONE: return step->n_undo > 0 || step->kind == STEP_ALONE || step->undo_walk;
    case JOURNAL_UNDONE: return step->kind == STEP_ALONE || step->undo_alone;
    case JOURNAL_NONE: return step->undo_walk != NULL; /* it may have got half way */
    }
    return false;
}

bool executor_back(struct executor *executor, struct error *err)
{
    const struct plan *plan = executor->plan;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    bool *todo = arena_alloc(arena, plan->n_steps + 1);
    size_t standing = still_standing(executor);
    for (size_t i = 0; i < standing; i++)
        todo[i] = must_undo(executor, &plan->steps[i]);
    for (int phase = PHASE_COUNT - 1; phase >= 0; phase--)
        if (!run_phase(executor, (enum plan_phase)phase, true, todo, err))
            return false;
    return true;
}

const struct step *executor_no_return(const struct executor *executor)
{
    const struct plan *plan = executor->plan;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];
        enum journal_status status = executor_journal(executor, step);
        /* A step outside a transaction has no middle that could be trusted: a concurrent drop that began has made its index
         * useless already. */
        bool begun = step->kind == STEP_ALONE && status != JOURNAL_NONE;
        if ((step->flags & STEP_NO_RETURN) && (begun || status == JOURNAL_DONE))
            return step;
    }
    return NULL;
}
