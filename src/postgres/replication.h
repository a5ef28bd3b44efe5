/*
 * A connection that receives changes (the server's documentation: "Logical Streaming Replication Protocol"): opened with
 * replication=database, started at a slot, read piece by piece, and told how far everything is safe. For one thread at a time.
 */
#ifndef SEGUE_POSTGRES_REPLICATION_H
#define SEGUE_POSTGRES_REPLICATION_H

#include "engine/engine.h"
#include "postgres/pgoutput.h"

struct replication;

/* Of the settings, what says where the server is. Values come as the settings of `session_forms` print them. */
bool replication_open(const struct session_settings *settings, struct replication **out,
                      struct error *err) SEGUE_MUST_CHECK;
/* NULL is allowed. */
void replication_close(struct replication *replication);
/* Begins to receive from where the slot was last confirmed, with messages (pg_logical_emit_message). ERROR_BUSY: another session
 * receives from it. */
bool replication_start(struct replication *replication, const char *slot, const char *publication,
                       struct error *err) SEGUE_MUST_CHECK;
/* The next piece, within wait_ms; *got is false when there was none. It is valid until the next call. */
bool replication_read(struct replication *replication, int wait_ms, struct wal_piece *piece, bool *got,
                      struct error *err) SEGUE_MUST_CHECK;
/* Everything before the position is safe here and need not be sent again. */
bool replication_confirm(struct replication *replication, uint64_t position,
                         struct error *err) SEGUE_MUST_CHECK;

/* Settings under which values are printed in a form that is read again without loss, whatever the role's own are. */
extern const char replication_forms[];

#endif
