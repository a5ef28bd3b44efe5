/* The executor's session: opening it, losing it, finding it again; and what is looked at between two pieces of work. */

#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

enum {
    RECONNECT_LIMIT = 10,
    /* Longer than a server takes to notice that a client is gone and to end what it ran. */
    LOCK_WAIT_MS = 15000,
    LOOK_US = 1000000,
    LONG_PAUSE_US = 20000000
};

static const double FIRST_RECONNECT_SECONDS = 0.1, LAST_RECONNECT_SECONDS = 5;
static const double PAUSE_LOOK_SECONDS = 0.5;

void executor_sleep(double seconds)
{
    clock_sleep_us((int64_t)(seconds * 1e6));
}

double executor_jitter(struct executor *executor, double low, double high)
{
    /* xorshift64: enough to keep two waiting sessions from asking in step. */
    uint64_t x = executor->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    executor->random = x;
    return low + (high - low) * (double)(x >> 11) / (double)(1ULL << 53);
}

bool executor_connect(struct executor *executor, int lock_wait_ms, struct error *err)
{
    const struct session_settings settings = {.url = executor->settings->url,
                                              .application_name = "segue",
                                              .search_path = executor->plan->search_path,
                                              .cancel_with_client = true};
    session_close(executor->session);
    executor->session = NULL;
    return executor->engine->open(&settings, &executor->session, err) &&
           executor->engine->lock_migration(executor->session, lock_wait_ms, &executor->backend, err);
}

bool executor_load_journal(struct executor *executor, struct error *err)
{
    arena_free(executor->journal_arena);
    executor->journal_arena = arena_new();
    executor->journal = NULL;
    executor->n_journal = 0;
    if (executor->id == 0)
        return true;
    return executor->engine->journal_load(executor->session, executor->id, executor->journal_arena,
                                          &executor->journal, &executor->n_journal, err);
}

enum journal_status executor_journal(const struct executor *executor, const struct step *step)
{
    for (size_t i = 0; i < executor->n_journal; i++)
        if (strcmp(executor->journal[i].step, step->id) == 0)
            return executor->journal[i].status;
    return JOURNAL_NONE;
}

static bool interruption(const struct executor *executor, struct error *err)
{
    error_set(err, ERROR_INTERRUPTED, "stopped by a signal");
    if (executor->id)
        return error_hint(err, "segue resume goes on where it stopped; segue rollback undoes everything");
    return error_hint(err, "nothing was touched");
}

/* Whether another try to connect may help. */
static bool may_pass(const struct error *err)
{
    return err->class == ERROR_LOST || err->class == ERROR_RESOURCE;
}

bool executor_survive(struct executor *executor, struct error *err)
{
    double wait = FIRST_RECONNECT_SECONDS;
    if (err->class != ERROR_LOST)
        return false;
    report_message(executor, "connection lost (%s); looking for the server", err->message);
    while (may_pass(err) && executor->reconnects < RECONNECT_LIMIT) {
        executor->reconnects++;
        if (interrupted())
            return interruption(executor, err);
        executor_sleep(wait);
        wait = wait * 2 < LAST_RECONNECT_SECONDS ? wait * 2 : LAST_RECONNECT_SECONDS;
        if (executor_connect(executor, LOCK_WAIT_MS, err) && executor_load_journal(executor, err)) {
            report_message(executor, "connected again; going on from what the journal says");
            return true;
        }
    }
    if (err->class == ERROR_LOST && executor->id)
        error_hint(err, "segue resume goes on where it stopped, when the server is there again");
    return false;
}

static void say_paused(struct executor *executor, const struct state_rest *rest)
{
    if (rest->held[0])
        report_message(executor, "paused: %s; UPDATE segue.pause SET paused = false lets it go on",
                       rest->held);
    else
        report_message(executor, "paused; segue resume goes on");
}

static bool wait_while_paused(struct executor *executor, struct error *err)
{
    struct state_rest said = {0};
    int64_t began_us = clock_us();
    for (;;) {
        struct state_rest rest;
        if (!executor->engine->state_paused(executor->session, executor->id, &rest, err))
            return false;
        if (!rest.paused && !rest.held[0])
            break;
        if (rest.paused != said.paused || strcmp(rest.held, said.held) != 0)
            say_paused(executor, &rest);
        said = rest;
        executor_sleep(PAUSE_LOOK_SECONDS);
        if (interrupted())
            return interruption(executor, err);
    }
    if (!said.paused && !said.held[0])
        return true;
    report_message(executor, "resumed");
    if (clock_us() - began_us >= LONG_PAUSE_US)
        throttling_measure_anew(executor);
    return true;
}

bool executor_checkpoint(struct executor *executor, struct error *err)
{
    if (interrupted())
        return interruption(executor, err);
    if (executor->id == 0 || clock_us() < executor->next_look_us)
        return true;
    executor->next_look_us = clock_us() + LOOK_US;
    return wait_while_paused(executor, err) &&
           executor->engine->sample_users(executor->session, executor->id, executor->plan->old_version,
                                          err) &&
           executor->engine->sample_users(executor->session, executor->id, executor->plan->new_version, err);
}
