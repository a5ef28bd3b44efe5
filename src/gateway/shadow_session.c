/*
 * What a session asks and what the server answers, brought together: a line of what was asked, the oldest first, from which each answer takes what it answers. A
 * statement belongs to its transaction once it is done; whether that was committed, the answers say as well: CommandComplete of a COMMIT, or ReadyForQuery in no
 * transaction.
 */

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/client.h"
#include "gateway/gather.h"
#include "wire/startup.h"

/* What is kept of a statement's text once it was looked at: facts in statement->shadow. */
enum { FACT_KNOWN = 1 << 15, FACT_MANY = 1 << 14, FACT_COPIES = 1 << 13, FACT_CONTROL = 8, FACT_DOES = 0xff };

enum asked_kind { ASKED_STATEMENT, ASKED_MORE, ASKED_UNKNOWN, ASKED_END };

struct asked {
    enum asked_kind kind;
    bool simple;                 /* it came as Query */
    bool unsure;                 /* of an end: the server may have ignored it */
    struct statement *statement; /* held */
    unsigned facts;
    struct arena *arena; /* of the pieces, where there are several, or names in them */
    struct shadow_piece *pieces;
    size_t n_pieces, at;
    struct text bind;
    bool bound;
    bool copying; /* the server has asked for data */
    struct text copy;
    size_t *copy_ends; /* where the data of one COPY ends */
    size_t n_copies, copy_at;
};

struct shadow_session {
    bool off; /* another database, or replication */
    struct gather gather;
    struct asked *line;
    size_t first, n, size;
    struct text parts;             /* of an answer that comes in several */
    bool failed;                   /* since the last ReadyForQuery */
    char status;                   /* of that */
    const struct version *version; /* of the backend's search path */
};

/* --- The session --- */

static bool is_setting(const char *name)
{
    static const char *const others[] = {"user", "database", "replication", "options", "application_name"};
    for (size_t i = 0; i < SEGUE_COUNT(others); i++)
        if (strcmp(others[i], name) == 0)
            return false;
    return strncmp(name, "_pq_.", 5) != 0;
}

static void give_option(struct gather *gather, char *option)
{
    char *value = strchr(option, '=');
    if (!value)
        return;
    *value++ = '\0';
    for (char *c = option; *c; c++)
        *c = *c == '-' ? '_' : *c;
    gather_given(gather, option, value);
}

/* "-c name=value", "-cname=value" and "--name=value", with a backslash before what would end a word. */
static void read_options(struct gather *gather, const char *options)
{
    SEGUE_CLEANUP(text_free) struct text word = {0};
    bool wants_value = false;
    for (const char *c = options;; c++) {
        if (*c == '\\' && c[1]) {
            text_append_char(&word, *++c);
        } else if (*c && !strchr(" \t\n", *c)) {
            text_append_char(&word, *c);
        } else if (word.length > 0) {
            char *text = word.data;
            if (wants_value)
                give_option(gather, text);
            else if (strncmp(text, "--", 2) == 0)
                give_option(gather, text + 2);
            else if (strncmp(text, "-c", 2) == 0 && text[2])
                give_option(gather, text + 2);
            wants_value = !wants_value && strcmp(text, "-c") == 0;
            text_clear(&word);
        }
        if (!*c)
            return;
    }
}

static void begin(struct client *client, struct shadow_session *session)
{
    const struct shared *shared = client->worker->shared;
    struct wire_startup startup;
    size_t length;
    const char *name, *value;
    session->off = true;
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return;
    const char *user = wire_startup_value(&startup, "user");
    const char *database = wire_startup_value(&startup, "database");
    if (!user || wire_startup_value(&startup, "replication") ||
        strcmp(database && *database ? database : user, shared->settings->server.database) != 0)
        return;
    session->off = false;
    session->status = 'I';
    gather_begin(&session->gather, shared->shadow, user);
    for (size_t at = 0; wire_startup_next(&startup, &at, &name, &value);)
        if (is_setting(name))
            gather_given(&session->gather, name, value);
    const char *options = wire_startup_value(&startup, "options");
    if (options)
        read_options(&session->gather, options);
}

/* NULL: it is not mirrored. */
static struct shadow_session *session_of(struct client *client)
{
    if (!client->worker->shared->shadow)
        return NULL;
    if (!client->shadow) {
        client->shadow = memory_alloc(sizeof *client->shadow);
        begin(client, client->shadow);
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

static unsigned control_of(const struct asked *asked)
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

static struct asked *head(struct shadow_session *session)
{
    return session->n > 0 ? &session->line[session->first] : NULL;
}

static void pop(struct shadow_session *session)
{
    struct asked *asked = head(session);
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
            control_of(&session->line[session->first + i]) != SHADOW_NO_CONTROL)
            return false;
    return true;
}

void shadow_asked(struct client *client, const struct request *request)
{
    struct shadow_session *session = session_of(client);
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
    if (first && control_of(asked) == SHADOW_COMMIT)
        gather_number(&session->gather);
}

void shadow_end(struct client *client)
{
    struct shadow_session *session = session_of(client);
    if (session)
        push(session)->kind = ASKED_END;
}

/* Data of COPY belongs to what was asked last, before the end of its batch if that has come. */
void shadow_data(struct client *client, const struct wire_piece *piece)
{
    struct shadow_session *session = session_of(client);
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
    const struct shadow_session *session = session_of(client);
    bool writes = false;
    if (!session || session->n < 2)
        return false;
    const struct asked *line = &session->line[session->first];
    for (size_t i = 0; i + 1 < session->n; i++) {
        if (line[i].kind != ASKED_STATEMENT || line[i].facts & (FACT_MANY | FACT_COPIES) ||
            control_of(&line[i]) != SHADOW_NO_CONTROL)
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

/* --- Answers --- */

static void control(struct gather *gather, const struct shadow_piece *piece, const char *tag)
{
    switch (piece->control) {
    case SHADOW_COMMIT: /* of a failed transaction the server says that it rolled back */
        if (strcmp(tag, "COMMIT") == 0)
            gather_commit(gather);
        else
            gather_rollback(gather);
        return;
    case SHADOW_ROLLBACK: gather_rollback(gather); return;
    case SHADOW_SAVEPOINT: gather_savepoint(gather, piece->name); return;
    case SHADOW_RELEASE: gather_release(gather, piece->name); return;
    case SHADOW_ROLLBACK_TO: gather_rollback_to(gather, piece->name); return;
    case SHADOW_TWO_PHASE: gather_lose(gather, LOSS_TWO_PHASE); return;
    case SHADOW_PREPARE: gather_prepare(gather, piece->name, piece->text, piece->does); return;
    case SHADOW_EXECUTE: gather_execute(gather, piece->name, piece->text, tag); return;
    case SHADOW_DEALLOCATE: gather_deallocate(gather, piece->name); return;
    case SHADOW_DISCARD_ALL: gather_discard(gather); return;
    default: return;
    }
}

static void take_types(const struct statement *from, struct arena *arena, struct shadow_statement *out)
{
    uint32_t *types = arena_alloc(arena, (from->n_types + 1U) * sizeof *types);
    for (size_t i = 0; i < from->n_types; i++)
        types[i] = wire_u32(from->types + 4 * i);
    out->types = types;
    out->n_types = from->n_types;
}

/* The data that the client sent for the COPY whose turn it is; one to the client, or from a file of the server, has none. */
static void take_copy(struct asked *asked, struct shadow_statement *out)
{
    if (!asked->copying || asked->copy_at >= asked->n_copies)
        return;
    asked->copying = false;
    size_t from = asked->copy_at ? asked->copy_ends[asked->copy_at - 1] : 0;
    out->copy = text_string(&asked->copy) + from;
    out->n_copy = asked->copy_ends[asked->copy_at++] - from;
}

static void piece_done(struct gather *gather, struct asked *asked, const struct shadow_piece *piece,
                       const char *tag)
{
    const bool executes = piece->control == SHADOW_PREPARE || piece->control == SHADOW_EXECUTE;
    if (piece->control != SHADOW_NO_CONTROL)
        control(gather, piece, tag);
    if (!piece->does || executes)
        return;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct shadow_statement statement = {.text = piece->text,
                                         .bound = asked->bound,
                                         .bind = text_string(&asked->bind),
                                         .n_bind = asked->bind.length,
                                         .copies = piece->copies,
                                         .tag = piece->does & SHADOW_WRITES ? tag : "",
                                         .soils = piece->does & (SHADOW_SETS | SHADOW_TEMPORARY)};
    take_types(asked->statement, arena, &statement);
    if (piece->copies)
        take_copy(asked, &statement);
    gather_add(gather, &statement, piece->does, piece->name, piece->clears);
    if (asked->copy.length > GATHER_MAX)
        gather_lose(gather, LOSS_LARGE);
}

/* A statement is done; of a simple query with several, the next one. */
static void done(struct shadow_session *session, const char *tag)
{
    struct gather *gather = &session->gather;
    while (session->n > 0 && head(session)->kind == ASKED_END && head(session)->unsure)
        pop(session);
    struct asked *asked = head(session);
    if (!asked || asked->kind == ASKED_END) { /* the line is not what the server answers */
        gather_lose(gather, LOSS_UNSEEN);
        return;
    }
    if (asked->kind == ASKED_UNKNOWN)
        gather_lose(gather, LOSS_UNSEEN);
    if (asked->kind != ASKED_STATEMENT) {
        pop(session);
        return;
    }
    if (!(asked->facts & FACT_MANY)) {
        const struct shadow_piece piece = {.text = asked->statement->text,
                                           .control = control_of(asked),
                                           .does = asked->facts & FACT_DOES,
                                           .copies = asked->facts & FACT_COPIES};
        piece_done(gather, asked, &piece, tag);
        pop(session);
        return;
    }
    if (asked->at < asked->n_pieces)
        piece_done(gather, asked, &asked->pieces[asked->at++], tag);
    if (asked->at >= asked->n_pieces && !asked->simple)
        pop(session);
}

/* The rest of the batch is not done. */
static void failed(struct shadow_session *session)
{
    session->failed = true;
    while (session->n > 0 && head(session)->kind == ASKED_END && head(session)->unsure)
        pop(session);
    while (session->n > 0 && head(session)->kind != ASKED_END)
        pop(session);
}

/* The server copies in: it ignores a Sync that came before the data. */
static void copies_in(struct shadow_session *session)
{
    size_t at = 0;
    while (at < session->n && head(session)[at].kind == ASKED_END)
        at++;
    if (at < session->n)
        head(session)[at].copying = true;
    if (session->n > 1 && !head(session)->simple && head(session)[1].kind == ASKED_END)
        head(session)[1].unsure = true;
}

/* Nothing is outstanding: ends of batches that are left were none to the server. */
static void drop_ends(struct shadow_session *session)
{
    size_t n = 0;
    for (size_t i = 0; i < session->n; i++)
        if (session->line[session->first + i].kind == ASKED_END)
            n = i + 1;
    while (n-- > 0)
        pop(session);
}

/* more: answers to other batches are to come. */
static void ready(struct shadow_session *session, char status, bool more)
{
    struct gather *gather = &session->gather;
    for (; session->n > 0 && head(session)->kind != ASKED_END; pop(session))
        if (head(session)->kind == ASKED_UNKNOWN && !session->failed) /* a function that was called */
            gather_lose(gather, LOSS_UNSEEN);
    if (session->n > 0) {
        bool unsure = head(session)->unsure;
        pop(session);
        if (unsure && session->n > 0 && head(session)->kind == ASKED_END)
            head(session)->unsure = true;
    }
    if (!more)
        drop_ends(session);
    if (status == 'I' && session->failed)
        gather_rollback(gather);
    else if (status == 'I')
        gather_commit(gather);
    session->failed = false;
    session->status = status;
}

static void reported(struct shadow_session *session, const char *body, size_t n)
{
    const char *name = wire_take_string(&body, &n);
    const char *value = name ? wire_take_string(&body, &n) : NULL;
    if (value)
        gather_reported(&session->gather, name, value);
}

void shadow_answer(struct client *client, const struct wire_piece *piece)
{
    struct shadow_session *session;
    if (!strchr("CISEsGZ", piece->type) || !(session = session_of(client)))
        return;
    if (piece->offset == 0)
        text_clear(&session->parts);
    if (piece->type == 'C' || piece->type == 'S')
        text_append_n(&session->parts, piece->data, piece->n);
    if (!wire_is_last(piece))
        return;
    switch (piece->type) {
    case 'C': done(session, text_string(&session->parts)); return;
    case 'I':
    case 's': done(session, ""); return;
    case 'S': reported(session, session->parts.data, session->parts.length); return;
    case 'E': failed(session); return;
    case 'G': copies_in(session); return;
    default:
        ready(session, piece->n > 0 ? piece->data[0] : 'E',
              client->backend->outstanding + client->backend->unsure > 0);
        return;
    }
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
        pop(session);
    if (!session->off)
        gather_free(&session->gather);
    free(session->line);
    text_free(&session->parts);
    free(session);
}
