/*
 * The messages of PostgreSQL's output plugin pgoutput, version 1 of its protocol (the server's documentation: "Logical Replication
 * Message Formats" and "Streaming Replication Protocol"), read from bytes. Nothing in a message is believed: each read
 * is held against the message's end. Pure: no connection, no memory but what the caller gives.
 */
#ifndef SEGUE_POSTGRES_PGOUTPUT_H
#define SEGUE_POSTGRES_PGOUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The most columns that a row of the server's can have (MaxTupleAttributeNumber), and tables in one TRUNCATE that are looked at. */
enum { PGOUTPUT_COLUMNS = 1664, PGOUTPUT_TRUNCATED = 4096 };

/* What comes in one piece of the stream. */
enum wal_kind {
    WAL_DATA,     /* 'w': a message of pgoutput */
    WAL_KEEPALIVE /* 'k' */
};

struct wal_piece {
    enum wal_kind kind;
    uint64_t end; /* position in the log up to which the server has sent everything, in a keepalive */
    bool reply;   /* the server wants to hear from us at once */
    const unsigned char *data;
    size_t length;
};

enum pgoutput_kind {
    PGOUTPUT_BEGIN,
    PGOUTPUT_COMMIT,
    PGOUTPUT_RELATION,
    PGOUTPUT_INSERT,
    PGOUTPUT_UPDATE,
    PGOUTPUT_DELETE,
    PGOUTPUT_TRUNCATE,
    PGOUTPUT_MESSAGE,
    PGOUTPUT_OTHER /* origins and types, which tell nothing of rows */
};

struct pgoutput_value {
    char kind; /* 't': text, in data; 'n': NULL; 'u': the old one, not sent */
    const char *data;
    size_t length;
};

struct pgoutput_tuple {
    size_t n;
    struct pgoutput_value values[PGOUTPUT_COLUMNS];
};

struct pgoutput_column {
    bool is_key; /* of the replica identity */
    const char *name;
};

/* One message; strings point into its bytes. Large: not for the stack. */
struct pgoutput_message {
    enum pgoutput_kind kind;
    uint32_t xid;         /* BEGIN */
    uint64_t commit, end; /* BEGIN: commit; COMMIT: both. Positions of the commit record and of its end */
    uint32_t relation;    /* RELATION, INSERT, UPDATE, DELETE */
    /* RELATION */
    const char *schema, *table;
    char identity; /* pg_class.relreplident */
    size_t n_columns;
    struct pgoutput_column columns[PGOUTPUT_COLUMNS];
    /* INSERT, UPDATE: new; UPDATE, DELETE: old, where has_old. */
    bool has_old;
    struct pgoutput_tuple before, after;
    /* TRUNCATE */
    size_t n_relations;
    uint32_t relations[PGOUTPUT_TRUNCATED];
    /* MESSAGE */
    const char *prefix;
    const char *content;
    size_t content_length;
};

/* One piece of a stream in "copy both" mode. */
bool wal_piece_read(const void *bytes, size_t length, struct wal_piece *out,
                    struct error *err) SEGUE_MUST_CHECK;
/* One message of pgoutput, out of a WAL_DATA. */
bool pgoutput_read(const void *bytes, size_t length, struct pgoutput_message *out,
                   struct error *err) SEGUE_MUST_CHECK;

/* A standby's status update: everything before `flushed` is safe here. */
enum { WAL_STATUS_LENGTH = 34 };
void wal_status_write(unsigned char out[WAL_STATUS_LENGTH], uint64_t written, uint64_t flushed,
                      int64_t unix_microseconds);

#endif
