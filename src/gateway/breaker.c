#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/breaker_internal.h"
#include "gateway/event.h"

enum { LOOK_US = 100000, LEAVING_US = 1000000, BRIEF_US = 1000000, LENGTHY_US = 10000000 };

const char *breaker_word(enum breaker_state state)
{
    static const char *const words[] = {"closed", "open", "half-open"};
    return words[state];
}

static void say(const struct breaker *breaker, const struct version *version, enum breaker_state state,
                const char *reason)
{
    struct event event;
    event_begin(&event, &breaker->shared->settings->events,
                state == BREAKER_OPEN ? EVENT_WARNING : EVENT_INFO, "breaker");
    event_text(&event, "version", version->name);
    event_text(&event, "state", breaker_word(state));
    event_text(&event, "reason", *reason ? reason : NULL);
    event_end(&event);
}

/* What sessions look at. A version that is tried again is never without one of the two bits: all would go there. */
static void set_bits(struct shared *shared, unsigned id, enum breaker_state state)
{
    const uint64_t bit = 1ULL << id;
    if (state == BREAKER_HALF_OPEN)
        (void)atomic_fetch_or(&shared->probed, bit);
    if (state == BREAKER_OPEN)
        (void)atomic_fetch_or(&shared->tripped, bit);
    else
        (void)atomic_fetch_and(&shared->tripped, ~bit);
    if (state != BREAKER_HALF_OPEN)
        (void)atomic_fetch_and(&shared->probed, ~bit);
}

/* Under the lock. */
static void enter(struct breaker *breaker, const struct version *version, enum breaker_state state,
                  const char *reason)
{
    struct shared *shared = breaker->shared;
    struct watched *watched = &breaker->versions[version->id];
    struct version *own = versions_at(shared->versions, version->id);
    struct metrics_of_version now;
    metrics_tally(shared, version, &now);
    atomic_store(&watched->faults_before, now.faults);
    atomic_store(&watched->answers_before, now.answers);
    atomic_store(&watched->since_us, clock_us());
    watched->state = state;
    watched->good = false;
    (void)snprintf(watched->reason, sizeof watched->reason, "%s", reason);
    atomic_store(&own->breaker, (int)state);
    if (state == BREAKER_OPEN) {
        (void)atomic_fetch_add(&own->trips, 1);
        atomic_store(&shared->leaving_until_us, clock_us() + LEAVING_US);
    }
    set_bits(shared, version->id, state);
    say(breaker, version, state, reason);
}

void breaker_open(struct breaker *breaker, const struct version *version, const char *reason, bool told)
{
    struct watched *watched = &breaker->versions[version->id];
    (void)pthread_mutex_lock(&breaker->lock);
    bool opens = watched->state != BREAKER_OPEN;
    if (opens) {
        enter(breaker, version, BREAKER_OPEN, reason);
        watched->told = told;
    }
    (void)pthread_mutex_unlock(&breaker->lock);
    if (!opens)
        return;
    shared_look(breaker->shared);
    shared_wake(breaker->shared);
}

static void *run(void *argument)
{
    struct breaker *breaker = argument;
    while (!atomic_load(&breaker->stop)) {
        breaker_look(breaker);
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
        breaker->versions[i].brief.length_us = BRIEF_US;
        breaker->versions[i].lengthy.length_us = LENGTHY_US;
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
}

void breaker_free(struct breaker *breaker)
{
    if (!breaker)
        return;
    (void)pthread_mutex_destroy(&breaker->lock);
    free(breaker->versions);
    free(breaker);
}

/* --- What the database is told, and says --- */

const struct version *breaker_untold(struct breaker *breaker, char *reason)
{
    const struct version *found = NULL;
    (void)pthread_mutex_lock(&breaker->lock);
    for (unsigned i = 0; i < VERSIONS_MAX && !found; i++)
        if (breaker->versions[i].state == BREAKER_OPEN && !breaker->versions[i].told) {
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

const struct version *breaker_recovered(struct breaker *breaker)
{
    const struct version *found = NULL;
    (void)pthread_mutex_lock(&breaker->lock);
    for (unsigned i = 0; i < VERSIONS_MAX && !found; i++)
        if (breaker->versions[i].good) {
            found = versions_at(breaker->shared->versions, i);
            breaker->versions[i].good = false;
        }
    (void)pthread_mutex_unlock(&breaker->lock);
    return found;
}

void breaker_follow(struct breaker *breaker, const struct version *version, enum breaker_state state,
                    const char *reason)
{
    struct watched *watched = &breaker->versions[version->id];
    if (state == BREAKER_OPEN) {
        breaker_open(breaker, version, reason, true);
        return;
    }
    (void)pthread_mutex_lock(&breaker->lock);
    bool changes = watched->state != state && (watched->state != BREAKER_OPEN || watched->told);
    if (changes)
        enter(breaker, version, state, reason);
    (void)pthread_mutex_unlock(&breaker->lock);
    if (changes)
        shared_look(breaker->shared);
}

void breaker_tell(struct breaker *breaker, const struct version *version, struct breaker_report *out)
{
    const struct watched *watched = &breaker->versions[version->id];
    (void)pthread_mutex_lock(&breaker->lock);
    *out = (struct breaker_report){.state = watched->state, .step = watched->step};
    (void)snprintf(out->reason, sizeof out->reason, "%s", watched->reason);
    int64_t since_us = atomic_load(&watched->since_us);
    out->seconds = since_us ? (double)(clock_us() - since_us) / 1e6 : 0;
    (void)pthread_mutex_unlock(&breaker->lock);
}
