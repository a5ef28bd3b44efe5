/* The reader of a slot: what capture.c (who may use it when) and capture_stream.c (what comes out of it) share. */
#ifndef SEGUE_POSTGRES_CAPTURE_INTERNAL_H
#define SEGUE_POSTGRES_CAPTURE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/text.h"
#include "postgres/capture.h"
#include "postgres/replication.h"

/* The keys of a stream, from its messages to the journal. */
struct capture_stream {
    const struct session_settings *settings;
    const struct capture *capture;
    struct session *session; /* writes the journal; NULL: not connected */
    struct replication *replication;
    struct pgoutput_message *message;

    bool in_transaction;
    char xid[16];       /* of the transaction that is coming in */
    uint32_t relation;  /* the table's number in the stream; 0: it has not been told */
    size_t *key_at;     /* where its key's columns are */
    uint64_t position;  /* every transaction that ended before it has come in */
    uint64_t confirmed; /* what the server was told last */
    int64_t confirmed_us, looked_us;

    struct text *
        pending; /* an array of the transactions and one for each column of the key, not in the journal yet */
    size_t n_pending;
    int64_t pending_us;   /* since when */
    struct session *also; /* which puts them there too, or NULL */

    char marker[64];
    bool marked; /* it has come in */
    unsigned n_markers;
};

void capture_stream_init(struct capture_stream *stream, const struct session_settings *settings,
                         const struct capture *capture);
void capture_stream_free(struct capture_stream *stream);
/* Connects where it is not connected. */
bool capture_stream_open(struct capture_stream *stream, struct error *err) SEGUE_MUST_CHECK;
/* Forgets everything that is not in the journal: it will come once more. */
void capture_stream_close(struct capture_stream *stream);
/* Takes what comes in within wait_ms, and puts keys into the journal when there are many or some wait for long. */
bool capture_stream_turn(struct capture_stream *stream, int wait_ms, struct error *err) SEGUE_MUST_CHECK;
/* Writes a marker to the log, on disk when this returns. */
bool capture_stream_mark(struct capture_stream *stream, struct error *err) SEGUE_MUST_CHECK;
/* Puts all keys that came in into the journal. */
bool capture_stream_flush(struct capture_stream *stream, struct error *err) SEGUE_MUST_CHECK;

#endif
