/*
 * Capture by logical decoding: a thread that reads from a replication slot which rows of a table changed, and puts their keys into the
 * journal of a rebuild, as its triggers would. What the slot was told to be safe is in the journal durably, so whoever
 * goes on after a crash gets everything else once more; a key that is noted twice is copied twice.
 *
 * What a snapshot sees and what has come out of the log are not the same: a transaction may be in the log before others can see it, and
 * is seen before it has come out of the log. Hence a marker: a message that is written to the log after the snapshot was taken and
 * comes out after everything that the snapshot can see. And each key is noted with its transaction, so that it is
 * forgotten only by a snapshot that sees this transaction (docs/decisions/0034).
 */
#ifndef SEGUE_POSTGRES_CAPTURE_H
#define SEGUE_POSTGRES_CAPTURE_H

#include "engine/engine.h"

/* Begins to read, with connections of its own; the capture is the plan's and outlives it. */
bool pg_capture_begin(const struct session_settings *settings, const struct capture *capture,
                      struct capturer **out, struct error *err) SEGUE_MUST_CHECK;
/* Whether it still reads, or is about to again; false: it has given up, and the error says why. */
bool pg_capture_check(struct capturer *capturer, struct error *err) SEGUE_MUST_CHECK;
/* Returns when the keys of everything that was committed before the call are in the journal; ERROR_BUSY when that takes longer than
 * wait_ms (0: any time). */
bool pg_capture_settle(struct capturer *capturer, int wait_ms, struct error *err) SEGUE_MUST_CHECK;
/* For a transaction with one snapshot. hold: settles, and nothing more is read; then the snapshot is taken; gather: settles again, and
 * the keys that came in since are put into the journal by the transaction's session too, as its snapshot does not see those that another
 * one puts there. release: after a hold that succeeded, whatever came then. */
bool pg_capture_hold(struct capturer *capturer, struct error *err) SEGUE_MUST_CHECK;
bool pg_capture_gather(struct capturer *capturer, struct session *session,
                       struct error *err) SEGUE_MUST_CHECK;
void pg_capture_release(struct capturer *capturer);
/* Ends the thread and its connections; the slot stays. NULL is allowed. */
void pg_capture_end(struct capturer *capturer);
/* The slots that segue has made in this database, whoever reads from them. */
bool pg_capture_slots(struct session *session, struct arena *arena, struct kept_log **out, size_t *n,
                      struct error *err) SEGUE_MUST_CHECK;

#endif
