#include "gateway/breaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/judge.h"
#include "gateway/worker.h"

enum {
    LOOK_US = 100000,
    LEAVING_US = 1000000,
    LOOKS_MORE =
        10 /* at what is in flight when no session is on a new version any more: all is forgotten by then */
};

/* What was counted since the window began; it begins anew when half of it is over, so that it is always between half and all of its length. */
struct window {
    int64_t length_us;
    int64_t turned_us;
    struct metrics_of_version before[2]; /* what had been counted when the present and the last half began */
};

struct watched {
    struct window brief, lengthy;
    uint64_t answers; /* that there were when one was last seen to come */
    int64_t answered_us;
    double p95_us; /* of the last window that had enough answers; 0: none had */
    bool open, told;
    atomic_llong
        since_us;     /* what was counted or asked before does not count once more; 0: everything counts */
    int64_t begun_us; /* as since_us, when the windows began */
    char reason[JUDGE_REASON];
    /* What workers judge errors by, as of the last look. */
    atomic_bool judged; /* it is not the current version */
    atomic_ullong faults_before, answers_before;
    _Atomic double current; /* the share of errors among the current version's answers */
};

struct breaker {
    struct shared *shared;
    pthread_t thread;
    atomic_bool stop;
    unsigned looks;           /* that are still made at what is in flight */
    pthread_mutex_t lock;     /* over open, told and reason of all */
    struct watched *versions; /* VERSIONS_MAX */
};

static void turn(struct window *window, const struct metrics_of_version *now, int64_t now_us)
{
    if (now_us - window->turned_us < window->length_us / 2)
        return;
    window->before[1] = window->turned_us ? window->before[0] : *now;
    window->before[0] = *now;
    window->turned_us = now_us;
}

static void since(const struct window *window, const struct metrics_of_version *now,
                  struct metrics_of_version *out)
{
    const struct metrics_of_version *before = &window->before[1];
    out->answers = now->answers - before->answers;
    out->faults = now->faults - before->faults;
    out->fresh = now->fresh - before->fresh;
    for (size_t i = 0; i < METRICS_FINE; i++)
        out->counts[i] = now->counts[i] - before->counts[i];
}

static void forget_older(struct metrics_of_version *waiting, int64_t us)
{
    for (size_t i = metrics_behind((double)us); i < METRICS_FINE; i++) {
        waiting->answers -= waiting->counts[i];
        waiting->counts[i] = 0;
    }
}

static void look(struct breaker *breaker, const struct version *version, struct judge_times *out)
{
    struct watched *watched = &breaker->versions[version->id];
    int64_t now_us = clock_us();
    metrics_sum(breaker->shared, version, &out->life);
    metrics_sum_waiting(breaker->shared, version, &out->waiting);
    int64_t since_us = atomic_load(&watched->since_us);
    if (since_us != watched->begun_us)
        watched->brief.turned_us = watched->lengthy.turned_us = 0;
    watched->begun_us = since_us;
    forget_older(&out->waiting, now_us - since_us);
    turn(&watched->brief, &out->life, now_us);
    turn(&watched->lengthy, &out->life, now_us);
    since(&watched->brief, &out->life, &out->brief);
    since(&watched->lengthy, &out->life, &out->lengthy);
    if (out->life.answers != watched->answers || !watched->answered_us)
        watched->answered_us = now_us;
    watched->answers = out->life.answers;
    out->quiet_us = now_us - watched->answered_us;
    if (out->lengthy.answers >= METRICS_MANY)
        watched->p95_us = judge_p95(&out->lengthy);
    out->p95_us = watched->p95_us;
    atomic_store(&watched->faults_before, watched->brief.before[1].faults);
    atomic_store(&watched->answers_before, watched->brief.before[1].answers);
}

static void open_breaker(struct breaker *breaker, const struct version *version, const char *reason)
{
    struct shared *shared = breaker->shared;
    struct watched *watched = &breaker->versions[version->id];
    (void)pthread_mutex_lock(&breaker->lock);
    bool opens = !watched->open;
    if (opens) {
        watched->open = true;
        watched->told = false;
        (void)snprintf(watched->reason, sizeof watched->reason, "%s", reason);
        atomic_store(&shared->leaving_until_us, clock_us() + LEAVING_US);
        (void)atomic_fetch_or(&shared->tripped, 1ULL << version->id);
    }
    (void)pthread_mutex_unlock(&breaker->lock);
    if (opens)
        shared_look(shared);
}

static bool is_open(const struct breaker *breaker, const struct version *version)
{
    return atomic_load_explicit(&breaker->shared->tripped, memory_order_relaxed) >> version->id & 1;
}

/* Whether its errors are too many by now; in_a_row: those that the latest one ends. */
static void judge_errors_of(struct breaker *breaker, const struct version *version, unsigned in_a_row)
{
    struct watched *watched = &breaker->versions[version->id];
    struct metrics_of_version now;
    char reason[JUDGE_REASON];
    if (!atomic_load(&watched->judged) || is_open(breaker, version))
        return;
    metrics_tally(breaker->shared, version, &now);
    uint64_t faults = now.faults - atomic_load(&watched->faults_before);
    uint64_t answers = now.answers - atomic_load(&watched->answers_before);
    const struct judge_errors seen = {.faults = faults,
                                      .answers = answers < faults ? faults : answers,
                                      .in_a_row = in_a_row,
                                      .current = atomic_load(&watched->current),
                                      .allowed = breaker->shared->settings->breaker_errors / 100};
    if (judge_errors(&seen, reason))
        open_breaker(breaker, version, reason);
}

void breaker_met(struct breaker *breaker, const struct version *version, unsigned in_a_row)
{
    if (version && in_a_row > 0)
        judge_errors_of(breaker, version, in_a_row);
}

/* What is in flight is known to the workers alone; the answer is read at the next look. */
static void ask_workers(struct shared *shared)
{
    for (unsigned i = 0; i < shared->n_workers; i++)
        worker_count_waiting(&shared->workers[i]);
}

static bool is_used(const struct version *version)
{
    return atomic_load_explicit(&version->sessions, memory_order_relaxed) > 0;
}

static void look_at_all(struct breaker *breaker)
{
    struct routes *routes = shared_routes(breaker->shared);
    const struct version *current = routes_at(routes, 0);
    struct judge_times of_current;
    if (current) {
        look(breaker, current, &of_current);
        atomic_store(&breaker->versions[current->id].judged, false);
    }
    const struct version *version;
    for (size_t i = 1; current && (version = routes_at(routes, i)); i++) {
        struct judge_times seen;
        struct watched *watched = &breaker->versions[version->id];
        char reason[JUDGE_REASON];
        look(breaker, version, &seen);
        const struct metrics_of_version *lengthy = &of_current.lengthy;
        atomic_store(&watched->current,
                     lengthy->answers ? (double)lengthy->faults / (double)lengthy->answers : 0);
        atomic_store(&watched->judged, true);
        judge_errors_of(breaker, version, 0);
        if (!is_open(breaker, version) &&
            judge_times(&seen, &of_current, breaker->shared->settings->breaker_p95 / 100, reason))
            open_breaker(breaker, version, reason);
        if (is_used(version))
            breaker->looks = LOOKS_MORE;
    }
    if (breaker->looks > 0) {
        breaker->looks--;
        ask_workers(breaker->shared);
    }
    routes_release(routes);
}

static void *run(void *argument)
{
    struct breaker *breaker = argument;
    while (!atomic_load(&breaker->stop)) {
        look_at_all(breaker);
        clock_sleep_us(LOOK_US);
    }
    return NULL;
}

bool breaker_start(struct shared *shared, struct breaker **out, struct error *err)
{
    struct breaker *breaker = memory_alloc(sizeof *breaker);
    *out = breaker;
    shared->breaker = breaker;
    breaker->shared = shared;
    (void)pthread_mutex_init(&breaker->lock, NULL);
    breaker->versions = memory_alloc(VERSIONS_MAX * sizeof *breaker->versions);
    for (size_t i = 0; i < VERSIONS_MAX; i++) {
        breaker->versions[i].brief.length_us = 1000000;
        breaker->versions[i].lengthy.length_us = 10000000;
    }
    int failed = pthread_create(&breaker->thread, NULL, run, breaker);
    return !failed || error_set(err, ERROR_RESOURCE, "no thread: %s", strerror(failed));
}

void breaker_stop(struct breaker *breaker)
{
    if (!breaker)
        return;
    atomic_store(&breaker->stop, true);
    if (breaker->thread)
        (void)pthread_join(breaker->thread, NULL);
    (void)pthread_mutex_destroy(&breaker->lock);
    free(breaker->versions);
    free(breaker);
}

const struct version *breaker_untold(struct breaker *breaker, char *reason)
{
    const struct version *found = NULL;
    (void)pthread_mutex_lock(&breaker->lock);
    for (unsigned i = 0; i < VERSIONS_MAX && !found; i++)
        if (breaker->versions[i].open && !breaker->versions[i].told) {
            found = versions_at(breaker->shared->versions, i);
            (void)snprintf(reason, JUDGE_REASON, "%s", breaker->versions[i].reason);
        }
    (void)pthread_mutex_unlock(&breaker->lock);
    return found;
}

void breaker_told(struct breaker *breaker, const struct version *version)
{
    (void)pthread_mutex_lock(&breaker->lock);
    breaker->versions[version->id].told = true;
    (void)pthread_mutex_unlock(&breaker->lock);
}

void breaker_close(struct breaker *breaker, const struct version *version)
{
    struct watched *watched = &breaker->versions[version->id];
    (void)pthread_mutex_lock(&breaker->lock);
    bool closes = watched->open && watched->told;
    if (closes)
        watched->open = false;
    (void)pthread_mutex_unlock(&breaker->lock);
    if (!closes)
        return;
    atomic_store(&watched->since_us, clock_us());
    (void)atomic_fetch_and(&breaker->shared->tripped, ~(1ULL << version->id));
    shared_look(breaker->shared);
}
