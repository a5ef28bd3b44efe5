/* What the workers do for the comparer: as little as may be. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/client.h"
#include "gateway/comparer_internal.h"
#include "wire/startup.h"

enum { SAMPLE_MAX = 65536 };

void sample_release(struct sample *sample)
{
    statement_release(sample->statement);
    free(sample);
}

/* Who it said it is; empty: it cannot be told. */
static void role_of(const struct client *client, char *role)
{
    struct wire_startup startup;
    size_t length;
    role[0] = '\0';
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return;
    const char *user = wire_startup_value(&startup, "user");
    if (user)
        (void)snprintf(role, ROLE_MAX, "%s", user);
}

/* xorshift64: G. Marsaglia, Xorshift RNGs, 2003. From 0 to 100. */
static double draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) / (double)(1ULL << 53) * 100;
}

static void drop(struct comparer *comparer)
{
    (void)atomic_fetch_add_explicit(&comparer->dropped, 1, memory_order_relaxed);
}

static void enqueue(struct comparer *comparer, struct sample *sample)
{
    (void)pthread_mutex_lock(&comparer->lock);
    bool room = comparer->n < QUEUE_MAX;
    if (room)
        comparer->queue[(comparer->first + comparer->n++) % QUEUE_MAX] = sample;
    (void)pthread_cond_signal(&comparer->wake);
    (void)pthread_mutex_unlock(&comparer->lock);
    if (room)
        return;
    drop(comparer);
    sample_release(sample);
}

static void take_sample(struct comparer *comparer, const struct request *request, const char *role)
{
    if (request->n_bind > SAMPLE_MAX || request->statement->n_text > SAMPLE_MAX) {
        drop(comparer);
        return;
    }
    struct sample *sample = memory_alloc(sizeof *sample + request->n_bind + 1);
    sample->statement = statement_hold(request->statement);
    (void)snprintf(sample->role, sizeof sample->role, "%s", role);
    sample->simple = !request->bind;
    sample->n_bind = request->n_bind;
    if (request->bind)
        memcpy(sample->bind, request->bind, request->n_bind);
    enqueue(comparer, sample);
}

void comparer_asked(struct comparer *comparer, const struct client *client, const struct request *request)
{
    const struct version *version = client->backend->version;
    size_t worker = (size_t)(client->worker - comparer->shared->workers);
    char role[ROLE_MAX];
    if (!request->statement || !version || worker >= comparer->n_workers)
        return;
    bool sampled = atomic_load_explicit(&comparer->comparing, memory_order_relaxed) &&
                   draw(&comparer->random[worker]) < comparer->settings->compare;
    if (!sampled && !comparer->settings->keep_statements)
        return;
    role_of(client, role);
    if (comparer->settings->keep_statements)
        seen_add(&comparer->seen[worker], request->statement, version, role);
    if (sampled)
        take_sample(comparer, request, role);
}
