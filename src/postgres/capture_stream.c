/* From the messages of a stream to the keys in a journal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "postgres/array.h"
#include "postgres/capture_internal.h"
#include "postgres/session.h"
#include "sql.h"

enum { MANY_KEYS = 2000, PIECES_A_TURN = 5000 };
/* Keys wait so long for others to be journalled with; the server is told at least so often, and the slot is looked at. */
static const int64_t WAIT_US = 200000, TELL_US = 5000000, LOOK_US = 2000000;

static const char WAY_OUT[] = "segue rollback, then start again with --capture trigger, which needs no slot";

void capture_stream_init(struct capture_stream *stream, const struct session_settings *settings,
                         const struct capture *capture)
{
    *stream = (struct capture_stream){.settings = settings, .capture = capture};
    stream->marked = true; /* none is awaited */
    stream->message = memory_alloc(sizeof *stream->message);
    stream->key_at = memory_alloc((capture->n_keys + 1) * sizeof *stream->key_at);
    stream->pending = memory_alloc((capture->n_keys + 1) * sizeof *stream->pending);
}

static void forget_pending(struct capture_stream *stream)
{
    for (size_t i = 0; i <= stream->capture->n_keys; i++)
        text_clear(&stream->pending[i]);
    stream->n_pending = 0;
}

void capture_stream_close(struct capture_stream *stream)
{
    /* The stream first: a server that shuts down waits until all that it has sent is confirmed. */
    replication_close(stream->replication);
    session_close(stream->session);
    stream->replication = NULL;
    stream->session = NULL;
    stream->relation = 0;
    stream->in_transaction = false;
    stream->position = stream->confirmed = 0;
    forget_pending(stream);
}

void capture_stream_free(struct capture_stream *stream)
{
    capture_stream_close(stream);
    for (size_t i = 0; i <= stream->capture->n_keys; i++)
        text_free(&stream->pending[i]);
    free(stream->pending);
    free(stream->key_at);
    free(stream->message);
}

static bool open_session(struct capture_stream *stream, struct error *err)
{
    /* What is confirmed must be on this server's disk; other servers do not have the slot. */
    return pg_open(stream->settings, &stream->session, err) &&
           session_run(stream->session, replication_forms, err) &&
           session_run(stream->session, "SET synchronous_commit = local", err);
}

static bool lost_slot(const struct capture_stream *stream, const char *why, struct error *err)
{
    error_set(err, ERROR_REFUSED, "changes of %s were missed: %s", stream->capture->table, why);
    return error_hint(err, "%s", WAY_OUT);
}

/* A predecessor that was killed may leave a server process behind that holds the slot until it notices. */
static bool start_stream(struct capture_stream *stream, struct error *err)
{
    const char *slot = stream->capture->slot;
    if (!session_query(stream->session, sql_capture_take, 1, &slot, NULL, err) ||
        !replication_open(stream->settings, &stream->replication, err))
        return false;
    if (replication_start(stream->replication, slot, stream->capture->publication, err))
        return true;
    if (strcmp(err->sqlstate, "42704") != 0 && strcmp(err->sqlstate, "55000") != 0)
        return false;
    struct error cause = *err; /* there is none, or the server has thrown its log away */
    return lost_slot(stream, cause.message, err);
}

bool capture_stream_open(struct capture_stream *stream, struct error *err)
{
    if (stream->replication)
        return true;
    if (open_session(stream, err) && start_stream(stream, err))
        return true;
    capture_stream_close(stream);
    return false;
}

static bool flush_to(struct capture_stream *stream, struct session *session, struct error *err)
{
    const char *values[PGOUTPUT_COLUMNS];
    for (size_t i = 0; i <= stream->capture->n_keys; i++)
        values[i] = text_string(&stream->pending[i]);
    return session_query(session, stream->capture->journal, stream->capture->n_keys + 1, values, NULL, err);
}

bool capture_stream_flush(struct capture_stream *stream, struct error *err)
{
    if (stream->n_pending) {
        for (size_t i = 0; i <= stream->capture->n_keys; i++)
            (void)pg_array_end(&stream->pending[i]);
        if ((stream->also && !flush_to(stream, stream->also, err)) || !flush_to(stream, stream->session, err))
            return false;
        forget_pending(stream);
    }
    int64_t now = clock_us();
    bool due = now - stream->confirmed_us > TELL_US ||
               (stream->position > stream->confirmed && now - stream->confirmed_us > WAIT_US);
    if (!due)
        return true;
    stream->confirmed = stream->position;
    stream->confirmed_us = now;
    return replication_confirm(stream->replication, stream->position, err);
}

static bool changed_table(const struct capture_stream *stream, const char *what, struct error *err)
{
    error_set(err, ERROR_REFUSED, "table %s was changed while its rows were copied: %s",
              stream->capture->table, what);
    return error_hint(err, "segue rollback, then start again");
}

/* Where the key's columns are, and that the log has the old values of all of them. */
static bool take_relation(struct capture_stream *stream, struct error *err)
{
    const struct pgoutput_message *message = stream->message;
    if (stream->relation && stream->relation != message->relation)
        return changed_table(stream, "the publication sends another one", err);
    for (size_t i = 0; i < stream->capture->n_keys; i++) {
        size_t at = 0;
        while (at < message->n_columns && strcmp(message->columns[at].name, stream->capture->keys[i]) != 0)
            at++;
        if (at == message->n_columns)
            return changed_table(stream, "a column of its key has another name", err);
        if (!message->columns[at].is_key && message->identity != 'f')
            return changed_table(stream, "its replica identity is another one", err);
        stream->key_at[i] = at;
    }
    stream->relation = message->relation;
    return true;
}

static void begin_pending(struct capture_stream *stream)
{
    if (stream->n_pending++ == 0)
        stream->pending_us = clock_us();
    pg_array_add(&stream->pending[0], stream->xid);
}

static bool take_key(struct capture_stream *stream, const struct pgoutput_tuple *tuple, struct error *err)
{
    for (size_t i = 0; i < stream->capture->n_keys; i++) {
        size_t at = stream->key_at[i];
        if (at >= tuple->n || tuple->values[at].kind != 't')
            return changed_table(stream, "a row came without its key", err);
    }
    begin_pending(stream);
    for (size_t i = 0; i < stream->capture->n_keys; i++) {
        const struct pgoutput_value *value = &tuple->values[stream->key_at[i]];
        pg_array_add_n(&stream->pending[i + 1], value->data, value->length);
    }
    return true;
}

/*
 * An update tells the old key only where it was another one, or where a part of it lies outside of the row; that part of the new key is
 * not told then, being the same.
 */
static bool take_row(struct capture_stream *stream, struct error *err)
{
    struct pgoutput_message *message = stream->message;
    if (!stream->in_transaction || !stream->relation || message->relation != stream->relation)
        return changed_table(stream, "a row came that belongs to no known table", err);
    if (message->has_old && !take_key(stream, &message->before, err))
        return false;
    if (message->kind == PGOUTPUT_DELETE)
        return true;
    for (size_t i = 0; i < stream->capture->n_keys && message->has_old; i++) {
        size_t at = stream->key_at[i];
        if (at < message->after.n && message->after.values[at].kind == 'u')
            message->after.values[at] = message->before.values[at];
    }
    return take_key(stream, &message->after, err);
}

/* The mark of a TRUNCATE is a row without key. */
static void take_truncate(struct capture_stream *stream)
{
    const struct pgoutput_message *message = stream->message;
    bool ours = false;
    for (size_t i = 0; i < message->n_relations; i++)
        ours = ours || message->relations[i] == stream->relation;
    if (!ours)
        return;
    begin_pending(stream);
    for (size_t i = 0; i < stream->capture->n_keys; i++)
        pg_array_add(&stream->pending[i + 1], NULL);
}

static void take_message(struct capture_stream *stream)
{
    const struct pgoutput_message *message = stream->message;
    if (strcmp(message->prefix, "segue") == 0 && message->content_length == strlen(stream->marker) &&
        memcmp(message->content, stream->marker, message->content_length) == 0)
        stream->marked = true;
}

static bool take_data(struct capture_stream *stream, const struct wal_piece *piece, struct error *err)
{
    struct pgoutput_message *message = stream->message;
    if (!pgoutput_read(piece->data, piece->length, message, err))
        return false;
    switch (message->kind) {
    case PGOUTPUT_BEGIN:
        stream->in_transaction = true;
        (void)snprintf(stream->xid, sizeof stream->xid, "%" PRIu32, message->xid);
        return true;
    case PGOUTPUT_COMMIT:
        stream->in_transaction = false;
        stream->position = message->end;
        return true;
    case PGOUTPUT_RELATION: return take_relation(stream, err);
    case PGOUTPUT_INSERT:
    case PGOUTPUT_UPDATE:
    case PGOUTPUT_DELETE: return take_row(stream, err);
    case PGOUTPUT_TRUNCATE: take_truncate(stream); return true;
    case PGOUTPUT_MESSAGE: take_message(stream); return true;
    case PGOUTPUT_OTHER: return true;
    }
    return true;
}

/* While nothing of the table changes the slot goes on too: all that was committed before has come. */
static bool take_keepalive(struct capture_stream *stream, const struct wal_piece *piece, struct error *err)
{
    if (!stream->in_transaction && piece->end > stream->position)
        stream->position = piece->end;
    if (!piece->reply)
        return true;
    stream->confirmed_us = 0; /* it is due */
    return capture_stream_flush(stream, err);
}

/* A slot that keeps too much of the log is given up before it fills the disk. */
static bool look(struct capture_stream *stream, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *slot = stream->capture->slot;
    if (clock_us() - stream->looked_us < LOOK_US)
        return true;
    stream->looked_us = clock_us();
    if (!session_query(stream->session, sql_capture_look, 1, &slot, &rows, err))
        return false;
    if (rows_count(rows) == 0)
        return lost_slot(stream, "its replication slot is gone", err);
    double kept = strtod(rows_get(rows, 0, 0), NULL);
    if (kept <= stream->capture->ceiling)
        return true;
    replication_close(stream->replication);
    stream->replication = NULL;
    if (!session_query(stream->session, "SELECT segue.slot_drop($1)", 1, &slot, NULL, err))
        return false;
    error_set(err, ERROR_REFUSED,
              "the replication slot of %s kept %.0f MB of the server's log, more than %.0f: it was given up",
              stream->capture->table, kept / 1048576, stream->capture->ceiling / 1048576);
    error_detail(err, "a transaction that stays open, or more writes than are read, make it keep the log");
    return error_hint(err, "%s", WAY_OUT);
}

bool capture_stream_turn(struct capture_stream *stream, int wait_ms, struct error *err)
{
    struct wal_piece piece;
    bool waiting = !stream->marked, got = true;
    for (int n = 0; n < PIECES_A_TURN && !(waiting && stream->marked); n++) {
        if (!replication_read(stream->replication, n ? 0 : wait_ms, &piece, &got, err))
            return false;
        if (!got)
            break;
        if (!(piece.kind == WAL_DATA ? take_data(stream, &piece, err) : take_keepalive(stream, &piece, err)))
            return false;
        if (stream->n_pending >= MANY_KEYS && !capture_stream_flush(stream, err))
            return false;
    }
    bool due = !stream->n_pending || clock_us() - stream->pending_us >= WAIT_US;
    return (!due || capture_stream_flush(stream, err)) && look(stream, err);
}

bool capture_stream_mark(struct capture_stream *stream, struct error *err)
{
    const char *marker = stream->marker;
    stream->marked = false;
    (void)snprintf(stream->marker, sizeof stream->marker, "%d %" PRId64 " %u", (int)getpid(), clock_us(),
                   stream->n_markers++);
    return session_query(stream->session,
                         "SELECT pg_catalog.pg_logical_emit_message(true, 'segue', $1::pg_catalog.text)", 1,
                         &marker, NULL, err);
}
