#include "gateway/shadow_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct shadow_session *shadow_session_of(struct client *client)
{
    if (!client->worker->shared->shadow)
        return NULL;
    if (!client->shadow) {
        client->shadow = memory_alloc(sizeof *client->shadow);
        shadow_session_begin(client, client->shadow);
    }
    return client->shadow->off ? NULL : client->shadow;
}

/* The search path that goes with the version that the session is on. */
static void follow_version(struct client *client, struct shadow_session *session)
{
    const struct version *version = client->backend->version;
    if (version == session->version)
        return;
    struct routes *routes = shared_routes(client->worker->shared);
    gather_path(&session->gather, version ? routes_path(routes, session->gather.user, version) : NULL);
    routes_release(routes);
    session->version = version;
}

/* --- What a text does --- */

static void read_pieces(const struct client *client, struct asked *asked)
{
    asked->arena = arena_new();
    if (shadow_read(client->worker->shared, asked->arena, asked->statement->text, &asked->pieces,
                    &asked->n_pieces))
        return;
    asked->pieces = arena_alloc(asked->arena, sizeof *asked->pieces);
    asked->pieces[0] = (struct shadow_piece){.text = asked->statement->text, .does = SHADOW_WRITES};
    asked->n_pieces = 1;
}

/* One statement of which no name has to be known: what it does is noted with its text. */
static unsigned facts_of(const struct asked *asked)
{
    const struct shadow_piece *piece = &asked->pieces[0];
    if (asked->n_pieces != 1 || piece->name || piece->clears || piece->control == SHADOW_DEALLOCATE)
        return FACT_KNOWN | FACT_MANY;
    return FACT_KNOWN | (piece->copies ? FACT_COPIES : 0U) | (unsigned)piece->control << FACT_CONTROL |
           piece->does;
}

static void free_pieces(struct asked *asked)
{
    arena_free(asked->arena);
    asked->arena = NULL;
    asked->pieces = NULL;
}

static void look(const struct client *client, struct asked *asked)
{
    struct statement *statement = asked->statement;
    if (statement->shadow & FACT_KNOWN && !(statement->shadow & FACT_MANY)) {
        asked->facts = statement->shadow;
        return;
    }
    read_pieces(client, asked);
    asked->facts = statement->shadow = facts_of(asked);
    if (!(asked->facts & FACT_MANY))
        free_pieces(asked);
}

unsigned shadow_control_of(const struct asked *asked)
{
    return asked->facts & FACT_MANY ? (unsigned)SHADOW_NO_CONTROL : asked->facts >> FACT_CONTROL & 31;
}

static bool may_write(const struct asked *asked)
{
    return asked->kind == ASKED_UNKNOWN || asked->facts & FACT_MANY || asked->facts & SHADOW_WRITES;
}

static bool wants_copy(const struct asked *asked)
{
    if (!(asked->facts & FACT_MANY))
        return asked->facts & FACT_COPIES;
    for (size_t i = 0; i < asked->n_pieces; i++)
        if (asked->pieces[i].copies)
            return true;
    return false;
}

/* --- The line --- */

static struct asked *push(struct shadow_session *session)
{
    if (session->first > 0 && session->first + session->n == session->size) {
        memmove(session->line, session->line + session->first, session->n * sizeof *session->line);
        session->first = 0;
    }
    if (session->n == session->size) {
        session->size = session->size ? session->size * 2 : 4;
        session->line = memory_resize(session->line, session->size * sizeof *session->line);
    }
    struct asked *last = &session->line[session->first + session->n++];
    *last = (struct asked){0};
    return last;
}

struct asked *shadow_line_head(struct shadow_session *session)
{
    return session->n > 0 ? &session->line[session->first] : NULL;
}

void shadow_line_pop(struct shadow_session *session)
{
    struct asked *asked = shadow_line_head(session);
    statement_release(asked->statement);
    free_pieces(asked);
    text_free(&asked->bind);
    text_free(&asked->copy);
    free(asked->copy_ends);
    session->first++;
    session->n--;
    if (session->n == 0)
        session->first = 0;
}

static bool writes_are_answered(const struct shadow_session *session)
{
    for (size_t i = 0; i < session->n; i++)
        if (may_write(&session->line[session->first + i]) ||
            shadow_control_of(&session->line[session->first + i]) != SHADOW_NO_CONTROL)
            return false;
    return true;
}

void shadow_asked(struct client *client, const struct request *request)
{
    struct shadow_session *session = shadow_session_of(client);
    if (!session)
        return;
    session->gather.pid = client->key.pid;
    bool first = writes_are_answered(session);
    struct asked *asked = push(session);
    asked->simple = !request->bind;
    if (request->again || !request->statement) {
        asked->kind = request->again ? ASKED_MORE : ASKED_UNKNOWN;
        return;
    }
    asked->statement = statement_hold(request->statement);
    look(client, asked);
    if (asked->facts & (FACT_MANY | FACT_DOES))
        follow_version(client, session);
    if (request->bind && asked->facts & (FACT_MANY | FACT_DOES)) {
        asked->bound = true;
        text_append_n(&asked->bind, request->bind, request->n_bind);
    }
    if (first && shadow_control_of(asked) == SHADOW_COMMIT)
        gather_number(&session->gather);
}

void shadow_end(struct client *client)
{
    struct shadow_session *session = shadow_session_of(client);
    if (session)
        push(session)->kind = ASKED_END;
}

/* Data of COPY belongs to what was asked last, before the end of its batch if that has come. */
void shadow_data(struct client *client, const struct wire_piece *piece)
{
    struct shadow_session *session = shadow_session_of(client);
    struct asked *asked = NULL;
    for (size_t i = session ? session->n : 0; i-- > 0 && !asked;)
        if (session->line[session->first + i].kind != ASKED_END)
            asked = &session->line[session->first + i];
    if (!asked || asked->kind != ASKED_STATEMENT || !wants_copy(asked))
        return;
    if (piece->type == 'd' && asked->copy.length <= GATHER_MAX) {
        text_append_n(&asked->copy, piece->data, piece->n);
    } else if (piece->type == 'c') {
        asked->copy_ends = memory_resize(asked->copy_ends, (asked->n_copies + 1) * sizeof *asked->copy_ends);
        asked->copy_ends[asked->n_copies++] = asked->copy.length;
    }
}

bool shadow_is_single(struct client *client, bool *simple)
{
    const struct shadow_session *session = shadow_session_of(client);
    bool writes = false;
    if (!session || session->n < 2)
        return false;
    const struct asked *line = &session->line[session->first];
    for (size_t i = 0; i + 1 < session->n; i++) {
        if (line[i].kind != ASKED_STATEMENT || line[i].facts & (FACT_MANY | FACT_COPIES) ||
            shadow_control_of(&line[i]) != SHADOW_NO_CONTROL)
            return false;
        writes = writes || line[i].facts & SHADOW_WRITES;
    }
    *simple = line[0].simple;
    /* What may end transactions by itself, or wants none around it, is no SELECT, INSERT, UPDATE, DELETE or MERGE. */
    return writes && line[session->n - 1].kind == ASKED_END &&
           (!*simple ||
            (session->n == 2 && request_kind(client->worker, line[0].statement) & (unsigned)STATEMENT_ROWS));
}

bool shadow_is_answered(const struct client *client)
{
    const struct shadow_session *session = client->shadow;
    return session->n > 0 && session->line[session->first].kind == ASKED_END;
}

void shadow_number(struct client *client)
{
    if (!client->shadow->failed)
        gather_number(&client->shadow->gather);
}

void shadow_gone(struct client *client)
{
    struct shadow_session *session = client->shadow;
    if (!session)
        return;
    client->shadow = NULL;
    bool unknown = session->gather.numbered; /* its COMMIT was asked for */
    for (size_t i = 0; i < session->n; i++) {
        const struct asked *asked = &session->line[session->first + i];
        unknown = unknown ||
                  (asked->kind == ASKED_STATEMENT && asked->facts & SHADOW_WRITES && session->status == 'I');
    }
    if (unknown)
        shadow_lost(session->gather.shadow, LOSS_UNKNOWN);
    while (session->n > 0)
        shadow_line_pop(session);
    if (!session->off)
        gather_free(&session->gather);
    free(session->line);
    text_free(&session->parts);
    free(session);
}
