/* How a client begins: it may ask for encryption, ask to cancel somebody's query, or say who it is. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/cancel.h"
#include "gateway/client.h"
#include "wire/startup.h"

/* Whether more packets may follow in the clear. What is behind the request was said by somebody before there was a channel: it must
 * not be taken for what is said on it (CVE-2021-23214). */
static bool encrypt(struct client *client, bool more_came)
{
    struct tls_context *tls = client->worker->shared->client_tls;
    if (client->stream.tls) {
        client_refuse(client, "08P01", "segue gateway: the connection is encrypted already", NULL);
        return false;
    }
    if (!tls) {
        stream_write(&client->stream, "N", 1);
        return true;
    }
    if (more_came) {
        client_refuse(client, "08P01", "segue gateway: received unencrypted data after the request for TLS",
                      "Either the client is wrong, or somebody is between it and the gateway.");
        return false;
    }
    stream_write(&client->stream, "S", 1);
    stream_encrypt(&client->stream, tls_accept(tls, client->stream.fd, NULL, 0));
    return true;
}

/* TLS from the first byte. True: it was that, and what came is dealt with. */
static bool encrypt_directly(struct client *client, const char *data, size_t n)
{
    enum { HANDSHAKE = 0x16 }; /* the type of TLS's first record */
    struct tls_context *tls = client->worker->shared->client_tls;
    if (!tls || client->stream.tls || client->packet.length > 0 || data[0] != HANDSHAKE)
        return false;
    stream_encrypt(&client->stream, tls_accept(tls, client->stream.fd, data, n));
    ssize_t more = stream_read(&client->stream, client->worker->buffer, WORKER_BUFFER);
    if (more < 0)
        client_drop(client);
    else if (more > 0)
        greeting_read(client, client->worker->buffer, (size_t)more);
    return true;
}

/* Who need not encrypt: a client of the same machine, over a unix socket. */
static bool must_encrypt(const struct client *client)
{
    struct sockaddr_storage own = {0};
    socklen_t length = sizeof own;
    return client->worker->shared->settings->tls.required && !client->stream.tls &&
           (getsockname(client->stream.fd, (struct sockaddr *)&own, &length) < 0 || own.ss_family != AF_UNIX);
}

static void open_backend(struct client *client)
{
    struct shared *shared = client->worker->shared;
    struct routes *routes = shared_routes(shared);
    const char *path = NULL;
    struct version *version = route_choose(client, routes, &path);
    client->backend = backend_open(client, version, path);
    int why = errno;
    routes_release(routes);
    if (client->backend)
        return;
    char message[512];
    (void)snprintf(message, sizeof message, "segue gateway: the server %s cannot be reached: %s",
                   shared->settings->server.name, strerror(why));
    client_refuse(client, "08001", message, NULL);
}

/* Whether more packets may follow. */
static bool act(struct client *client, const struct wire_startup *startup, size_t length)
{
    switch (startup->code) {
    case WIRE_SSL: return encrypt(client, client->packet.length > length);
    case WIRE_GSS: stream_write(&client->stream, "N", 1); return true;
    case WIRE_CANCEL: cancel_send(client, startup); return false;
    default: break;
    }
    if (must_encrypt(client)) {
        client_refuse(client, "28000", "segue gateway: only encrypted connections are taken",
                      "Connect with sslmode=require, or better verify-full.");
        return false;
    }
    if (startup->code >> 16 != 3) {
        char message[96];
        (void)snprintf(message, sizeof message,
                       "segue gateway: unsupported frontend protocol %u.%u: it speaks 3.0 to 3.2",
                       startup->code >> 16, startup->code & 0xffff);
        client_refuse(client, "0A000", message, NULL);
        return false;
    }
    if (!wire_startup_value(startup, "user")) {
        client_refuse(client, "28000", "segue gateway: no user name in the startup packet", NULL);
        return false;
    }
    if (!client_count(client)) {
        client_refuse(client, "53300", "segue gateway: sorry, too many clients already", NULL);
        return false;
    }
    text_append_n(&client->startup, client->packet.data, length);
    client_enter(client, CLIENT_STARTING);
    open_backend(client);
    return false;
}

void greeting_read(struct client *client, const char *data, size_t n)
{
    if (encrypt_directly(client, data, n))
        return;
    text_append_n(&client->packet, data, n);
    for (bool more = true; more;) {
        struct wire_startup startup;
        size_t length;
        switch (wire_startup_read(client->packet.data, client->packet.length, &startup, &length)) {
        case WIRE_USED_UP: return;
        case WIRE_BROKEN:
            client_refuse(client, "08P01",
                          "segue gateway: this is no startup packet of PostgreSQL's protocol", NULL);
            return;
        case WIRE_PIECE: break;
        }
        more = act(client, &startup, length);
        if (client->state == CLIENT_GONE || client->state == CLIENT_LEAVING)
            return;
        /* What came behind the packet without waiting for an answer: a client may send its password at once, no more. */
        memmove(client->packet.data, client->packet.data + length, client->packet.length - length);
        client->packet.length -= length;
    }
    if (client->packet.length > 0) {
        SEGUE_CLEANUP(text_free) struct text rest = client->packet;
        client->packet = (struct text){0};
        relay_from_client(client, rest.data, rest.length);
    }
}
