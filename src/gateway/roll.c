#include "gateway/roll.h"

#include "base/clock.h"
#include "gateway/cancel.h"
#include "gateway/client.h"
#include "gateway/story.h"
#include "gateway/worker.h"
#include "wire/startup.h"

struct roll {
    struct arena *arena;
    struct roll_entry *entries;
    size_t n;
    int64_t now_us;
};

static const char *copy(struct arena *arena, const char *string)
{
    return string ? arena_strdup(arena, string) : NULL;
}

static const char *doing(const struct client *client)
{
    static const char *const names[METRICS_STATES] = {"starting", "idle", "active", "in transaction",
                                                      "leaving"};
    enum metrics_state state = client->beside.reading ? STATE_ACTIVE : client_doing(client);
    return client->held.length > 0 && state == STATE_IDLE ? "waiting" : names[state];
}

static void name(struct arena *arena, const struct client *client, struct roll_entry *out)
{
    struct wire_startup startup;
    size_t length;
    if (client->startup.length == 0 ||
        wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return;
    const char *database = wire_startup_value(&startup, "database");
    out->user = copy(arena, wire_startup_value(&startup, "user"));
    out->database = database && *database ? copy(arena, database) : out->user;
    out->application = copy(arena, wire_startup_value(&startup, "application_name"));
}

static void call(struct worker *worker, void *context)
{
    struct roll *roll = context;
    for (const struct client *client = worker->clients; client; client = client->next) {
        char where[STORY_ADDRESS];
        if (client->state == CLIENT_GONE)
            continue;
        struct roll_entry entry = {.pid = client->key.pid,
                                   .client = copy(roll->arena, story_address(client, where) ? where : NULL),
                                   .doing = doing(client),
                                   .stays = client->stays,
                                   .rule = client->rule,
                                   .age_us = roll->now_us - client->came_us,
                                   .bytes_in = client->n_in,
                                   .bytes_out = client->n_out,
                                   .encrypted = client->stream.tls != NULL};
        if (client->backend && client->backend->version)
            entry.version = client->backend->version->name;
        name(roll->arena, client, &entry);
        ARENA_PUSH(roll->arena, roll->entries, roll->n, entry);
    }
}

void roll_call(struct shared *shared, struct arena *arena, struct roll_entry **out, size_t *n)
{
    struct roll roll = {.arena = arena, .now_us = clock_us()};
    for (unsigned i = 0; i < shared->n_workers; i++)
        worker_do(&shared->workers[i], call, &roll);
    *out = roll.entries;
    *n = roll.n;
}

/* Reads may run on another backend, beside the session's own. */
static bool is_busy(const struct client *client)
{
    return client->state == CLIENT_RELAYING && !client->backend->copying_both &&
           (client->beside.reading || !client_is_between(client));
}

static void count_busy(struct worker *worker, void *context)
{
    unsigned *n = context;
    for (const struct client *client = worker->clients; client; client = client->next)
        *n += is_busy(client);
}

unsigned roll_count_busy(struct shared *shared)
{
    unsigned n = 0;
    for (unsigned i = 0; i < shared->n_workers; i++)
        worker_do(&shared->workers[i], count_busy, &n);
    return n;
}

struct ending {
    uint32_t pid;
    bool found;
    struct key running; /* of the backend that works for it; pid 0: none does */
};

static void end(struct worker *worker, void *context)
{
    struct ending *ending = context;
    for (struct client *client = worker->clients; client; client = client->next) {
        if (client->key.pid != ending->pid || client->state == CLIENT_GONE || client->state == CLIENT_LEAVING)
            continue;
        static const char why[] = "segue gateway: terminating connection due to an administrator's command";
        ending->found = true;
        if (client->state == CLIENT_RELAYING && !backend_is_quiet(client->backend))
            ending->running = client->backend->key;
        client_refuse(client, "57P01", why, NULL);
        return;
    }
}

bool roll_end(struct shared *shared, uint32_t pid)
{
    struct ending ending = {.pid = pid};
    for (unsigned i = 0; pid && i < shared->n_workers && !ending.found; i++)
        worker_do(&shared->workers[i], end, &ending);
    if (ending.running.pid)
        cancel_ended(shared, &ending.running);
    return ending.found;
}
