#include "wire/message.h"

#include <string.h>

uint32_t wire_u32(const char *bytes)
{
    const unsigned char *u = (const unsigned char *)bytes;
    return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

uint16_t wire_u16(const char *bytes)
{
    const unsigned char *u = (const unsigned char *)bytes;
    return (uint16_t)(u[0] << 8 | u[1]);
}

/* The body of a message begins, or goes on, at *data. */
static enum wire_result take_body(struct wire_reader *reader, const char **data, size_t *n,
                                  struct wire_piece *piece)
{
    uint32_t part = *n < reader->left ? (uint32_t)*n : reader->left;
    piece->offset = piece->length - reader->left;
    piece->data = *data;
    piece->n = part;
    reader->left -= part;
    *data += part;
    *n -= part;
    if (reader->left == 0)
        reader->n_header = 0;
    return WIRE_PIECE;
}

static bool read_length(const char *header, struct wire_reader *reader)
{
    uint32_t length = wire_u32(header + 1);
    if (length < 4 || length > INT32_MAX)
        return false;
    reader->left = length - 4;
    return true;
}

/* A header that comes in pieces, or whose body has not come yet, is kept. */
static bool take_header(struct wire_reader *reader, const char **data, size_t *n)
{
    while (reader->n_header<WIRE_HEADER && * n> 0) {
        reader->header[reader->n_header++] = (unsigned char)**data;
        ++*data;
        --*n;
    }
    return reader->n_header == WIRE_HEADER;
}

enum wire_result wire_next(struct wire_reader *reader, const char **data, size_t *n, struct wire_piece *piece)
{
    const char *header = (const char *)reader->header;
    if (reader->left == 0) {
        if (reader->n_header == 0 && *n > WIRE_HEADER) { /* the usual case: nothing is copied */
            header = *data;
            *data += WIRE_HEADER;
            *n -= WIRE_HEADER;
        } else if (!take_header(reader, data, n)) {
            return WIRE_USED_UP;
        }
        if (!read_length(header, reader))
            return WIRE_BROKEN;
    }
    /* A part without bytes is given only of a message without any, so that each message has one first part. */
    if (reader->left > 0 && *n == 0)
        return WIRE_USED_UP;
    piece->type = header[0];
    piece->length = wire_u32(header + 1) - 4;
    if (reader->left > *n && header != (const char *)reader->header) {
        memcpy(reader->header, header, WIRE_HEADER);
        reader->n_header = WIRE_HEADER;
    }
    return take_body(reader, data, n, piece);
}

size_t wire_begin(struct text *out, char type)
{
    text_append_char(out, type);
    size_t begun = out->length;
    wire_put_u32(out, 0);
    return begun;
}

void wire_end(struct text *out, size_t begun)
{
    uint32_t length = (uint32_t)(out->length - begun);
    for (int i = 0; i < 4; i++)
        out->data[begun + (size_t)i] = (char)(length >> (24 - 8 * i));
}

void wire_put_u32(struct text *out, uint32_t value)
{
    const char bytes[] = {(char)(value >> 24), (char)(value >> 16), (char)(value >> 8), (char)value};
    text_append_n(out, bytes, sizeof bytes);
}

void wire_put_u16(struct text *out, uint16_t value)
{
    const char bytes[] = {(char)(value >> 8), (char)value};
    text_append_n(out, bytes, sizeof bytes);
}

void wire_put_string(struct text *out, const char *string)
{
    text_append_n(out, string, strlen(string) + 1);
}

void wire_put_message(struct text *out, char type, const char *string)
{
    size_t begun = wire_begin(out, type);
    wire_put_string(out, string);
    wire_end(out, begun);
}

static void put_field(struct text *out, char field, const char *value)
{
    text_append_char(out, field);
    wire_put_string(out, value);
}

/* ErrorResponse and NoticeResponse differ by their types. */
static void put_report(struct text *out, char type, const char *severity, const char *sqlstate,
                       const char *message, const char *hint)
{
    size_t begun = wire_begin(out, type);
    put_field(out, 'S', severity);
    put_field(out, 'V', severity);
    put_field(out, 'C', sqlstate);
    put_field(out, 'M', message);
    if (hint)
        put_field(out, 'H', hint);
    text_append_char(out, '\0');
    wire_end(out, begun);
}

void wire_put_error(struct text *out, const char *severity, const char *sqlstate, const char *message,
                    const char *hint)
{
    put_report(out, 'E', severity, sqlstate, message, hint);
}

void wire_put_notice(struct text *out, const char *message)
{
    put_report(out, 'N', "NOTICE", "00000", message, NULL);
}

void wire_put_ready(struct text *out, char status)
{
    size_t begun = wire_begin(out, 'Z');
    text_append_char(out, status);
    wire_end(out, begun);
}

const char *wire_take_string(const char **body, size_t *n)
{
    const char *end = *n ? memchr(*body, '\0', *n) : NULL;
    if (!end)
        return NULL;
    const char *string = *body;
    *n -= (size_t)(end + 1 - *body);
    *body = end + 1;
    return string;
}

const char *wire_error_field(const char *body, size_t n, char field)
{
    while (n > 0 && *body) {
        char found = *body++;
        n--;
        const char *value = wire_take_string(&body, &n);
        if (!value || found == field)
            return value;
    }
    return NULL;
}
