#include "gateway/order.h"

#include <string.h>

#include "gateway/client.h"
#include "gateway/shadow.h"

static const char SYNC[] = {'S', 0, 0, 0, 4}, FLUSH[] = {'H', 0, 0, 0, 4};

static void ask(struct client *client, const char *sql)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    wire_put_message(&out, 'Q', sql);
    stream_write(&client->backend->stream, out.data, out.length);
}

bool order_sends(struct client *client, char last, const char *data, size_t n)
{
    struct backend *backend = client->backend;
    bool simple;
    if (client->order.state != ORDER_NONE || client->state != CLIENT_RELAYING || backend->status != 'I' ||
        backend->outstanding != 1 || !wire_between(&client->reader) || !shadow_is_single(client, &simple))
        return false;
    if (simple && data[0] == 'Q' && n == 1U + wire_u32(data + 1)) {
        client->order.state = ORDER_BEGIN;
        ask(client, "BEGIN");
        stream_write(&backend->stream, data, n);
        return true;
    }
    if (simple || last != 'S' || n < sizeof SYNC)
        return false;
    client->order.state = ORDER_SYNC;
    stream_write(&backend->stream, data, n - sizeof SYNC);
    stream_write(&backend->stream, FLUSH, sizeof FLUSH);
    return true;
}

void order_goes_on(struct client *client)
{
    if (client->order.state != ORDER_SYNC || !shadow_is_answered(client))
        return;
    client->order.state = ORDER_NONE;
    shadow_number(client);
    stream_write(&client->backend->stream, SYNC, sizeof SYNC);
}

/* --- A simple query between BEGIN and COMMIT --- */

static bool tell(struct backend *backend, char type, const char *body, size_t n)
{
    struct client *client = backend->client;
    const struct wire_piece piece = {.type = type, .length = (uint32_t)n, .data = body, .n = (uint32_t)n};
    if (!relay_note(client, &piece))
        return false;
    text_append_n(&client->order.told, body - WIRE_HEADER, n + WIRE_HEADER);
    return true;
}

static bool after_begin(struct backend *backend, char type, const char *body, size_t n)
{
    struct ordering *order = &backend->client->order;
    switch (type) {
    case 'C': return true;
    case 'E': /* the statement comes all the same, in a transaction of its own, unless the session ends */
        return !backend_is_fatal(body, n) || tell(backend, type, body, n);
    case 'Z':
        order->state = n == 1 && body[0] == 'T' ? ORDER_STATEMENT : ORDER_NONE;
        return order->state == ORDER_STATEMENT;
    default: return tell(backend, type, body, n);
    }
}

static bool after_statement(struct backend *backend, char type, const char *body, size_t n)
{
    struct client *client = backend->client;
    struct ordering *order = &client->order;
    const struct wire_piece piece = {.type = type, .length = (uint32_t)n, .data = body, .n = (uint32_t)n};
    if (type == 'C') {
        text_append_n(&order->done, body - WIRE_HEADER, n + WIRE_HEADER);
        return relay_note(client, &piece);
    }
    if (type != 'Z')
        return tell(backend, type, body, n);
    order->state = ORDER_END;
    if (n == 1 && body[0] == 'T')
        shadow_number(client);
    ask(client, n == 1 && body[0] == 'T' ? "COMMIT" : "ROLLBACK");
    return true;
}

static bool after_end(struct backend *backend, char type, const char *body, size_t n)
{
    struct ordering *order = &backend->client->order;
    switch (type) {
    case 'C':
        text_append_n(&order->told, text_string(&order->done), order->done.length);
        text_free(&order->done);
        return true;
    case 'Z':
        order->state = ORDER_NONE;
        text_free(&order->done);
        (void)tell(backend, type, body, n);
        return false;
    default: return tell(backend, type, body, n);
    }
}

static bool answer(struct backend *backend, char type, const char *body, size_t n)
{
    switch (backend->client->order.state) {
    case ORDER_BEGIN: return after_begin(backend, type, body, n);
    case ORDER_STATEMENT: return after_statement(backend, type, body, n);
    case ORDER_END: return after_end(backend, type, body, n);
    default: return false;
    }
}

void order_answers(struct client *client, const char *data, size_t n)
{
    struct backend *backend = client->backend;
    bool good = backend_gather(backend, data, n, answer);
    SEGUE_CLEANUP(text_free) struct text told = client->order.told;
    SEGUE_CLEANUP(text_free) struct text rest = {0};
    client->order.told = (struct text){0};
    if (!good) {
        client_refuse(client, "08P01", "segue gateway: this is no message of PostgreSQL's protocol", NULL);
        return;
    }
    if (client->order.state == ORDER_NONE) {
        rest = backend->packet;
        backend->packet = (struct text){0};
    }
    if (told.length > 0)
        relay_answer(client, told.data, told.length);
    if (rest.length > 0 && client->state == CLIENT_RELAYING)
        relay_from_backend(client, rest.data, rest.length);
    if (client->state == CLIENT_RELAYING)
        relay_held(client);
}

void order_free(struct ordering *order)
{
    text_free(&order->done);
    text_free(&order->told);
}
