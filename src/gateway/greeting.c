/* How a client begins: it may ask for encryption, ask to cancel somebody's query, or say who it is. */

#include <stdio.h>
#include <string.h>

#include "gateway/cancel.h"
#include "gateway/client.h"
#include "wire/startup.h"

/* The answer to a request for encryption that there is not. */
static void decline(struct client *client)
{
    stream_write(&client->stream, "N", 1);
}

/* Whether more packets may follow. */
static bool act(struct client *client, const struct wire_startup *startup, size_t length)
{
    switch (startup->code) {
    case WIRE_SSL:
    case WIRE_GSS: decline(client); return true;
    case WIRE_CANCEL: cancel_send(client, startup); return false;
    default: break;
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
    backend_open(client);
    return false;
}

void greeting_read(struct client *client, const char *data, size_t n)
{
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
