#include "gateway/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "gateway/client.h"
#include "gateway/watch.h"

enum { PARTS_KEPT = 16384 }; /* bytes of memory that stay with a session between two long messages */

/* --- Names --- */

static struct named *find(const struct requests *requests, uint64_t name)
{
    for (size_t i = 0; i < requests->n_names; i++)
        if (requests->names[i].name == name)
            return &requests->names[i];
    return NULL;
}

static struct statement *look_up(const struct requests *requests, uint64_t name)
{
    for (size_t i = requests->n_pendings; i-- > 0;)
        if (requests->pendings[i].named.name == name)
            return requests->pendings[i].named.statement;
    const struct named *found = find(requests, name);
    return found ? found->statement : NULL;
}

struct statement *request_named(const struct requests *requests, const char *name)
{
    return look_up(requests, hash_string(HASH_BEGUN, name));
}

static void forget_name(struct requests *requests, uint64_t name)
{
    struct named *found = find(requests, name);
    if (!found)
        return;
    statement_release(found->statement);
    *found = requests->names[--requests->n_names];
}

/* The statement passes to the table. */
static void put_name(struct requests *requests, const struct named *named)
{
    forget_name(requests, named->name);
    if (requests->n_names == requests->names_size) {
        requests->names_size = requests->names_size ? requests->names_size * 2 : 4;
        requests->names = memory_resize(requests->names, requests->names_size * sizeof *requests->names);
    }
    requests->names[requests->n_names++] = *named;
}

static void shift_pendings(struct requests *requests, size_t n)
{
    if (n == 0)
        return;
    requests->n_pendings -= n;
    if (requests->n_pendings > 0) /* else there may be no table */
        memmove(requests->pendings, requests->pendings + n,
                requests->n_pendings * sizeof *requests->pendings);
}

static void pend(struct requests *requests, const struct named *named)
{
    if (requests->n_pendings == requests->pendings_size) {
        requests->pendings_size = requests->pendings_size ? requests->pendings_size * 2 : 2;
        requests->pendings =
            memory_resize(requests->pendings, requests->pendings_size * sizeof *requests->pendings);
    }
    requests->pendings[requests->n_pendings++] = (struct pending){.named = *named, .batch = requests->batch};
}

/* --- Portals --- */

static struct portal *find_portal(struct requests *requests, uint64_t name)
{
    for (size_t i = 0; i < requests->n_portals; i++)
        if (requests->portals[i].named.name == name)
            return &requests->portals[i];
    return NULL;
}

static void close_portal(struct requests *requests, struct portal *portal)
{
    statement_release(portal->named.statement);
    text_free(&portal->bind);
    *portal = requests->portals[--requests->n_portals];
}

static void close_portals(struct requests *requests)
{
    while (requests->n_portals > 0)
        close_portal(requests, &requests->portals[requests->n_portals - 1]);
}

/* The transaction has ended, and with it what is not closed. The unnamed one keeps its memory for the next. */
static void end_portals(struct requests *requests)
{
    const uint64_t unnamed = hash_string(HASH_BEGUN, "");
    for (size_t i = requests->n_portals; i-- > 0;)
        if (requests->portals[i].named.name != unnamed)
            close_portal(requests, &requests->portals[i]);
}

static struct portal *open_portal(struct requests *requests, uint64_t name)
{
    struct portal *found = find_portal(requests, name);
    if (!found) {
        if (requests->n_portals == requests->portals_size) {
            requests->portals_size = requests->portals_size ? requests->portals_size * 2 : 1;
            requests->portals =
                memory_resize(requests->portals, requests->portals_size * sizeof *requests->portals);
        }
        found = &requests->portals[requests->n_portals++];
        *found = (struct portal){.named.name = name};
    }
    return found;
}

/* --- Messages --- */

static struct statement *get(struct client *client, const char *text, size_t n_text, const char *types,
                             uint16_t n_types)
{
    bool fresh;
    return statements_get(&client->worker->statements, text, n_text, types, n_types, &fresh);
}

/* The name and the statement of a Parse message; the statement is NULL where it is none. */
static struct named read_parse(struct client *client, const char *body, size_t n)
{
    const char *name = wire_take_string(&body, &n);
    const char *text = name ? wire_take_string(&body, &n) : NULL;
    uint16_t n_types = text && n >= 2 ? wire_u16(body) : 0;
    if (!text || n < 2 || n - 2 < 4U * n_types)
        return (struct named){0};
    return (struct named){.name = hash_string(HASH_BEGUN, name),
                          .statement = get(client, text, strlen(text), body + 2, n_types)};
}

static void parsed(struct client *client, const char *body, size_t n)
{
    const struct named named = read_parse(client, body, n);
    if (n > 0 && *body)
        beside_asked(client, 0); /* the session holds one more */
    if (named.statement)
        pend(&client->requests, &named);
}

void request_knows(struct client *client, const char *body, size_t n)
{
    const struct named named = read_parse(client, body, n);
    if (named.statement)
        put_name(&client->requests, &named);
}

static void bound(struct client *client, const char *body, size_t n)
{
    const char *portal_name = wire_take_string(&body, &n);
    const char *name = portal_name ? wire_take_string(&body, &n) : NULL;
    if (!name)
        return;
    struct portal *portal = open_portal(&client->requests, hash_string(HASH_BEGUN, portal_name));
    statement_release(portal->named.statement);
    portal->named.statement = statement_hold(request_named(&client->requests, name));
    portal->begun = false;
    text_clear(&portal->bind);
    text_append_n(&portal->bind, body, n);
}

static void asked(struct client *client, const struct request *request)
{
    struct statement *statement = request->statement;
    beside_asked(client, statement ? request_kind(client->worker, statement) : 0);
    if (client->worker->shared->watched)
        watch_asked(client, request);
}

static void executed(struct client *client, const char *body, size_t n)
{
    const char *name = wire_take_string(&body, &n);
    struct portal *portal = name ? find_portal(&client->requests, hash_string(HASH_BEGUN, name)) : NULL;
    if (!portal) { /* of a cursor that SQL has declared, for instance */
        asked(client, &(const struct request){0});
    } else if (!portal->begun) {
        portal->begun = true;
        asked(client, &(const struct request){portal->named.statement, text_string(&portal->bind),
                                              portal->bind.length, false});
    } else if (client->worker->shared->watched) {
        watch_asked(client, &(const struct request){.again = true});
    }
}

static void closed(struct requests *requests, const char *body, size_t n)
{
    if (n < 2)
        return;
    char what = *body++;
    n--;
    const char *name = wire_take_string(&body, &n);
    uint64_t hash = name ? hash_string(HASH_BEGUN, name) : 0;
    struct portal *portal = find_portal(requests, hash);
    if (what == 'S')
        forget_name(requests, hash);
    else if (portal)
        close_portal(requests, portal);
}

static void queried(struct client *client, const char *body, size_t n)
{
    const char *text = wire_take_string(&body, &n);
    forget_name(&client->requests, hash_string(HASH_BEGUN, ""));
    beside_asked(client, text && client->beside.version ? worker_kind(client->worker, text) : 0);
    if (!client->worker->shared->watched)
        return;
    struct statement *statement = text ? get(client, text, strlen(text), NULL, 0) : NULL;
    watch_asked(client, &(const struct request){.statement = statement});
    statement_release(statement);
}

static void end_batch(struct client *client)
{
    client->requests.batch++;
    if (client->worker->shared->watched)
        watch_end(client);
}

static void forget_names(struct requests *requests)
{
    while (requests->n_names > 0)
        statement_release(requests->names[--requests->n_names].statement);
}

/* A message that was too long to be kept: what it names is not known. */
static void lost(struct client *client, char type)
{
    switch (type) {
    case 'Q': asked(client, &(const struct request){0}); return;
    case 'P': /* any of the names may be its; it has an answer like others */
        forget_names(&client->requests);
        beside_asked(client, 0);
        pend(&client->requests, &(const struct named){0});
        return;
    case 'B': close_portals(&client->requests); return;
    default: return;
    }
}

static void whole(struct client *client, char type, const char *body, size_t n)
{
    switch (type) {
    case 'P': parsed(client, body, n); return;
    case 'B': bound(client, body, n); return;
    case 'E': executed(client, body, n); return;
    case 'C': closed(&client->requests, body, n); return;
    case 'Q': queried(client, body, n); return;
    default: asked(client, &(const struct request){0}); return; /* FunctionCall */
    }
}

/* The parts of a message that comes in several are put together, unless it is too long. */
static void gather(struct client *client, const struct wire_piece *piece)
{
    struct text *parts = &client->requests.parts;
    if (piece->length > STATEMENT_MAX) {
        if (wire_is_last(piece))
            lost(client, piece->type);
        return;
    }
    if (piece->offset == 0)
        text_clear(parts);
    text_append_n(parts, piece->data, piece->n);
    if (!wire_is_last(piece))
        return;
    whole(client, piece->type, text_string(parts), parts->length);
    if (parts->capacity > PARTS_KEPT)
        text_free(parts);
}

void request_read(struct client *client, const struct wire_piece *piece)
{
    if (piece->type == 'd' || piece->type == 'c' || piece->type == 'f') {
        if (client->worker->shared->watched)
            watch_data(client, piece);
        return;
    }
    if (!strchr("PBECQFS", piece->type))
        return;
    if (wire_is_whole(piece) && piece->type != 'S')
        whole(client, piece->type, piece->data, piece->n);
    else if (piece->type != 'S')
        gather(client, piece);
    if (wire_is_last(piece) && strchr("QFS", piece->type))
        end_batch(client);
}

/* --- Answers --- */

/* A Parse of a batch that was answered, without a word of it: it failed, or came behind what failed. */
static void ready(struct client *client)
{
    struct requests *requests = &client->requests;
    int64_t answered = requests->batch - client->backend->outstanding;
    size_t n = 0;
    while (n < requests->n_pendings && requests->pendings[n].batch < answered)
        statement_release(requests->pendings[n++].named.statement);
    shift_pendings(requests, n);
    if (requests->n_portals > 1 && backend_is_quiet(client->backend))
        end_portals(requests);
}

void request_answered(struct client *client, const struct wire_piece *piece)
{
    struct requests *requests = &client->requests;
    if (piece->type == 'D' || piece->type == 'd')
        return;
    if (client->worker->shared->watched)
        watch_answer(client, piece);
    if (piece->type == '1' && requests->n_pendings > 0) {
        put_name(requests, &requests->pendings[0].named);
        shift_pendings(requests, 1);
    } else if (piece->type == 'Z') {
        ready(client);
    }
}

void request_lacks(struct requests *requests, const char *name)
{
    struct named *found = find(requests, hash_string(HASH_BEGUN, name));
    if (found)
        found->lacks = true;
}

void request_is_same(struct requests *requests, uint64_t name)
{
    struct named *found = find(requests, name);
    if (found)
        found->same = true;
}

bool request_same(const struct requests *requests, const char *name)
{
    const struct named *found = find(requests, hash_string(HASH_BEGUN, name));
    return found && found->same;
}

bool request_is_lacking(const struct requests *requests, const char *name)
{
    const struct named *found = find(requests, hash_string(HASH_BEGUN, name));
    return found && found->lacks;
}

void requests_free(struct requests *requests)
{
    for (size_t i = 0; i < requests->n_names; i++)
        statement_release(requests->names[i].statement);
    for (size_t i = 0; i < requests->n_pendings; i++)
        statement_release(requests->pendings[i].named.statement);
    close_portals(requests);
    text_free(&requests->parts);
    free(requests->names);
    free(requests->pendings);
    free(requests->portals);
    *requests = (struct requests){0};
}
