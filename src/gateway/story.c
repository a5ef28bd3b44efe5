#include "gateway/story.h"

#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "gateway/client.h"
#include "gateway/event.h"
#include "wire/startup.h"

bool story_address(const struct client *client, char *out)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    char host[64];
    char port[16];
    if (getpeername(client->stream.fd, (struct sockaddr *)&address, &length) < 0)
        return false;
    if (address.ss_family == AF_UNIX) {
        (void)snprintf(out, STORY_ADDRESS, "local");
        return true;
    }
    if (getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    (void)snprintf(out, STORY_ADDRESS, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return true;
}

static void tell_address(struct event *event, const struct client *client)
{
    char where[STORY_ADDRESS];
    if (event->line.length > 0 && story_address(client, where))
        event_text(event, "client", where);
}

/* Who it is, as it said. */
static void tell_client(struct event *event, const struct client *client)
{
    struct wire_startup startup;
    size_t length;
    if (client->key.pid)
        event_count(event, "pid", client->key.pid);
    if (client->startup.length == 0 ||
        wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return;
    const char *database = wire_startup_value(&startup, "database");
    event_text(event, "user", wire_startup_value(&startup, "user"));
    event_text(event, "database", database ? database : wire_startup_value(&startup, "user"));
    event_text(event, "application", wire_startup_value(&startup, "application_name"));
}

void story_begin(struct client *client)
{
    struct event event;
    client->told = true;
    event_begin(&event, &client->worker->shared->settings->events, EVENT_INFO, "connect");
    tell_client(&event, client);
    tell_address(&event, client);
    if (client->backend && client->backend->version)
        event_text(&event, "version", client->backend->version->name);
    event_text(&event, "tls", client->stream.tls ? "on" : "off");
    event_seconds(&event, "seconds", (double)(clock_us() - client->came_us) / 1e6);
    event_end(&event);
}

void story_end(const struct client *client)
{
    const struct event_settings *settings = &client->worker->shared->settings->events;
    struct event event;
    if (client->told)
        event_begin(&event, settings, EVENT_INFO, "disconnect");
    else if (client->why)
        event_begin(&event, settings, EVENT_WARNING, "refuse");
    else /* a cancel request, or one who only looked whether somebody listens */
        event_begin(&event, settings, EVENT_DEBUG, "gone");
    tell_client(&event, client);
    if (!client->told)
        tell_address(&event, client);
    event_text(&event, "sqlstate", client->sqlstate[0] ? client->sqlstate : NULL);
    event_text(&event, "reason", client->why ? client->why : "the client left");
    event_seconds(&event, "seconds", (double)(clock_us() - client->came_us) / 1e6);
    event_count(&event, "bytes_in", client->n_in);
    event_count(&event, "bytes_out", client->n_out);
    event_end(&event);
}
