#include "postgres/pgoutput.h"

#include <string.h>

/* What is left of a message. After a read beyond its end everything reads as nothing, and failed stays. */
struct bytes {
    const unsigned char *at;
    size_t left;
    bool failed;
};

/* Microseconds from 1970-01-01 to 2000-01-01, from which the server counts. */
static const int64_t SERVER_EPOCH_US = INT64_C(946684800000000);

static const unsigned char *take(struct bytes *bytes, size_t n)
{
    if (bytes->failed || n > bytes->left) {
        bytes->failed = true;
        return NULL;
    }
    const unsigned char *at = bytes->at;
    bytes->at += n;
    bytes->left -= n;
    return at;
}

/* Big-endian, as everything in the protocol is. */
static uint64_t number(struct bytes *bytes, size_t size)
{
    const unsigned char *at = take(bytes, size);
    uint64_t value = 0;
    for (size_t i = 0; at && i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static uint32_t int32(struct bytes *bytes)
{
    return (uint32_t)number(bytes, 4);
}

static char byte(struct bytes *bytes)
{
    return (char)number(bytes, 1);
}

static const char *string(struct bytes *bytes)
{
    const unsigned char *end = bytes->left && !bytes->failed ? memchr(bytes->at, '\0', bytes->left) : NULL;
    if (!end) {
        bytes->failed = true;
        return "";
    }
    return (const char *)take(bytes, (size_t)(end - bytes->at) + 1);
}

static bool damaged(const char *what, struct error *err)
{
    error_set(err, ERROR_BUG, "the stream of changes cannot be read: %s", what);
    return error_hint(err, "segue rollback, then start again with --capture trigger");
}

static void read_tuple(struct bytes *bytes, struct pgoutput_tuple *tuple)
{
    tuple->n = (size_t)number(bytes, 2);
    if (tuple->n > PGOUTPUT_COLUMNS)
        bytes->failed = true;
    for (size_t i = 0; i < tuple->n && !bytes->failed; i++) {
        struct pgoutput_value *value = &tuple->values[i];
        *value = (struct pgoutput_value){.kind = byte(bytes)};
        if (value->kind == 't') {
            value->length = int32(bytes);
            value->data = (const char *)take(bytes, value->length);
        } else if (value->kind != 'n' && value->kind != 'u') {
            bytes->failed = true; /* binary values were not asked for */
        }
    }
    if (bytes->failed)
        tuple->n = 0;
}

static void read_relation(struct bytes *bytes, struct pgoutput_message *out)
{
    out->relation = int32(bytes);
    out->schema = string(bytes);
    out->table = string(bytes);
    out->identity = byte(bytes);
    out->n_columns = (size_t)number(bytes, 2);
    if (out->n_columns > PGOUTPUT_COLUMNS)
        bytes->failed = true;
    for (size_t i = 0; i < out->n_columns && !bytes->failed; i++) {
        out->columns[i].is_key = (number(bytes, 1) & 1) != 0;
        out->columns[i].name = string(bytes);
        (void)take(bytes, 8); /* its type and the type's modifier */
    }
}

/* The row that was there before, or the values of its identity; only where these have changed, or for a DELETE. */
static void read_old(struct bytes *bytes, char kind, struct pgoutput_message *out)
{
    out->has_old = kind == 'K' || kind == 'O';
    if (out->has_old)
        read_tuple(bytes, &out->before);
}

static void read_new(struct bytes *bytes, char kind, struct pgoutput_message *out)
{
    if (kind != 'N')
        bytes->failed = true;
    read_tuple(bytes, &out->after);
}

static void read_update(struct bytes *bytes, struct pgoutput_message *out)
{
    out->relation = int32(bytes);
    char kind = byte(bytes);
    read_old(bytes, kind, out);
    read_new(bytes, out->has_old ? byte(bytes) : kind, out);
}

static void read_delete(struct bytes *bytes, struct pgoutput_message *out)
{
    out->relation = int32(bytes);
    read_old(bytes, byte(bytes), out);
    if (!out->has_old)
        bytes->failed = true;
}

static void read_truncate(struct bytes *bytes, struct pgoutput_message *out)
{
    out->n_relations = int32(bytes);
    (void)take(bytes, 1); /* CASCADE, RESTART IDENTITY */
    if (out->n_relations > PGOUTPUT_TRUNCATED)
        bytes->failed = true;
    for (size_t i = 0; i < out->n_relations && !bytes->failed; i++)
        out->relations[i] = int32(bytes);
}

static void read_message(struct bytes *bytes, struct pgoutput_message *out)
{
    (void)take(bytes, 1 + 8); /* whether it belongs to a transaction, its position */
    out->prefix = string(bytes);
    out->content_length = int32(bytes);
    out->content = (const char *)take(bytes, out->content_length);
}

static void read_end(struct bytes *bytes, struct pgoutput_message *out)
{
    (void)take(bytes, 1); /* flags, none yet */
    out->commit = number(bytes, 8);
    out->end = number(bytes, 8);
    (void)take(bytes, 8); /* when */
}

static void read_begin(struct bytes *bytes, struct pgoutput_message *out)
{
    out->commit = number(bytes, 8);
    (void)take(bytes, 8); /* when */
    out->xid = int32(bytes);
}

static bool read_body(struct bytes *bytes, char kind, struct pgoutput_message *out)
{
    switch (kind) {
    case 'B':
        out->kind = PGOUTPUT_BEGIN;
        read_begin(bytes, out);
        return true;
    case 'C':
        out->kind = PGOUTPUT_COMMIT;
        read_end(bytes, out);
        return true;
    case 'R':
        out->kind = PGOUTPUT_RELATION;
        read_relation(bytes, out);
        return true;
    case 'I':
        out->kind = PGOUTPUT_INSERT;
        out->relation = int32(bytes);
        read_new(bytes, byte(bytes), out);
        return true;
    case 'U':
        out->kind = PGOUTPUT_UPDATE;
        read_update(bytes, out);
        return true;
    case 'D':
        out->kind = PGOUTPUT_DELETE;
        read_delete(bytes, out);
        return true;
    case 'T':
        out->kind = PGOUTPUT_TRUNCATE;
        read_truncate(bytes, out);
        return true;
    case 'M':
        out->kind = PGOUTPUT_MESSAGE;
        read_message(bytes, out);
        return true;
    case 'O':
    case 'Y':
        out->kind = PGOUTPUT_OTHER;
        (void)take(bytes, bytes->left);
        return true;
    default: return false;
    }
}

bool pgoutput_read(const void *bytes, size_t length, struct pgoutput_message *out, struct error *err)
{
    struct bytes left = {.at = bytes, .left = length};
    out->has_old = false;
    out->before.n = out->after.n = out->n_columns = out->n_relations = 0;
    char kind = byte(&left);
    if (left.failed)
        return damaged("an empty message", err);
    if (!read_body(&left, kind, out))
        return damaged("a message of a kind that version 1 of the protocol does not have", err);
    if (left.failed)
        return damaged("a message that ends too early or holds what it must not", err);
    return left.left == 0 || damaged("a message that is longer than what it holds", err);
}

bool wal_piece_read(const void *bytes, size_t length, struct wal_piece *out, struct error *err)
{
    struct bytes left = {.at = bytes, .left = length};
    *out = (struct wal_piece){0};
    char kind = byte(&left);
    if (kind == 'w') {
        out->kind = WAL_DATA;
        (void)take(&left, 8);
        out->end = number(&left, 8);
        (void)take(&left, 8);
        out->data = left.at;
        out->length = left.left;
    } else if (kind == 'k') {
        out->kind = WAL_KEEPALIVE;
        out->end = number(&left, 8);
        (void)take(&left, 8);
        out->reply = byte(&left) != 0;
        left.failed = left.failed || left.left;
    } else {
        return damaged("a piece that is neither data nor a sign of life", err);
    }
    return !left.failed || damaged("a piece that ends too early", err);
}

static void put(unsigned char **at, uint64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        *(*at)++ = (unsigned char)(value >> shift & 0xff);
}

void wal_status_write(unsigned char out[WAL_STATUS_LENGTH], uint64_t written, uint64_t flushed,
                      int64_t unix_microseconds)
{
    unsigned char *at = out;
    *at++ = 'r';
    put(&at, written);
    put(&at, flushed);
    put(&at, flushed); /* applied */
    put(&at, (uint64_t)(unix_microseconds - SERVER_EPOCH_US));
    *at = 0; /* no reply wanted */
}
