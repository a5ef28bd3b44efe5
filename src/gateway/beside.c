#include "gateway/beside.h"

#include <string.h>

#include "base/clock.h"
#include "engine/gateway.h"
#include "gateway/batch.h"
#include "gateway/client.h"

enum { RESTS_US = 10000000 };

void beside_drop(struct client *client)
{
    struct backend *backend = client->beside.backend;
    client->beside.backend = NULL;
    client->beside.fits = false;
    if (backend)
        backend_close(backend);
}

void beside_consider(struct client *client, struct routes *routes)
{
    struct beside *beside = &client->beside;
    double share = 0;
    struct version *version = route_reads(client, routes, &share);
    if (version && !beside->version &&
        !client->worker->shared->watched) /* what was prepared meanwhile was not seen */
        requests_free(&client->requests);
    if (version != beside->version && beside->backend && !beside->reading)
        beside_drop(client);
    beside->version = version;
    beside->share = version ? share : 0;
    beside->rests_until_us = 0;
}

/* --- Which requests --- */

/* xorshift64: Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003), 14. */
static double draw(struct worker *worker)
{
    uint64_t x = worker->random ? worker->random : (uint64_t)clock_us() | 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    worker->random = x;
    return (double)(x >> 11) / 9007199254740992.0;
}

/* A name that nobody has seen: true, as long as there is no other backend, for which the server will be asked what the session has prepared. */
static bool only_reads(struct client *client, const struct batch *batch, bool *known)
{
    *known = true;
    if (batch->n_executes != 1 || batch->n_parses > 1 || batch->n_binds > 1)
        return false;
    if (batch->text && !batch->describes)
        return false;
    if (batch->text) {
        bool unnamed = !batch->parsed || !*batch->parsed;
        bool runs = !batch->parsed || (batch->bound && !*batch->bound);
        return unnamed && runs && worker_kind(client->worker, batch->text) & (unsigned)STATEMENT_READS;
    }
    if (!batch->bound || !*batch->bound)
        return false;
    struct statement *statement = request_named(&client->requests, batch->bound);
    *known = statement != NULL;
    return statement && request_kind(client->worker, statement) & (unsigned)STATEMENT_READS &&
           !request_is_lacking(&client->requests, batch->bound);
}

/* Who does not ask for the columns remembers those of the session's own version, which may be others. */
static bool fits_columns(const struct client *client, const struct batch *batch)
{
    return batch->describes ||
           (client->beside.compared && batch->bound && request_same(&client->requests, batch->bound));
}

static bool is_tripped(const struct client *client)
{
    return atomic_load_explicit(&client->worker->shared->tripped, memory_order_relaxed) >>
               client->beside.version->id &
           1;
}

static void swap(struct client *client)
{
    struct backend *resting = client->beside.backend;
    client->beside.backend = client->backend;
    client->backend = resting;
    client->beside.reading = !client->beside.reading;
    keys_point(client->worker->shared->keys, &client->key, &resting->key);
}

bool beside_takes(struct client *client, const char *data, size_t n)
{
    struct beside *beside = &client->beside;
    struct batch batch;
    bool known;
    if (is_tripped(client) || draw(client->worker) >= beside->share || !batch_read(data, n, &batch))
        return false;
    bool reads = only_reads(client, &batch, &known);
    bool ready = beside->backend && beside->fits && beside->backend->packet.length == 0 &&
                 (batch.describes || beside->compared);
    if (!ready && (reads || (!known && !beside->backend)) && clock_us() > beside->rests_until_us)
        move_beside(client);
    if (!reads || !ready || client->move != MOVE_NONE || !fits_columns(client, &batch))
        return false;
    if (batch.parsed || !batch.bound)
        beside->has_unnamed = batch.parsed != NULL;
    swap(client);
    return true;
}

void beside_return(struct client *client)
{
    if (client->beside.reading)
        swap(client);
}

/* --- What the session holds --- */

void beside_made(struct client *client, struct backend *backend, bool compared)
{
    backend_set_beside(backend);
    client->beside.compared = compared;
    client->beside.backend = backend;
    client->beside.fits = true;
}

void beside_asked(struct client *client, unsigned kind)
{
    if (!client->beside.reading && !(kind & (unsigned)STATEMENT_KEEPS))
        client->beside.fits = false;
}

void beside_bound(struct client *client)
{
    struct beside *beside = &client->beside;
    if (beside->reading || !beside->has_unnamed || client->backend->outstanding > 0 ||
        client->unnamed.length == 0)
        return;
    beside->has_unnamed = false;
    beside->swallow = true;
    stream_write(&client->backend->stream, client->unnamed.data, client->unnamed.length);
}

static bool rest(struct backend *backend, char type, const char *body, size_t n)
{
    (void)body;
    (void)n;
    backend->ready = type == 'S' || type == 'N' || type == 'A';
    return backend->ready;
}

void beside_from_backend(struct client *client, const char *data, size_t n)
{
    struct backend *backend = client->beside.backend;
    if (!backend_gather(backend, data, n, rest) || !backend->ready)
        beside_drop(client);
}
