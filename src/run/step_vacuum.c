/*
 * A step that frees room: one VACUUM on a session of its own, at the share of time that work may take. It cannot be made slower
 * while it runs, so when that share falls far, or work must rest, it is cancelled and begun again later: the pages that it
 * has cleaned stay clean. Nothing rests on it, hence it gives way to whoever waits for the table, and a failure is told and no more:
 * autovacuum comes.
 */

#include <pthread.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/latch.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

enum { TRIES = 5 };
static const double LOOK_SECONDS = 0.1, IN_THE_WAY_SECONDS = 0.5;
/* Below that part of the share that it began with, it is too fast. */
static const double TOO_FAST = 0.25;

enum outcome { VACUUM_DONE, VACUUM_FAILED, VACUUM_LATER, VACUUM_GAVE_WAY };

struct vacuuming {
    struct executor *executor;
    const struct step *step;
    struct session *session;
    double duty; /* that it runs at */
    struct latch at_work;
    bool done;
    struct error error; /* when it is not done */
};

static void *vacuum_main(void *argument)
{
    struct vacuuming *vacuuming = argument;
    vacuuming->done = vacuuming->executor->engine->vacuum(vacuuming->session, vacuuming->step->acts[0],
                                                          vacuuming->duty, &vacuuming->error);
    latch_leave(&vacuuming->at_work);
    return NULL;
}

/* Why it should end now; VACUUM_DONE: it should not. False: the executor's own session is lost. */
static bool look(struct vacuuming *vacuuming, enum outcome *why, struct error *err)
{
    struct executor *executor = vacuuming->executor;
    struct state_rest rest = {0};
    bool in_the_way = false;
    *why = VACUUM_DONE;
    if (!executor->engine->state_paused(executor->session, executor->id, &rest, err) ||
        !executor->engine->is_waited_for(executor->session, session_backend_pid(vacuuming->session),
                                         &in_the_way, err))
        return false;
    if (in_the_way)
        *why = VACUUM_GAVE_WAY;
    else if (rest.paused || rest.held[0] || throttling_duty(executor) < TOO_FAST * vacuuming->duty)
        *why = VACUUM_LATER;
    return true;
}

/* Until it has ended, by itself or because it should. */
static bool watch(struct vacuuming *vacuuming, enum outcome *why, struct error *err)
{
    bool good = true;
    int64_t next_us = clock_us();
    *why = VACUUM_DONE;
    while (!latch_wait(&vacuuming->at_work, LOOK_SECONDS)) {
        throttling_tell(vacuuming->executor);
        if (good && *why == VACUUM_DONE && clock_us() >= next_us) {
            next_us = clock_us() + (int64_t)(IN_THE_WAY_SECONDS * 1e6);
            good = look(vacuuming, why, err);
        }
        /* Again and again: a request that comes before the statement or after it finds nothing. */
        if (!good || *why != VACUUM_DONE || interrupted())
            session_cancel(vacuuming->session);
    }
    return good;
}

static bool once(struct vacuuming *vacuuming, enum outcome *outcome, struct error *err)
{
    pthread_t thread;
    struct executor *executor = vacuuming->executor;
    const struct session_settings settings = {.url = executor->settings->url,
                                              .application_name = "segue",
                                              .search_path = executor->plan->search_path,
                                              .cancel_with_client = true};
    *outcome = VACUUM_FAILED;
    if (!executor->engine->open(&settings, &vacuuming->session, &vacuuming->error))
        return true;
    latch_init(&vacuuming->at_work);
    latch_enter(&vacuuming->at_work);
    if (pthread_create(&thread, NULL, vacuum_main, vacuuming) != 0) {
        latch_destroy(&vacuuming->at_work);
        session_close(vacuuming->session);
        return error_set(err, ERROR_RESOURCE, "no thread could be started");
    }
    throttling_steady(executor, true);
    throttling_work_begins(executor);
    bool good = watch(vacuuming, outcome, err);
    (void)pthread_join(thread, NULL);
    latch_destroy(&vacuuming->at_work);
    throttling_work_ends(executor);
    throttling_steady(executor, false);
    session_close(vacuuming->session);
    if (vacuuming->done)
        *outcome = VACUUM_DONE;
    else if (*outcome == VACUUM_DONE)
        *outcome = VACUUM_FAILED;
    return good;
}

/* While work must rest, there is nothing to do but to hear pauses and signals. */
static bool wait_for_duty(struct executor *executor, const struct step *step, double *duty, struct error *err)
{
    if (!throttling_hold(executor, step, err))
        return false;
    for (;;) {
        if (!executor_checkpoint(executor, err))
            return false;
        throttling_tell(executor);
        *duty = throttling_duty(executor);
        if (*duty > 0)
            return true;
        executor_sleep(LOOK_SECONDS);
    }
}

static bool work(struct executor *executor, const struct step *step, struct error *err)
{
    const char *table = step->locks[0].relation;
    enum outcome outcome = VACUUM_LATER;
    int64_t began = clock_us();
    struct vacuuming vacuuming = {0};
    for (int tries = 0; outcome == VACUUM_LATER && tries < TRIES; tries++) {
        vacuuming = (struct vacuuming){.executor = executor, .step = step};
        executor->next_look_us = 0; /* a pause that ended the last try must end before the next */
        if (!wait_for_duty(executor, step, &vacuuming.duty, err) || !once(&vacuuming, &outcome, err) ||
            !executor_checkpoint(executor, err))
            return false;
        executor->reconnects = 0;
    }
    double seconds = (double)(clock_us() - began) / 1e6;
    switch (outcome) {
    case VACUUM_DONE:
        report_message(executor, "vacuumed %s in %.1f s: the room of its old rows is free for new ones",
                       table, seconds);
        break;
    case VACUUM_GAVE_WAY:
        report_message(
            executor,
            "the vacuum of %s gave way to a session that waited for the table; autovacuum does the rest",
            table);
        break;
    case VACUUM_LATER:
        report_message(executor, "the vacuum of %s was put off too often; autovacuum does the rest", table);
        break;
    case VACUUM_FAILED:
        report_message(executor, "%s could not be vacuumed: %s; autovacuum will come", table,
                       vacuuming.error.message);
    }
    return true;
}

bool step_vacuum(struct executor *executor, const struct step *step, struct error *err)
{
    int64_t began = clock_us();
    bool needless;
    if (!fault_before(executor, step->id, err) || !step_probe(executor, step, &needless, err) ||
        (!needless && !work(executor, step, err)))
        return false;
    return step_end(executor, step->id, step->id, JOURNAL_DONE, began, err);
}
