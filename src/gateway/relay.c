/* The bytes of a session, both ways. They are written on as they come; on the way it is noted where requests and answers end. */

#include <string.h>

#include "gateway/binding.h"
#include "gateway/client.h"

/* --- From the client --- */

static void note_request(struct backend *backend, const struct wire_piece *piece)
{
    if (piece->offset > 0)
        return;
    switch (piece->type) {
    case 'Q': /* Query */
    case 'F': /* FunctionCall */ backend_asked(backend, true); break;
    case 'S': /* Sync */ backend_asked(backend, false); break;
    case 'X': /* Terminate */
    case 'H': /* Flush */
    case 'd': /* CopyData, CopyDone, CopyFail */
    case 'c':
    case 'f': break;
    default: backend->unended = true; break; /* Parse, Bind, Describe, Execute, Close */
    }
}

void relay_from_client(struct client *client, const char *data, size_t n)
{
    struct backend *backend = client->backend;
    if (client->state == CLIENT_STARTING && binding_fails(client, data, n)) {
        client_refuse(
            client, "28000",
            "segue gateway: the client and the server could bind the password to the channel, but not through a gateway with another certificate",
            "Connect with channel_binding=disable, or give the gateway the server's own certificate and key.");
        return;
    }
    struct wire_piece piece;
    const char *at = data;
    size_t left = n;
    enum wire_result result;
    while ((result = wire_next(&client->reader, &at, &left, &piece)) == WIRE_PIECE)
        note_request(backend, &piece);
    if (result == WIRE_BROKEN) {
        client_refuse(client, "08P01", "segue gateway: this is no message of PostgreSQL's protocol", NULL);
        return;
    }
    stream_write(&backend->stream, data, n);
}

/* --- From the server --- */

static void surprised(struct client *client)
{
    client_refuse(client, "08P01", "segue gateway: the server answered what nobody had asked",
                  "The connection was ended so that no answer reaches whom it is not meant for.");
}

/* False: the server did what cannot be. */
static bool note_answer(struct backend *backend, const struct wire_piece *piece)
{
    switch (piece->type) {
    case 'Z': /* ReadyForQuery */
        if (backend->copying_both)
            return true;
        if (piece->length != 1 || (backend->outstanding == 0 && backend->unsure == 0))
            return false;
        backend->status = piece->data[0];
        backend->copying_in = false;
        if (backend->outstanding > 0)
            backend_answered(backend);
        else
            backend->unsure--;
        return true;
    case 'G': /* CopyInResponse: a Sync that was sent with the statement is ignored; one that was sent behind the data is not */
        if (piece->offset > 0)
            return true;
        backend->copying_in = true;
        if (backend->outstanding > 0 && !(backend->simple & 1)) {
            backend_answered(backend);
            backend->unsure++;
        }
        return true;
    case 'W': /* CopyBothResponse */ backend->copying_both = true; return true;
    default: return true;
    }
}

/* A message of the start, whole. Only the key is not passed on as it is. */
static void start_message(struct client *client, char type, const char *message, size_t n)
{
    struct backend *backend = client->backend;
    SEGUE_CLEANUP(text_free) struct text offer = {0};
    if (binding_filter(client, message, n, &offer)) {
        stream_write(&client->stream, offer.data, offer.length);
        return;
    }
    if (type != 'K' || n < WIRE_HEADER + 4 || n > WIRE_HEADER + 4 + KEY_MAX) {
        stream_write(&client->stream, message, n);
        return;
    }
    struct keys *keys = client->worker->shared->keys;
    backend->key.pid = wire_u32(message + WIRE_HEADER);
    backend->key.n_secret = (uint16_t)(n - WIRE_HEADER - 4);
    memcpy(backend->key.secret, message + WIRE_HEADER + 4, backend->key.n_secret);
    keys_make(keys, backend->key.n_secret, &client->key);
    keys_point(keys, &client->key, &backend->key);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    size_t begun = wire_begin(&out, 'K');
    wire_put_u32(&out, client->key.pid);
    text_append_n(&out, (const char *)client->key.secret, client->key.n_secret);
    wire_end(&out, begun);
    stream_write(&client->stream, out.data, out.length);
}

/* Messages of the start are few and small: each is gathered and looked at. What comes behind the first ReadyForQuery is left. */
static void start_from_backend(struct client *client, const char *data, size_t n)
{
    struct text *packet = &client->packet;
    text_append_n(packet, data, n);
    size_t done = 0;
    while (client->state == CLIENT_STARTING && packet->length - done >= WIRE_HEADER) {
        const char *message = packet->data + done;
        size_t length = (size_t)wire_u32(message + 1) + 1;
        if (length < WIRE_HEADER || length > WORKER_BUFFER) {
            surprised(client);
            return;
        }
        if (packet->length - done < length)
            break;
        start_message(client, message[0], message, length);
        if (message[0] == 'Z') {
            client->backend->ready = true;
            client->backend->status = message[WIRE_HEADER];
            client_enter(client, CLIENT_RELAYING);
        }
        done += length;
    }
    SEGUE_CLEANUP(text_free) struct text rest = {0};
    text_append_n(&rest, packet->data + done, packet->length - done);
    text_free(packet);
    if (client->state == CLIENT_STARTING) {
        *packet = rest;
        rest = (struct text){0};
    } else if (rest.length > 0) {
        relay_from_backend(client, rest.data, rest.length);
    }
}

void relay_from_backend(struct client *client, const char *data, size_t n)
{
    if (client->state == CLIENT_STARTING) {
        start_from_backend(client, data, n);
        return;
    }
    struct wire_piece piece;
    const char *at = data;
    size_t left = n;
    enum wire_result result;
    while ((result = wire_next(&client->backend->reader, &at, &left, &piece)) == WIRE_PIECE)
        if (!note_answer(client->backend, &piece))
            break;
    if (result != WIRE_USED_UP)
        surprised(client);
    else
        stream_write(&client->stream, data, n);
}
