#include "gateway/breaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/worker.h"

enum {
    LOOK_US = 100000,
    FAULTS_MIN = 5,     /* one error is none of a version's */
    ANSWERS_FEW = 5,    /* that a version must have given before it is called much slower, by their median */
    ANSWERS_SOME = 20,  /* and by their p95 */
    ANSWERS_MANY = 1000 /* or somewhat slower */
};

/* Much slower is seen within a second, somewhat slower in ten: the percentile of a second is no better than that. */
static const double MUCH_SLOWER = 2, P95 = 0.95;
static const double MUCH_US = 1000,
                    SOME_US = 200; /* and at least by so much: below it is the noise of a quiet machine */

/* What was counted since the window began; it begins anew when half of it is over, so that it is always between half and all of its length. */
struct window {
    int64_t length_us;
    int64_t turned_us;
    struct metrics_of_version before[2]; /* what had been counted when the present and the last half began */
};

struct watched {
    struct window brief, lengthy;
    double p95_us; /* of the last window that had enough answers; 0: none had */
    bool open, told;
    atomic_bool anew; /* what was counted before does not count once more */
    char reason[BREAKER_REASON];
};

struct breaker {
    struct shared *shared;
    pthread_t thread;
    atomic_bool stop;
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
    for (size_t i = 0; i < METRICS_FINE; i++)
        out->counts[i] = now->counts[i] - before->counts[i];
}

/* What a version did in a window. */
struct seen {
    struct metrics_of_version brief, lengthy;
};

static void look(struct breaker *breaker, const struct version *version, struct seen *out)
{
    struct watched *watched = &breaker->versions[version->id];
    struct metrics_of_version now;
    int64_t now_us = clock_us();
    metrics_sum(breaker->shared, version, &now);
    if (atomic_exchange(&watched->anew, false))
        watched->brief.turned_us = watched->lengthy.turned_us = 0;
    turn(&watched->brief, &now, now_us);
    turn(&watched->lengthy, &now, now_us);
    since(&watched->brief, &now, &out->brief);
    since(&watched->lengthy, &now, &out->lengthy);
    if (out->lengthy.answers >= ANSWERS_MANY)
        watched->p95_us = metrics_percentile(&out->lengthy, P95);
}

static double percent(const struct metrics_of_version *of)
{
    return of->answers ? 100.0 * (double)of->faults / (double)of->answers : 0;
}

/* What is slow gives few answers: of few the median counts, which one that was slow by chance does not move. */
static double of_brief(const struct metrics_of_version *brief)
{
    if (brief->answers < ANSWERS_FEW)
        return 0;
    return metrics_percentile(brief, brief->answers >= ANSWERS_SOME ? P95 : 0.5);
}

/* Whether the version is to be left, and why. The current version's errors are the application's own, and are not held against the new one. */
static bool fails(const struct breaker *breaker, const struct seen *new, const struct seen *current,
                  double current_p95_us, char *reason)
{
    const struct gateway_settings *settings = breaker->shared->settings;
    double errors = percent(&new->brief);
    if (new->brief.faults >= FAULTS_MIN && errors > settings->breaker_errors + percent(&current->lengthy)) {
        (void)snprintf(reason, BREAKER_REASON,
                       "%.1f %% of its answers were errors (%.1f %% of the current version's)", errors,
                       percent(&current->lengthy));
        return true;
    }
    if (current_p95_us <= 0)
        return false;
    bool many = new->lengthy.answers >= ANSWERS_MANY;
    double brief = of_brief(&new->brief);
    double lengthy = many ? metrics_percentile(&new->lengthy, P95) : 0;
    double allowed = current_p95_us * (1 + settings->breaker_p95 / 100);
    double much = allowed * MUCH_SLOWER;
    double slow = brief > much && brief > current_p95_us + MUCH_US          ? brief
                  : lengthy > allowed && lengthy > current_p95_us + SOME_US ? lengthy
                                                                            : 0;
    if (slow > 0)
        (void)snprintf(reason, BREAKER_REASON,
                       "its requests took %.2f ms (p95 of the current version's: %.2f ms)", slow / 1000,
                       current_p95_us / 1000);
    return slow > 0;
}

static void open_breaker(struct breaker *breaker, const struct version *version, const char *reason)
{
    struct watched *watched = &breaker->versions[version->id];
    (void)pthread_mutex_lock(&breaker->lock);
    watched->open = true;
    watched->told = false;
    (void)snprintf(watched->reason, sizeof watched->reason, "%s", reason);
    (void)pthread_mutex_unlock(&breaker->lock);
    (void)atomic_fetch_or(&breaker->shared->tripped, 1ULL << version->id);
    shared_look(breaker->shared);
}

static void look_at_all(struct breaker *breaker)
{
    struct routes *routes = shared_routes(breaker->shared);
    const struct version *current = routes_at(routes, 0);
    struct seen of_current;
    if (current)
        look(breaker, current, &of_current);
    const struct version *version;
    for (size_t i = 1; current && (version = routes_at(routes, i)); i++) {
        struct seen seen;
        char reason[BREAKER_REASON];
        look(breaker, version, &seen);
        if (!(atomic_load(&breaker->shared->tripped) >> version->id & 1) &&
            fails(breaker, &seen, &of_current, breaker->versions[current->id].p95_us, reason))
            open_breaker(breaker, version, reason);
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
            (void)snprintf(reason, BREAKER_REASON, "%s", breaker->versions[i].reason);
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
    atomic_store(&watched->anew, true);
    (void)atomic_fetch_and(&breaker->shared->tripped, ~(1ULL << version->id));
    shared_look(breaker->shared);
}
