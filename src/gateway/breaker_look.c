/* The breaker's judgements, by what the workers have counted. */

#include "base/clock.h"
#include "gateway/breaker_internal.h"
#include "gateway/worker.h"

enum {
    LOOKS_MORE =
        10, /* at what is in flight when no session is on a new version any more: all is forgotten by then */
    PROBE_US = 5000000 /* that a version is tried again for, at least */
};

static void turn(struct window *window, const struct metrics_of_version *now, int64_t now_us)
{
    if (now_us - window->turned_us < window->length_us / 2)
        return;
    window->before[1] = window->turned_us ? window->before[0] : *now;
    window->before[0] = *now;
    window->turned_us = now_us;
}

static void since(const struct metrics_of_version *before, const struct metrics_of_version *now,
                  struct metrics_of_version *out)
{
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
    since(&watched->brief.before[1], &out->life, &out->brief);
    since(&watched->lengthy.before[1], &out->life, &out->lengthy);
    if (out->life.answers != watched->answers || !watched->answered_us)
        watched->answered_us = now_us;
    watched->answers = out->life.answers;
    out->quiet_us = now_us - watched->answered_us;
    if (out->lengthy.answers >= METRICS_MANY)
        watched->p95_us = judge_p95(&out->lengthy);
    double p99_us = judge_p99_at_most(&out->lengthy);
    if (p99_us > 0)
        watched->p99_us = p99_us;
    out->p95_us = watched->p95_us;
    out->p99_us = watched->p99_us;
    atomic_store(&watched->faults_before, watched->brief.before[1].faults);
    atomic_store(&watched->answers_before, watched->brief.before[1].answers);
}

static bool is_open(const struct breaker *breaker, const struct version *version)
{
    return atomic_load_explicit(&breaker->shared->tripped, memory_order_relaxed) >> version->id & 1;
}

static bool is_probed(const struct breaker *breaker, const struct version *version)
{
    return atomic_load_explicit(&breaker->shared->probed, memory_order_relaxed) >> version->id & 1;
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
                                      .allowed = breaker->shared->settings->breaker_errors / 100,
                                      .probing = is_probed(breaker, version)};
    if (judge_errors(&seen, reason))
        breaker_open(breaker, version, reason, false);
}

void breaker_met(struct breaker *breaker, const struct version *version, unsigned in_a_row)
{
    if (version && in_a_row > 0 && !atomic_load(&breaker->stop))
        judge_errors_of(breaker, version, in_a_row);
}

/* What is in flight is known to the workers alone; the answer is read at the next look. */
static void ask_workers(struct shared *shared)
{
    for (unsigned i = 0; i < shared->n_workers; i++)
        worker_count_waiting(&shared->workers[i]);
}

/* What was counted since the share was set, or the state began. Where the version is tried again, so long and by so many answers, it has recovered. */
static void judge_step_of(struct breaker *breaker, struct watched *watched, const struct shares *shares,
                          const struct judge_times *seen, const struct judge_times *current)
{
    const struct gateway_settings *settings = breaker->shared->settings;
    if (shares->sessions != watched->shares.sessions || shares->reads != watched->shares.reads ||
        watched->begun_us != watched->step_us) {
        watched->before = seen->life;
        watched->current_before = current->life;
        watched->shares = *shares;
        watched->step_us = watched->begun_us;
    }
    struct metrics_of_version new, old;
    since(&watched->before, &seen->life, &new);
    since(&watched->current_before, &current->life, &old);
    const struct judge_step step =
        judge_step(&new, &old, current->p95_us,
                   &(const struct judge_limits){settings->breaker_errors / 100, settings->breaker_p95 / 100,
                                                settings->breaker_p99 / 100});
    (void)pthread_mutex_lock(&breaker->lock);
    watched->step = step;
    bool recovers = watched->state == BREAKER_HALF_OPEN && step.verdict == JUDGE_WELL &&
                    clock_us() - atomic_load(&watched->since_us) > PROBE_US;
    watched->good = recovers;
    (void)pthread_mutex_unlock(&breaker->lock);
    if (recovers)
        shared_wake(breaker->shared);
}

static bool are_long(const struct gateway_settings *settings, const struct judge_times *seen,
                     const struct judge_times *current, char *reason)
{
    return judge_times(seen, current, settings->breaker_p95 / 100, reason) ||
           (settings->breaker_p99 > 0 && judge_p99(seen, current, settings->breaker_p99 / 100, reason));
}

static void judge(struct breaker *breaker, const struct version *version, const struct shares *shares,
                  const struct judge_times *current)
{
    struct watched *watched = &breaker->versions[version->id];
    const struct metrics_of_version *lengthy = &current->lengthy;
    struct judge_times seen;
    char reason[JUDGE_REASON];
    look(breaker, version, &seen);
    atomic_store(&watched->current,
                 lengthy->answers ? (double)lengthy->faults / (double)lengthy->answers : 0);
    atomic_store(&watched->judged, true);
    judge_errors_of(breaker, version, 0);
    if (!is_open(breaker, version) && are_long(breaker->shared->settings, &seen, current, reason))
        breaker_open(breaker, version, reason, false);
    judge_step_of(breaker, watched, shares, &seen, current);
    if (version_is_used(version))
        breaker->looks = LOOKS_MORE;
}

void breaker_look(struct breaker *breaker)
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
        const struct shares shares = {routes_share(routes, i), routes_read_share(routes, i)};
        judge(breaker, version, &shares, &of_current);
    }
    if (breaker->looks > 0) {
        breaker->looks--;
        ask_workers(breaker->shared);
    }
    routes_release(routes);
}
