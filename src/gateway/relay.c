/* The bytes of a session, both ways. They are written on as they come; on the way it is noted where requests and answers end. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gateway/binding.h"
#include "gateway/breaker.h"
#include "gateway/client.h"
#include "gateway/watch.h"

enum { UNNAMED_MAX = 16384 }; /* bytes of an unnamed statement that are kept */

/* --- From the client --- */

/* The unnamed statement lasts until the next one, or a simple query. */
static void note_unnamed(struct client *client, const struct wire_piece *piece)
{
    text_clear(&client->unnamed);
    client->unnamed_is_lost = !wire_is_whole(piece) || piece->n > UNNAMED_MAX;
    if (client->unnamed_is_lost)
        return;
    size_t begun = wire_begin(&client->unnamed, 'P');
    text_append_n(&client->unnamed, piece->data, piece->n);
    wire_end(&client->unnamed, begun);
}

/* What is timed is the way from the first request that waits to its answer, then from answer to answer. */
static void asked(struct backend *backend, bool simple)
{
    if (backend->outstanding == 0)
        backend->asked_us = clock_us();
    backend_asked(backend, simple);
}

/* Of a Bind: whether it is of the unnamed statement. */
static bool names_unnamed(const struct wire_piece *piece)
{
    const char *body = piece->data;
    size_t n = piece->offset == 0 ? piece->n : 0;
    return wire_take_string(&body, &n) && n > 0 && !*body;
}

static void note_request(struct client *client, const struct wire_piece *piece)
{
    bool begins = piece->offset == 0;
    switch (piece->type) {
    case 'Q': /* Query */
        notes_read(&client->notes, piece);
        if (!begins)
            return;
        text_clear(&client->unnamed);
        client->unnamed_is_lost = false;
        client->beside.has_unnamed = client->beside.has_unnamed && client->beside.reading;
        asked(client->backend, true);
        return;
    case 'P': /* Parse */
        notes_read(&client->notes, piece);
        client->backend->unended = true;
        if (begins && piece->n > 0 && piece->data[0] == '\0') {
            note_unnamed(client, piece);
            client->beside.has_unnamed = client->beside.has_unnamed && client->beside.reading;
        }
        return;
    case 'F': /* FunctionCall */
        if (begins)
            asked(client->backend, true);
        return;
    case 'S': /* Sync */ asked(client->backend, false); return;
    case 'B': /* Bind, Describe, Execute, Close: a Sync must come */
        if (client->beside.has_unnamed && names_unnamed(piece))
            beside_bound(client);
        columns_note(&client->columns, piece);
        client->backend->unended = true;
        return;
    case 'D':
    case 'E':
        columns_note(&client->columns, piece);
        client->backend->unended = true;
        return;
    case 'C': client->backend->unended = true; return;
    case 'c': /* CopyDone, CopyFail */
    case 'f': client->backend->fed = true; return;
    case 'p': /* an answer to Authentication */ password_said(client, piece); return;
    default: return; /* Terminate, Flush, CopyData */
    }
}

static void too_long(struct client *client, uint32_t length, uint32_t most)
{
    char message[128];
    (void)snprintf(message, sizeof message,
                   "segue gateway: a message of %" PRIu32 " bytes is longer than the %" PRIu32 " allowed",
                   length, most);
    client_refuse(client, "54000", message, "The limit is --max-message of segue gateway.");
}

static void pass_on(struct client *client, const char *data, size_t n)
{
    if (client->state == CLIENT_STARTING && binding_fails(client, data, n)) {
        client_refuse(
            client, "28000",
            "segue gateway: the client and the server could bind the password to the channel, but not through a gateway with another certificate",
            "Connect with channel_binding=disable, or give the gateway the server's own certificate and key.");
        return;
    }
    struct wire_piece piece = {0};
    const char *at = data;
    size_t left = n;
    enum wire_result result;
    uint32_t most = client->worker->shared->settings->message_max;
    bool begins = client_is_between(client);
    while ((result = wire_next(&client->reader, &at, &left, &piece)) == WIRE_PIECE) {
        if (piece.length > most) {
            too_long(client, piece.length, most);
            return;
        }
        note_request(client, &piece);
        if (client->worker->shared->watched || client->beside.version)
            request_read(client, &piece);
    }
    if (result == WIRE_BROKEN) {
        client_refuse(client, "08P01", "segue gateway: this is no message of PostgreSQL's protocol", NULL);
        return;
    }
    if (client->worker->shared->settings->retries > 0 || client->beside.reading)
        retry_keep(client, begins, data, n);
    if (!client->backend)
        return;
    if (!client->worker->shared->shadow || !order_sends(client, piece.type, data, n))
        stream_write(&client->backend->stream, data, n);
}

bool relay_is_held(const struct client *client)
{
    long long until = atomic_load_explicit(&client->worker->shared->hold_until_us, memory_order_relaxed);
    return until && clock_us() < until;
}

/* Nothing more is sent to a version that its breaker has taken all sessions from, as long as this one may still move. */
static bool leaves(const struct client *client)
{
    const struct shared *shared = client->worker->shared;
    const struct version *version = client->backend->version;
    unsigned long long tripped = atomic_load_explicit(&shared->tripped, memory_order_relaxed);
    return tripped && version && tripped >> version->id & 1 && !client->stays &&
           clock_us() < atomic_load_explicit(&shared->leaving_until_us, memory_order_relaxed);
}

static void relay_now(struct client *client, const char *data, size_t n)
{
    client->active = true;
    client->n_in += n;
    metrics_add(&client->worker->metrics.bytes_in, n);
    if (client->beside.version && client_is_between(client))
        (void)beside_takes(client, data, n);
    pass_on(client, data, n);
}

void relay_again(struct client *client, const char *data, size_t n)
{
    pass_on(client, data, n);
}

/* Whether what the client begins now must wait. */
static bool must_wait(const struct client *client)
{
    return client->state == CLIENT_RELAYING && (relay_is_held(client) || leaves(client)) &&
           client_is_between(client);
}

void relay_from_client(struct client *client, const char *data, size_t n)
{
    if (!must_wait(client) && !client->beside.reading && client->order.state == ORDER_NONE) {
        relay_now(client, data, n);
        return;
    }
    text_append_n(&client->held, data, n);
    if (client->move == MOVE_NONE && leaves(client)) {
        move_consider(client);
        relay_held(client); /* it may have turned out that it stays */
    }
}

/* --- From the server --- */

static void surprised(struct client *client)
{
    client_refuse(client, "08P01", "segue gateway: the server answered what nobody had asked",
                  "The connection was ended so that no answer reaches whom it is not meant for.");
}

static void note_time(struct backend *backend)
{
    int64_t now = clock_us();
    metrics_answered(&backend->client->worker->metrics, backend->version, now - backend->asked_us,
                     !backend->warm);
    backend->warm = true;
    backend->asked_us = now;
}

/* The SQLSTATE stands near the beginning; one that is cut off there is not counted. */
static void note_error(const struct backend *backend, const struct wire_piece *piece)
{
    const char *sqlstate = piece->offset == 0 ? wire_error_field(piece->data, piece->n, 'C') : NULL;
    struct worker *worker = backend->client->worker;
    if (sqlstate && strlen(sqlstate) == WIRE_SQLSTATE)
        breaker_met(worker->shared->breaker, backend->version,
                    metrics_error(&worker->metrics, backend->version, sqlstate));
}

static void may_be_ignored(struct backend *backend)
{
    backend_answered(backend);
    backend->unsure++;
}

/* Another answer begins: had what is unsure not been ignored, a ReadyForQuery would have come before it. Within a COPY that is not said yet. */
static void answers(struct backend *backend, bool certain)
{
    if (!backend->crowded && (certain || !backend->copying_in))
        backend->unsure = 0;
    backend->alone = false;
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
        note_time(backend);
        /* One that stands alone, behind another, is of what may have been ignored. */
        if (backend->outstanding > 0 && !(backend->unsure > 0 && backend->alone))
            backend_answered(backend);
        else
            backend->unsure--;
        backend->alone = true;
        backend->ignored = false;
        backend->crowded = backend->crowded && (backend->outstanding > 0 || backend->unsure > 0);
        return true;
    case 'G': /* CopyInResponse: a Sync that was sent with the statement is ignored; one that was sent behind the data is not */
        if (piece->offset > 0)
            return true;
        backend->copying_in = true;
        while (backend->outstanding > 0 && !((backend->simple | backend->closing) & 1)) {
            backend->ignored = true;
            may_be_ignored(backend);
        }
        return true;
    case 'C': /* CommandComplete, ParseComplete, BindComplete, CloseComplete, RowDescription, NoData, EmptyQueryResponse */
    case '1':
    case '2':
    case '3':
    case 'T':
    case 'n':
    case 'I': answers(backend, piece->type == 'C' && backend->ignored); return true;
    case 'E': /* ErrorResponse */
        if (piece->offset == 0)
            answers(backend, false);
        if (piece->offset == 0 && backend->outstanding > 0 && backend->behind & 1)
            may_be_ignored(backend);
        note_error(backend, piece);
        retry_note(backend->client, piece);
        return true;
    case 'W': /* CopyBothResponse */ backend->copying_both = true; return true;
    default: return true;
    }
}

/* The client is told a key of the gateway's own. */
static void replace_key(struct client *client, const char *body, size_t n)
{
    struct keys *keys = client->worker->shared->keys;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    backend_take_key(client->backend, body, n);
    keys_make(keys, client->backend->key.n_secret, &client->key);
    keys_point(keys, &client->key, &client->backend->key);
    size_t begun = wire_begin(&out, 'K');
    wire_put_u32(&out, client->key.pid);
    text_append_n(&out, (const char *)client->key.secret, client->key.n_secret);
    wire_end(&out, begun);
    stream_write(&client->stream, out.data, out.length);
}

/* Messages of the start are few and small: each is looked at whole. What comes behind the first ReadyForQuery is left. */
static bool start_message(struct backend *backend, char type, const char *body, size_t n)
{
    struct client *client = backend->client;
    SEGUE_CLEANUP(text_free) struct text offer = {0};
    if (type == 'R')
        password_asked(client, body, n);
    if (type == 'S' && client->worker->shared->watched)
        watch_answer(client, &(const struct wire_piece){
                                 .type = type, .length = (uint32_t)n, .data = body, .n = (uint32_t)n});
    if (type == 'K' && n >= 4 && n <= 4 + KEY_MAX)
        replace_key(client, body, n);
    else if (binding_filter(client, body - WIRE_HEADER, n + WIRE_HEADER, &offer))
        stream_write(&client->stream, offer.data, offer.length);
    else
        stream_write(&client->stream, body - WIRE_HEADER, n + WIRE_HEADER);
    if (type != 'Z' || n != 1)
        return true;
    backend->ready = true;
    backend->status = body[0];
    client_enter(client, CLIENT_RELAYING);
    return false;
}

static void start_from_backend(struct client *client, const char *data, size_t n)
{
    struct backend *backend = client->backend;
    if (!backend_gather(backend, data, n, start_message)) {
        surprised(client);
        return;
    }
    if (client->state != CLIENT_STARTING)
        relay_rest(client);
}

void relay_rest(struct client *client)
{
    if (client->state != CLIENT_RELAYING)
        return;
    SEGUE_CLEANUP(text_free) struct text rest = client->backend->packet;
    client->backend->packet = (struct text){0};
    if (rest.length > 0)
        relay_from_backend(client, rest.data, rest.length);
}

void relay_tell(struct client *client, const char *data, size_t n)
{
    stream_write(&client->stream, data, n);
    client->n_out += n;
    metrics_add(&client->worker->metrics.bytes_out, n);
    if (client->beside.reading && backend_is_quiet(client->backend)) {
        beside_return(client);
        relay_held(client);
    }
    if (client->worker->draining)
        client_end_if_between(client);
    if (client->move == MOVE_WAITING)
        move_go_on(client);
    if (client->ended && client->state == CLIENT_RELAYING &&
        (client->stream.failed || (client->backend->outstanding == 0 && client->held.length == 0)))
        client_leave(client);
}

/* What was parsed for the session without its knowing (beside_bound) is the first that is answered; the client is not told. */
static bool is_swallowed(struct client *client, const char *data, size_t n)
{
    bool first = client->beside.swallow && n >= WIRE_HEADER && wire_between(&client->backend->reader);
    if (first)
        client->beside.swallow = false;
    return first && data[0] == '1';
}

bool relay_note(struct client *client, const struct wire_piece *piece)
{
    if (!note_answer(client->backend, piece))
        return false;
    if (client->worker->shared->watched || client->beside.version)
        request_answered(client, piece);
    return true;
}

void relay_answer(struct client *client, const char *data, size_t n)
{
    if (!retry_takes(client, data, n))
        relay_tell(client, data, n);
}

void relay_from_backend(struct client *client, const char *data, size_t n)
{
    if (client->state == CLIENT_STARTING) {
        start_from_backend(client, data, n);
        return;
    }
    if (order_reads(&client->order)) {
        order_answers(client, data, n);
        return;
    }
    if (is_swallowed(client, data, n)) {
        data += WIRE_HEADER;
        n -= WIRE_HEADER;
    }
    struct wire_piece piece;
    const char *at = data;
    size_t left = n;
    enum wire_result result;
    while ((result = wire_next(&client->backend->reader, &at, &left, &piece)) == WIRE_PIECE)
        if (!relay_note(client, &piece))
            break;
    if (result != WIRE_USED_UP) {
        surprised(client);
        return;
    }
    bool kept = client->order.state == ORDER_SYNC;
    order_goes_on(client);
    relay_answer(client, data, n);
    if (kept && client->order.state == ORDER_NONE)
        relay_held(client);
}

void relay_held(struct client *client)
{
    if (client->held.length == 0 || client->move >= MOVE_ASKING || client->beside.reading ||
        client->order.state != ORDER_NONE || must_wait(client))
        return;
    SEGUE_CLEANUP(text_free) struct text held = client->held;
    client->held = (struct text){0};
    if (client->state != CLIENT_RELAYING)
        return;
    relay_now(client, held.data, held.length);
    client_watch(client);
}
