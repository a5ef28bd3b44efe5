#include "gateway/verifiers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/scram_keys.h"
#include "gateway/shared.h"

enum { LIFE_US = 5000000, ROLE_MAX = 64 };

struct entry {
    char role[ROLE_MAX]; /* cut as the server cuts names */
    bool wanted;
    int64_t fetched_us; /* 0: never */
    char verifier[VERIFIER_MAX];
    struct entry *next;
};

/* A list: only roles whose sessions move are in it, for seconds. */
struct verifiers {
    pthread_mutex_t lock;
    struct entry *entries;
};

struct verifiers *verifiers_new(void)
{
    struct verifiers *verifiers = memory_alloc(sizeof *verifiers);
    (void)pthread_mutex_init(&verifiers->lock, NULL);
    return verifiers;
}

static void drop(struct entry **at)
{
    struct entry *entry = *at;
    *at = entry->next;
    secret_wipe(entry, sizeof *entry);
    free(entry);
}

void verifiers_free(struct verifiers *verifiers)
{
    while (verifiers->entries)
        drop(&verifiers->entries);
    (void)pthread_mutex_destroy(&verifiers->lock);
    free(verifiers);
}

static struct entry *find(struct verifiers *verifiers, const char *role)
{
    struct entry *entry = verifiers->entries;
    while (entry && strncmp(entry->role, role, ROLE_MAX - 1) != 0)
        entry = entry->next;
    return entry;
}

static struct entry *add(struct verifiers *verifiers, const char *role)
{
    struct entry *entry = memory_alloc(sizeof *entry);
    (void)snprintf(entry->role, sizeof entry->role, "%s", role);
    entry->next = verifiers->entries;
    verifiers->entries = entry;
    return entry;
}

static bool is_old(const struct entry *entry, int64_t now_us)
{
    return now_us - entry->fetched_us > LIFE_US;
}

enum verifier_state verifiers_get(struct shared *shared, const char *role, int64_t since_us,
                                  char out[VERIFIER_MAX])
{
    struct verifiers *verifiers = shared->verifiers;
    enum verifier_state state = VERIFIER_ASKED_FOR;
    bool asks = false;
    if (!role)
        return VERIFIER_NONE;
    (void)pthread_mutex_lock(&verifiers->lock);
    struct entry *entry = find(verifiers, role);
    if (entry && entry->fetched_us >= since_us && !is_old(entry, clock_us())) {
        state = entry->verifier[0] ? VERIFIER_KNOWN : VERIFIER_NONE;
        memcpy(out, entry->verifier, VERIFIER_MAX);
    } else {
        entry = entry ? entry : add(verifiers, role);
        asks = !entry->wanted;
        entry->wanted = true;
    }
    (void)pthread_mutex_unlock(&verifiers->lock);
    if (asks)
        shared_wake(shared);
    return state;
}

/* The next one that is wanted; what is old and nobody wants is forgotten on the way. */
static bool next_wanted(struct verifiers *verifiers, char role[ROLE_MAX])
{
    bool found = false;
    int64_t now = clock_us();
    (void)pthread_mutex_lock(&verifiers->lock);
    for (struct entry **at = &verifiers->entries; *at;) {
        if ((*at)->wanted && !found) {
            memcpy(role, (*at)->role, ROLE_MAX);
            found = true;
        }
        if ((*at)->wanted || !is_old(*at, now))
            at = &(*at)->next;
        else
            drop(at);
    }
    (void)pthread_mutex_unlock(&verifiers->lock);
    return found;
}

/* asked_us: before the server was asked, so that what is as old as that is not taken for newer. */
static void put(struct verifiers *verifiers, const char *role, const char verifier[VERIFIER_MAX],
                int64_t asked_us)
{
    (void)pthread_mutex_lock(&verifiers->lock);
    struct entry *entry = find(verifiers, role);
    if (entry) {
        memcpy(entry->verifier, verifier, VERIFIER_MAX);
        entry->fetched_us = asked_us;
        entry->wanted = false;
    }
    (void)pthread_mutex_unlock(&verifiers->lock);
}

bool verifiers_fetch(struct shared *shared, struct session *session, struct error *err)
{
    char role[ROLE_MAX];
    char verifier[VERIFIER_MAX] = {0};
    bool any = false;
    while (next_wanted(shared->verifiers, role)) {
        int64_t asked_us = clock_us();
        any = true;
        if (!shared->settings->engine->gateway->verifier(session, role, verifier, sizeof verifier, err)) {
            if (err->class == ERROR_LOST)
                return false;
            error_clear(err); /* the administrator's function fails: there is none */
            verifier[0] = '\0';
        }
        put(shared->verifiers, role, verifier, asked_us);
        secret_wipe(verifier, sizeof verifier);
    }
    if (any)
        shared_look(shared);
    return true;
}
