/* Where one session is to be: whether it has chosen for itself, and its place among all. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "gateway/client.h"
#include "wire/startup.h"

static double to_place(uint64_t h)
{
    h ^= h >> 33; /* the low bits of FNV are the better ones */
    return (double)(h & 0xffffffff) / 4294967296.0;
}

/* Of an address all but the port counts. */
static uint64_t hash_address(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    if (getpeername(fd, (struct sockaddr *)&address, &length) < 0)
        return HASH_BEGUN;
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
        h = hash_address(client->stream.fd);
    else
        (void)getrandom(&h, sizeof h, GRND_NONBLOCK);
    client->place = to_place(h);
}

static bool has_own_path(const struct wire_startup *startup)
{
    const char *options = wire_startup_value(startup, "options");
    return wire_startup_value(startup, "search_path") || (options && strstr(options, "search_path"));
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
    if (!routes_concern(routes, database && *database ? database : user) ||
        wire_startup_value(&startup, "replication") || has_own_path(&startup))
        return NULL;
    struct version *version =
        routes_choose(routes, client->place, atomic_load(&client->worker->shared->tripped));
    *path = version ? routes_path(routes, user, version) : NULL;
    return *path ? version : NULL;
}
