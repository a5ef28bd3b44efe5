/*
 * Answers of the server, each taken from the line of what was asked. A statement belongs to its transaction once it is done; whether that was committed, the
 * answers say as well: CommandComplete of a COMMIT, or ReadyForQuery in no transaction.
 */

#include <string.h>

#include "gateway/shadow_session.h"

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
    while (session->n > 0 && shadow_line_head(session)->kind == ASKED_END &&
           shadow_line_head(session)->unsure)
        shadow_line_pop(session);
    struct asked *asked = shadow_line_head(session);
    if (!asked || asked->kind == ASKED_END) { /* the line is not what the server answers */
        gather_lose(gather, LOSS_UNSEEN);
        return;
    }
    if (asked->kind == ASKED_UNKNOWN)
        gather_lose(gather, LOSS_UNSEEN);
    if (asked->kind != ASKED_STATEMENT) {
        shadow_line_pop(session);
        return;
    }
    if (!(asked->facts & FACT_MANY)) {
        const struct shadow_piece piece = {.text = asked->statement->text,
                                           .control = shadow_control_of(asked),
                                           .does = asked->facts & FACT_DOES,
                                           .copies = asked->facts & FACT_COPIES};
        piece_done(gather, asked, &piece, tag);
        shadow_line_pop(session);
        return;
    }
    if (asked->at < asked->n_pieces)
        piece_done(gather, asked, &asked->pieces[asked->at++], tag);
    if (asked->at >= asked->n_pieces && !asked->simple)
        shadow_line_pop(session);
}

/* The rest of the batch is not done. */
static void failed(struct shadow_session *session)
{
    session->failed = true;
    while (session->n > 0 && shadow_line_head(session)->kind == ASKED_END &&
           shadow_line_head(session)->unsure)
        shadow_line_pop(session);
    while (session->n > 0 && shadow_line_head(session)->kind != ASKED_END)
        shadow_line_pop(session);
}

/* The server copies in: it ignores a Sync that came before the data. */
static void copies_in(struct shadow_session *session)
{
    size_t at = 0;
    while (at < session->n && shadow_line_head(session)[at].kind == ASKED_END)
        at++;
    if (at < session->n)
        shadow_line_head(session)[at].copying = true;
    if (session->n > 1 && !shadow_line_head(session)->simple &&
        shadow_line_head(session)[1].kind == ASKED_END)
        shadow_line_head(session)[1].unsure = true;
}

/* Nothing is outstanding: ends of batches that are left were none to the server. */
static void drop_ends(struct shadow_session *session)
{
    size_t n = 0;
    for (size_t i = 0; i < session->n; i++)
        if (session->line[session->first + i].kind == ASKED_END)
            n = i + 1;
    while (n-- > 0)
        shadow_line_pop(session);
}

/* more: answers to other batches are to come. */
static void ready(struct shadow_session *session, char status, bool more)
{
    struct gather *gather = &session->gather;
    for (; session->n > 0 && shadow_line_head(session)->kind != ASKED_END; shadow_line_pop(session))
        if (shadow_line_head(session)->kind == ASKED_UNKNOWN &&
            !session->failed) /* a function that was called */
            gather_lose(gather, LOSS_UNSEEN);
    if (session->n > 0) {
        bool unsure = shadow_line_head(session)->unsure;
        shadow_line_pop(session);
        if (unsure && session->n > 0 && shadow_line_head(session)->kind == ASKED_END)
            shadow_line_head(session)->unsure = true;
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
    if (!strchr("CISEsGZ", piece->type) || !(session = shadow_session_of(client)))
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
