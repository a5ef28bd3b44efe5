/* A session moves to another version: see client.h, and gift.h for what goes with it. */

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "gateway/client.h"
#include "gateway/login.h"
#include "wire/startup.h"

enum {
    AGAIN_US = 10000000, /* until one that could not is asked again */
    GIVING_US = 2000000  /* for the new backend to take what it is given; meanwhile the client waits */
};

static const char OTHER_COLUMNS[] = "what it has prepared has other columns on the other version";

static void end_move(struct client *client, bool moved)
{
    struct backend *other = client->other;
    client->other = NULL;
    client->move = MOVE_NONE;
    client->for_reads = false;
    worker_moved(client->worker);
    gift_free(&client->gift);
    columns_free(&client->columns);
    if (other)
        backend_close(other);
    retry_go_on(client, moved);
    client_watch(client); /* it is read again, whoever has ended the move */
}

static void stay(struct client *client, const char *why)
{
    route_forget(client);
    client->stays = why;
    client->stays_until_us = client->beside.rests_until_us = clock_us() + AGAIN_US;
}

void move_give_up(struct client *client, const char *why)
{
    if (client->move == MOVE_NONE)
        return;
    stay(client, why);
    end_move(client, false);
    relay_held(client);
}

static const char *startup_value(const struct client *client, const char *name)
{
    struct wire_startup startup;
    size_t length;
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return NULL;
    return wire_startup_value(&startup, name);
}

static void begin(struct client *client, struct version *version, const char *path)
{
    const char *why = notes_stay(&client->notes);
    if (!why && client->unnamed_is_lost)
        why = "a long unnamed statement";
    if (why || !password_ready(client, &why)) {
        stay(client, why);
        return;
    }
    client->other = backend_open(client, version, path);
    if (!client->other) {
        stay(client, "the server cannot be reached");
        return;
    }
    client->move = MOVE_OPENING;
    client->worker->n_moving++;
    client_watch(client);
}

void move_consider(struct client *client)
{
    if (client->state != CLIENT_RELAYING || !client->backend->version)
        return;
    struct routes *routes = shared_routes(client->worker->shared);
    const char *path;
    struct version *version = route_choose(client, routes, &path);
    if (client->beside.reading) { /* it is looked at again when it is answered */
        client->beside.rests_until_us = 0;
        routes_release(routes);
        return;
    }
    if (version == client->backend->version)
        client->stays = NULL;
    beside_consider(client, routes);
    if (client->move != MOVE_NONE) {
        /* It was to go elsewhere meanwhile, or back. */
        bool goes = client->for_reads ? version == client->backend->version &&
                                            client->beside.version == client->other->version
                                      : version == client->other->version;
        if (client->move < MOVE_ASKING && !goes)
            end_move(client, false);
    }
    if (client->move == MOVE_NONE && version && version != client->backend->version) {
        beside_drop(client);
        if (client->worker->n_moving < MOVING_MAX)
            begin(client, version, path);
        else
            client->worker->must_move = true;
    }
    routes_release(routes);
}

void move_beside(struct client *client)
{
    struct beside *beside = &client->beside;
    if (client->move != MOVE_NONE || client->worker->n_moving >= MOVING_MAX)
        return;
    if (beside->backend) {
        client->other = beside->backend;
        beside->backend = NULL;
        beside->fits = false;
        client->move = MOVE_WAITING;
        client->worker->n_moving++;
    } else {
        struct routes *routes = shared_routes(client->worker->shared);
        begin(client, beside->version, route_path(client, routes, beside->version));
        routes_release(routes);
    }
    client->for_reads = client->move != MOVE_NONE;
}

bool move_afresh(struct client *client)
{
    if (client->move != MOVE_NONE || client->state != CLIENT_RELAYING)
        return false;
    struct routes *routes = shared_routes(client->worker->shared);
    struct version *version = client->backend->version;
    begin(client, version, version ? route_path(client, routes, version) : NULL);
    routes_release(routes);
    client->stays_until_us = clock_us() + GIVING_US;
    return client->move == MOVE_OPENING;
}

/* --- Asking the old backend --- */

static void ask(struct client *client)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const char *user = startup_value(client, "user");
    gift_ask(&out, user ? user : "", text_string(&client->notes.settings));
    gift_begin(&client->gift, client->for_reads, client->columns.remembered, client->other->beside);
    client->columns.asking = false;
    client->columns.here = client->columns.there = 0;
    client->move = MOVE_ASKING;
    client->stays = NULL;
    backend_asked(client->backend, false);
    stream_write(&client->backend->stream, out.data, out.length);
    client_watch(client);
}

void move_go_on(struct client *client)
{
    if (client->move == MOVE_WAITING && client_is_between(client) &&
        (client->held.length == 0 || !relay_is_held(client)))
        ask(client);
}

static void know(void *client, const char *body, size_t n)
{
    request_knows(client, body, n);
}

/* Whether rows of other columns would be read as those that the client knows. A fresh backend of the same version is for one that asks for them. */
static bool minds_columns(const struct client *client)
{
    return client->columns.remembered && !client->attempt.afresh;
}

/* Reads are minded one by one. */
static bool minds_each(const struct client *client)
{
    return client->for_reads && client->gift.describes;
}

/* Asks the present backend for the columns of what the client has prepared, where it remembers them; false: that need not be. */
static bool ask_columns(struct client *client)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct columns *columns = &client->columns;
    bool minds = client->for_reads ? minds_each(client) : minds_columns(client);
    columns->asking = !columns->asking && minds && columns_ask(&out, &client->gift);
    if (!columns->asking)
        return false;
    columns->here = columns->there = HASH_BEGUN;
    if (client->for_reads)
        columns_each(columns, &client->gift);
    backend_asked(client->backend, false);
    stream_write(&client->backend->stream, out.data, out.length);
    return true;
}

static void give(struct client *client)
{
    SEGUE_CLEANUP(text_free) struct text columns = {0};
    unsigned batches = gift_end(&client->gift, &client->unnamed);
    if (client->for_reads)
        columns_again(&client->columns);
    else if (minds_columns(client) && columns_ask(&columns, &client->gift)) {
        text_append_n(&client->gift.messages, columns.data, columns.length);
        batches++;
    }
    if (client->for_reads)
        gift_each_statement(&client->gift, know, client);
    client->move = MOVE_GIVING;
    client->given = 0;
    client->stays_until_us = clock_us() + GIVING_US;
    while (batches-- > 0)
        backend_asked(client->other, false);
    stream_write(&client->other->stream, client->gift.messages.data, client->gift.messages.length);
}

static bool answer(struct backend *backend, char type, const char *body, size_t n)
{
    struct client *client = backend->client;
    switch (type) {
    case 'D': {
        const char *why = gift_take(&client->gift, body, n);
        client->stays = why ? why : client->stays;
        return true;
    }
    case 'T':
    case 'n':
        if (client->columns.asking && client->for_reads)
            columns_each_here(&client->columns, type, body, n);
        else if (client->columns.asking)
            columns_take(&client->columns.here, type, body, n);
        return true;
    case 'E':
        if (backend_is_fatal(body, n))
            stream_write(&client->stream, body - WIRE_HEADER, n + WIRE_HEADER);
        if (client->columns.asking && client->for_reads) /* those that come behind it read at home */
            return true;
        client->stays =
            client->columns.asking ? OTHER_COLUMNS : "the server did not tell what the session holds";
        return true;
    case 'Z':
        backend_answered(backend);
        backend->status = n == 1 ? body[0] : 'E';
        if (client->stays)
            move_give_up(client, client->stays);
        else if (!ask_columns(client))
            give(client);
        return client->move == MOVE_ASKING;
    case 'A': /* what comes by itself is the client's: notifications, notices, settings */
    case 'N':
    case 'S': stream_write(&client->stream, body - WIRE_HEADER, n + WIRE_HEADER); return true;
    default: return true;
    }
}

void move_from_backend(struct client *client, const char *data, size_t n)
{
    struct backend *backend = client->backend;
    if (!backend_gather(backend, data, n, answer))
        client_leave(client);
    else if (client->backend == backend && client->move != MOVE_ASKING)
        relay_rest(
            client); /* it has been asked; what it says by itself (a notification) is read on as ever */
}

/* --- The new backend --- */

static void take_over(struct client *client)
{
    struct backend *old = client->backend;
    if (client->for_reads) {
        beside_made(client, client->other, client->gift.describes);
        client->other = NULL;
        end_move(client, false);
        relay_held(client);
        return;
    }
    client->backend = client->other;
    client->other = NULL;
    client->stays = NULL;
    client->stays_until_us = 0;
    keys_point(client->worker->shared->keys, &client->key, &client->backend->key);
    backend_close(old);
    end_move(client, true);
    relay_held(client);
}

static bool is_ready(struct client *client, struct backend *other, char status)
{
    other->status = status;
    if (client->move == MOVE_GIVING) {
        backend_answered(other);
        client->given++;
        if (other->outstanding > 0)
            return true;
        if (client->columns.here == client->columns.there)
            take_over(client);
        else
            move_give_up(client, OTHER_COLUMNS);
        return false;
    }
    other->ready = true;
    client->move = MOVE_WAITING;
    move_go_on(client);
    return true;
}

/* A statement that a backend for reads is given has answered in these columns (type 0: it has none). */
static void note_columns(struct client *client, char type, const char *body, size_t n)
{
    bool same = false;
    const struct columns_of *of = columns_next(&client->columns, type, body, n, &same);
    if (of && same)
        request_is_same(&client->requests, of->name);
}

/* Of the statements that a backend for reads is given, one that it cannot prepare is not asked of it. */
static bool is_left_out(struct client *client)
{
    const char *name = gift_statement(&client->gift, client->given);
    if (!name)
        return false;
    request_lacks(&client->requests, name);
    note_columns(client, 0, NULL, 0);
    return true;
}

static bool answer_of_other(struct backend *other, char type, const char *body, size_t n)
{
    struct client *client = other->client;
    switch (type) {
    case 'R': {
        const char *why = login_answer(other, body, n);
        if (why)
            move_give_up(client, why);
        return !why;
    }
    case 'K':
        if (n >= 4 && n <= 4 + KEY_MAX)
            backend_take_key(other, body, n);
        return true;
    case 'E':
        if (client->move == MOVE_GIVING && is_left_out(client))
            return true;
        move_give_up(client, client->move == MOVE_GIVING
                                 ? "what it has prepared does not exist on the other version"
                                 : login_refused(other, body, n));
        return false;
    case 'T':
    case 'n':
        if (client->for_reads)
            note_columns(client, type, body, n);
        else
            columns_take(&client->columns.there, type, body, n);
        return true;
    case 'Z': return is_ready(client, other, n == 1 ? body[0] : 'E');
    default: return true;
    }
}

void move_from_other(struct client *client, const char *data, size_t n)
{
    struct backend *other = client->other;
    if (!backend_gather(other, data, n, answer_of_other) && client->other == other)
        move_give_up(client, "the server answers what nobody can read");
    else if (client->backend == other)
        relay_rest(client);
}
