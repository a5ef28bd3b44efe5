#include "run/throttling.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/executor_internal.h"
#include "run/throttling_internal.h"

static const double LOOK_SECONDS = 0.05;
/* The baseline takes less than that; a thread that is stuck in a statement must not keep the walk from its slow pace. */
static const double LONGEST_WAIT_SECONDS = 40;
/* Longer chunks cost less, where nobody waits for their end. */
static const double LONG_CHUNK_SECONDS = 0.05;
/* A decision that is older is none: the thread does not come to look. */
static const double STALE_SECONDS = 5, STALE_DUTY = 0.01;

bool throttling_check(struct executor *executor, struct error *err)
{
    struct server_signals signals = {0};
    const char *query = executor->settings->throttle_query;
    if (!query)
        return true;
    if (!executor->engine->read_signals(executor->session, query, &signals, err))
        return false;
    if (signals.query.readable)
        return true;
    error_set(err, ERROR_REFUSED, "--throttle-query cannot be used: %s", signals.query.why);
    return error_hint(err,
                      "it is one query of one number or boolean; above 0, or true, the rows are left alone");
}

/* The thread shall not be the one that Ctrl-C wakes. */
static bool start_thread(struct throttling *throttling)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = pthread_create(&throttling->thread, NULL, throttling_thread, throttling) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

void throttling_end(struct executor *executor)
{
    struct throttling *throttling = executor->throttling;
    executor->throttling = NULL;
    executor->throttled = false;
    if (!throttling)
        return;
    atomic_store(&throttling->stop, true);
    (void)pthread_join(throttling->thread, NULL);
    (void)pthread_mutex_destroy(&throttling->lock);
    arena_free(throttling->arena);
    arena_free(throttling->statement_arena);
    text_free(&throttling->reason);
    text_free(&throttling->news);
    free(throttling);
}

/* Whether the thread must look anew: another table, or one that turned out to be large. */
static bool is_new(const struct throttling *throttling, const struct walk *walk, double rows)
{
    return !throttling->walk || strcmp(throttling->walk->table, walk->table) != 0 ||
           (rows >= THROTTLED_ROWS && throttling->walk_rows < THROTTLED_ROWS);
}

static void hand_over(struct throttling *throttling, const struct walk *walk, double rows)
{
    (void)pthread_mutex_lock(&throttling->lock);
    if (is_new(throttling, walk, rows)) {
        throttling->walk = walk;
        throttling->walk_rows = rows;
        throttling->walk_number++;
        throttling->ready = false;
        throttling->duty = 0;
        throttling->decided_us = clock_us();
    }
    (void)pthread_mutex_unlock(&throttling->lock);
}

/* With the walk that is to be watched: the thread never looks without one. */
static bool start(struct executor *executor, const struct walk *walk, double rows, struct error *err)
{
    struct throttling *throttling = memory_alloc(sizeof *throttling);
    *throttling = (struct throttling){.engine = executor->engine,
                                      .settings = executor->settings,
                                      .search_path = executor->plan->search_path,
                                      .id = executor->id};
    (void)pthread_mutex_init(&throttling->lock, NULL);
    hand_over(throttling, walk, rows);
    if (start_thread(throttling)) {
        executor->throttling = throttling;
        return true;
    }
    (void)pthread_mutex_destroy(&throttling->lock);
    free(throttling);
    error_set(err, ERROR_RESOURCE, "no thread could be started");
    return false;
}

static bool wait_until_ready(struct executor *executor, struct error *err)
{
    struct throttling *throttling = executor->throttling;
    for (double waited = 0; waited < LONGEST_WAIT_SECONDS; waited += LOOK_SECONDS) {
        (void)pthread_mutex_lock(&throttling->lock);
        bool ready = throttling->ready;
        (void)pthread_mutex_unlock(&throttling->lock);
        throttling_tell(executor);
        if (ready)
            return true;
        executor_sleep(LOOK_SECONDS);
        if (!executor_checkpoint(executor, err))
            return false;
    }
    return true;
}

bool throttling_watch(struct executor *executor, const struct walk *walk, double rows, struct error *err)
{
    const struct run_settings *settings = executor->settings;
    executor->throttled =
        rows >= THROTTLED_ROWS || settings->throttle_query != NULL || settings->windows.n > 0;
    if (!executor->throttled)
        return true;
    if (executor->throttling)
        hand_over(executor->throttling, walk, rows);
    else if (!start(executor, walk, rows, err))
        return false;
    return wait_until_ready(executor, err);
}

void throttling_measure_anew(struct executor *executor)
{
    struct throttling *throttling = executor->throttling;
    if (!executor->throttled || !throttling)
        return;
    (void)pthread_mutex_lock(&throttling->lock);
    throttling->walk_number++;
    throttling->ready = false;
    throttling->duty = 0;
    throttling->decided_us = clock_us();
    (void)pthread_mutex_unlock(&throttling->lock);
}

double throttling_fixed_duty(const struct run_settings *settings)
{
    return (settings->pace_percent > 0 ? settings->pace_percent : FIXED_PACE_PERCENT) / 100;
}

double throttling_duty(const struct executor *executor)
{
    struct throttling *throttling = executor->throttling;
    if (!executor->throttled || !throttling)
        return throttling_fixed_duty(executor->settings);
    (void)pthread_mutex_lock(&throttling->lock);
    double duty = throttling->duty;
    bool stale = (double)(clock_us() - throttling->decided_us) / 1e6 > STALE_SECONDS;
    (void)pthread_mutex_unlock(&throttling->lock);
    return stale && duty > STALE_DUTY ? STALE_DUTY : duty;
}

bool throttling_quiet(const struct executor *executor)
{
    struct throttling *throttling = executor->throttling;
    if (!executor->throttled || !throttling)
        return false;
    (void)pthread_mutex_lock(&throttling->lock);
    bool quiet = throttling->quiet && (double)(clock_us() - throttling->decided_us) / 1e6 <= STALE_SECONDS;
    (void)pthread_mutex_unlock(&throttling->lock);
    return quiet;
}

bool throttling_guards(const struct executor *executor)
{
    const struct run_settings *settings = executor->settings;
    return executor->throttled && (settings->max_p95_ratio > 0 || settings->max_p95_seconds > 0) &&
           !throttling_quiet(executor);
}

int throttling_jobs(const struct executor *executor)
{
    return throttling_guards(executor) ? 1 : executor->settings->jobs;
}

double throttling_chunk_seconds(const struct executor *executor, bool locks)
{
    double wanted = executor->settings->chunk_ms / 1e3;
    bool short_ones = locks ? !throttling_quiet(executor) : throttling_guards(executor);
    return short_ones ? wanted : fmax(wanted, LONG_CHUNK_SECONDS);
}

double throttling_left(const struct executor *executor, double worked, double rested)
{
    double duty = throttling_duty(executor);
    return duty > 0 ? worked * (1 - duty) / duty - rested : INFINITY;
}

void throttling_work_begins(const struct executor *executor)
{
    if (executor->throttling)
        (void)atomic_fetch_add(&executor->throttling->working, 1);
}

void throttling_work_ends(const struct executor *executor)
{
    if (!executor->throttling)
        return;
    atomic_store(&executor->throttling->worked_until_us, clock_us());
    (void)atomic_fetch_sub(&executor->throttling->working, 1);
}

void throttling_steady(const struct executor *executor, bool steady)
{
    if (executor->throttling)
        atomic_store(&executor->throttling->steady, steady);
}

bool throttling_reason(const struct executor *executor, struct text *out)
{
    struct throttling *throttling = executor->throttling;
    if (!executor->throttled || !throttling)
        return false;
    (void)pthread_mutex_lock(&throttling->lock);
    bool any = throttling->reason.length > 0;
    text_append(out, text_string(&throttling->reason));
    (void)pthread_mutex_unlock(&throttling->lock);
    return any;
}

void throttling_tell(struct executor *executor)
{
    struct throttling *throttling = executor->throttling;
    SEGUE_CLEANUP(text_free) struct text news = {0};
    if (!throttling)
        return;
    (void)pthread_mutex_lock(&throttling->lock);
    text_append(&news, text_string(&throttling->news));
    text_clear(&throttling->news);
    (void)pthread_mutex_unlock(&throttling->lock);
    char *rest = NULL;
    for (char *line = news.data ? strtok_r(news.data, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest))
        report_message(executor, "%s", line);
}
