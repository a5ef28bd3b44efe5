#include "gateway/comparer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/comparer_internal.h"

enum { TICK_US = 1000000, KEEP_TICKS = 5 };

bool comparer_wanted(const struct gateway_settings *settings)
{
    return settings->compare > 0 || settings->keep_statements;
}

static bool open_session(struct comparer *comparer, struct error *err)
{
    const struct session_settings how = {.url = comparer->settings->url,
                                         .application_name = "segue gateway comparing"};
    comparer->keeps = comparer->notes = true;
    return comparer->settings->engine->open(&how, &comparer->session, err);
}

/* What is to be compared while there is only one version? */
static void look_at_versions(struct comparer *comparer)
{
    struct routes *routes = shared_routes(comparer->shared);
    atomic_store(&comparer->comparing, comparer->settings->compare > 0 && routes_at(routes, 1));
    routes_release(routes);
}

static bool tick(struct comparer *comparer, struct error *err)
{
    look_at_versions(comparer);
    return (comparer->session || open_session(comparer, err)) &&
           (comparer->ticks++ % KEEP_TICKS || comparer_keep(comparer, err)) && ledger_write(comparer, err);
}

/* The next one, or NULL when the time is over. While the thread rests, none is taken. */
static struct sample *next(struct comparer *comparer, int64_t rest_until_us, int64_t until_us, bool *stop)
{
    struct sample *sample = NULL;
    int64_t now;
    (void)pthread_mutex_lock(&comparer->lock);
    while (!comparer->stop && !sample && (now = clock_us()) < until_us) {
        if (comparer->n > 0 && now >= rest_until_us) {
            sample = comparer->queue[comparer->first];
            comparer->first = (comparer->first + 1) % QUEUE_MAX;
            comparer->n--;
            break;
        }
        int64_t to = comparer->n > 0 && rest_until_us < until_us ? rest_until_us : until_us;
        const struct timespec when = {to / 1000000, to % 1000000 * 1000};
        (void)pthread_cond_clockwait(&comparer->wake, &comparer->lock, CLOCK_MONOTONIC, &when);
    }
    *stop = comparer->stop;
    (void)pthread_mutex_unlock(&comparer->lock);
    return sample;
}

/* For each second of work so many of rest, that the share is kept. */
static int64_t rest_after(const struct comparer *comparer, int64_t work_us)
{
    return (int64_t)((double)work_us * (100 / comparer->settings->compare_share - 1));
}

static void *run(void *argument)
{
    struct comparer *comparer = argument;
    int64_t rest_until = 0, until = 0;
    bool stop = false;
    while (!stop) {
        struct error err = {0};
        bool good = true;
        if (clock_us() >= until) {
            good = tick(comparer, &err);
            until = clock_us() + TICK_US;
        }
        struct sample *sample = good ? next(comparer, rest_until, until, &stop) : NULL;
        if (sample) {
            int64_t begun = clock_us();
            good = comparer_compare(comparer, sample, &err);
            rest_until = clock_us() + rest_after(comparer, clock_us() - begun);
            sample_release(sample);
        }
        if (good)
            continue;
        session_close(comparer->session);
        comparer->session = NULL;
        comparer_close_pairs(comparer);
        (void)next(comparer, INT64_MAX, clock_us() + TICK_US, &stop);
    }
    return NULL;
}

/* --- Its life --- */

/* Whether the role may run what clients ask. */
static bool may_compare(const struct comparer *comparer, struct error *err)
{
    const struct gateway_settings *settings = comparer->settings;
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    bool mighty;
    if (settings->compare <= 0)
        return true;
    if (!comparer_open(comparer, NULL, &session, err) ||
        !settings->engine->compare->is_mighty(session, &mighty, err))
        return false;
    if (!mighty)
        return true;
    error_set(err, ERROR_REFUSED, "--compare does not run what clients ask with a superuser's session");
    return error_hint(
        err, "a function that a client calls could become the superuser again: name with --compare-role one "
             "that may do nothing but act as the applications' roles (docs/privileges.md)");
}

/* "a,b" */
static void split_ignored(struct comparer *comparer)
{
    const char *at = comparer->settings->compare_ignore;
    while (at && *at) {
        size_t n = strcspn(at, ",");
        const char *name = arena_strndup(comparer->arena, at, n);
        if (n > 0)
            ARENA_PUSH(comparer->arena, comparer->ignored, comparer->n_ignored, name);
        at += n + (at[n] == ',');
    }
}

static void make_random(void *bytes, size_t n)
{
    if (getrandom(bytes, n, 0) < 0)
        memset(bytes, 1, n);
}

bool comparer_start(struct shared *shared, struct comparer **out, struct error *err)
{
    if (!comparer_wanted(shared->settings))
        return true;
    struct comparer *comparer = memory_alloc(sizeof *comparer);
    *out = comparer;
    comparer->shared = shared;
    comparer->settings = shared->settings;
    comparer->n_workers = atomic_load(&shared->n_workers);
    comparer->arena = arena_new();
    comparer->seen = memory_alloc(comparer->n_workers * sizeof *comparer->seen);
    comparer->random = memory_alloc(comparer->n_workers * sizeof *comparer->random);
    for (size_t i = 0; i < comparer->n_workers; i++)
        seen_init(&comparer->seen[i]);
    make_random(comparer->random, comparer->n_workers * sizeof *comparer->random);
    make_random(&comparer->salt, sizeof comparer->salt);
    texts_init(&comparer->texts);
    split_ignored(comparer);
    (void)pthread_mutex_init(&comparer->lock, NULL);
    (void)pthread_cond_init(&comparer->wake, NULL);
    if (!open_session(comparer, err) || !may_compare(comparer, err))
        return false;
    int failed = pthread_create(&comparer->thread, NULL, run, comparer);
    return !failed || error_set(err, ERROR_RESOURCE, "no thread: %s", strerror(failed));
}

void comparer_stop(struct comparer *comparer)
{
    if (!comparer)
        return;
    (void)pthread_mutex_lock(&comparer->lock);
    comparer->stop = true;
    (void)pthread_cond_signal(&comparer->wake);
    (void)pthread_mutex_unlock(&comparer->lock);
    if (comparer->thread)
        (void)pthread_join(comparer->thread, NULL);
    struct error err = {0};
    if (comparer->session)
        (void)(comparer_keep(comparer, &err) && ledger_write(comparer, &err));
    session_close(comparer->session);
    comparer_close_pairs(comparer);
    for (size_t i = 0; i < comparer->n; i++)
        sample_release(comparer->queue[(comparer->first + i) % QUEUE_MAX]);
    for (size_t i = 0; i < comparer->n_workers; i++)
        seen_free(&comparer->seen[i]);
    free(comparer->seen);
    free(comparer->random);
    texts_free(&comparer->texts);
    arena_free(comparer->arena);
    (void)pthread_mutex_destroy(&comparer->lock);
    (void)pthread_cond_destroy(&comparer->wake);
    free(comparer);
}
