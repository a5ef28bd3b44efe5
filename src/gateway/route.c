/* Where one session is to be: whether it has chosen for itself, and its place among all. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/hash.h"
#include "gateway/client.h"
#include "gateway/event.h"
#include "gateway/rules.h"
#include "wire/startup.h"

enum { PROBER_IDLE_US = 3000000 };

static double to_place(uint64_t h)
{
    h ^= h >> 33; /* the low bits of FNV are the better ones */
    return (double)(h & 0xffffffff) / 4294967296.0;
}

static struct sockaddr_storage address_of(const struct client *client)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    if (getpeername(client->stream.fd, (struct sockaddr *)&address, &length) < 0)
        address.ss_family = AF_UNSPEC;
    return address;
}

/* Of an address all but the port counts. */
static uint64_t hash_address(const struct client *client)
{
    struct sockaddr_storage address = address_of(client);
    if (address.ss_family == AF_INET)
        return hash_bytes(HASH_BEGUN, &((struct sockaddr_in *)&address)->sin_addr, sizeof(struct in_addr));
    if (address.ss_family == AF_INET6)
        return hash_bytes(HASH_BEGUN, &((struct sockaddr_in6 *)&address)->sin6_addr, sizeof(struct in6_addr));
    return HASH_BEGUN;
}

void route_place(struct client *client)
{
    uint64_t h = 0;
    if (client->worker->shared->settings->sticky)
        h = hash_address(client);
    else
        (void)getrandom(&h, sizeof h, GRND_NONBLOCK);
    client->place = to_place(h);
}

static bool has_own_path(const struct wire_startup *startup)
{
    const char *options = wire_startup_value(startup, "options");
    return wire_startup_value(startup, "search_path") || (options && strstr(options, "search_path"));
}

/* Looked for once, and again when there are others. */
static struct rule *find_rule(struct client *client, const struct visitor *visitor)
{
    const struct rules *rules = client->worker->shared->settings->rules;
    if (client->rules == rules)
        return client->rule;
    struct sockaddr_storage address = address_of(client);
    struct visitor here = *visitor;
    here.address = (const struct sockaddr *)&address;
    client->rules = rules;
    client->rule = rules_find(rules, &here);
    if (client->rule && rule_is_sticky(client->rule))
        client->place = to_place(hash_address(client));
    return client->rule;
}

static void say_missing(const struct client *client, const struct rule *rule)
{
    SEGUE_CLEANUP(text_free) struct text where = {0};
    struct event event;
    rule_tell_where(rule, &where);
    event_begin(&event, &client->worker->shared->settings->events, EVENT_WARNING, "rule_without_version");
    event_text(&event, "where", rule_place(rule));
    event_text(&event, "version", text_string(&where));
    event_end(&event);
}

/* A version that is tried again has one session at least, of those that ask something: of few, a small share is none. */
static bool probes(struct client *client, struct version *version)
{
    const uintptr_t own = (uintptr_t)client;
    uintptr_t none = 0;
    if (client->stays || clock_us() - client->idle_us > PROBER_IDLE_US) {
        route_forget(client);
        return false;
    }
    if (atomic_load(&version->prober) != own && !atomic_compare_exchange_strong(&version->prober, &none, own))
        return false;
    client->probes = version;
    return true;
}

void route_forget(struct client *client)
{
    uintptr_t own = (uintptr_t)client;
    if (client->probes)
        (void)atomic_compare_exchange_strong(&client->probes->prober, &own, 0);
    client->probes = NULL;
}

/* The version that is tried again, if the session is to be there for that; NULL. */
static struct version *probed_by(struct client *client, const struct routes *routes, uint64_t probed)
{
    struct version *version;
    for (size_t i = 1; (version = routes_at(routes, i)); i++)
        if (probed >> version->id & 1 && routes_share(routes, i) > 0 && probes(client, version))
            return version;
    return NULL;
}

/* By its rule, else by the shares. */
static struct version *choose(struct client *client, const struct routes *routes,
                              const struct visitor *visitor)
{
    uint64_t tripped = atomic_load(&client->worker->shared->tripped);
    uint64_t probed = atomic_load(&client->worker->shared->probed) & ~tripped;
    struct rule *rule = find_rule(client, visitor);
    struct version *version = rule ? rule_choose(rule, routes, client->place, tripped | probed) : NULL;
    if (rule && rule_misses(rule, routes))
        say_missing(client, rule);
    if (!version && probed)
        version = probed_by(client, routes, probed);
    else if (client->probes)
        route_forget(client);
    return version ? version : routes_choose(routes, client->place, tripped);
}

struct version *route_choose(struct client *client, struct routes *routes, const char **path)
{
    struct wire_startup startup;
    size_t length;
    *path = NULL;
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return NULL;
    const char *user = wire_startup_value(&startup, "user");
    const char *database = wire_startup_value(&startup, "database");
    if (!database || !*database)
        database = user;
    if (!routes_concern(routes, database) || wire_startup_value(&startup, "replication") ||
        has_own_path(&startup))
        return NULL;
    const struct visitor visitor = {
        .user = user, .database = database, .application = wire_startup_value(&startup, "application_name")};
    struct version *version = choose(client, routes, &visitor);
    *path = version ? routes_path(routes, user, version) : NULL;
    return *path ? version : NULL;
}

const char *route_path(const struct client *client, struct routes *routes, const struct version *version)
{
    struct wire_startup startup;
    size_t length;
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return NULL;
    const char *user = wire_startup_value(&startup, "user");
    return user ? routes_path(routes, user, version) : NULL;
}

struct version *route_reads(struct client *client, struct routes *routes, double *share)
{
    const struct version *own =
        client->beside.reading ? client->beside.backend->version : client->backend->version;
    bool ruled = client->rule && rule_decides(client->rule);
    struct version *version = own && !ruled ? routes_reads(routes, own, share) : NULL;
    if (version && atomic_load(&client->worker->shared->tripped) >> version->id & 1)
        return NULL;
    return version && route_path(client, routes, version) ? version : NULL;
}
