/*
 * PostgreSQL's frontend/backend protocol, version 3, as bytes: messages that come in pieces are read without being gathered, and
 * messages are made. Nothing here knows of sockets. Source: the manual, "Frontend/Backend Protocol", sections "Message Formats" and
 * "Error and Notice Message Fields".
 */
#ifndef SEGUE_WIRE_MESSAGE_H
#define SEGUE_WIRE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/must.h"
#include "base/text.h"

enum {
    WIRE_HEADER = 5,  /* type and length */
    WIRE_SQLSTATE = 5 /* characters of one */
};

/* Where a stream of messages stands. Zero: before the first message. */
struct wire_reader {
    uint32_t left;                     /* bytes of the body that have not come yet */
    uint8_t n_header;                  /* bytes of a header that came in part */
    unsigned char header[WIRE_HEADER]; /* those */
};

/* A part of one message. */
struct wire_piece {
    char type;
    uint32_t length; /* of the whole body, without type and length */
    uint32_t offset; /* of this part in the body */
    const char *data;
    uint32_t n;
};

enum wire_result {
    WIRE_USED_UP, /* all bytes were read: more must come */
    WIRE_PIECE,   /* *piece is the next part of a message */
    WIRE_BROKEN   /* this is no message: its length cannot be */
};

/* The next part of a message in *data (*n bytes), both moved behind it. A message whose body comes in several calls gives several
 * parts; an empty body gives one. Nothing is copied but a header that came in pieces. */
enum wire_result wire_next(struct wire_reader *reader, const char **data, size_t *n,
                           struct wire_piece *piece) SEGUE_MUST_CHECK;

/* Whether a message has just ended, or none has begun. */
static inline bool wire_between(const struct wire_reader *reader)
{
    return reader->left == 0 && reader->n_header == 0;
}

static inline bool wire_is_whole(const struct wire_piece *piece)
{
    return piece->n == piece->length;
}

static inline bool wire_is_last(const struct wire_piece *piece)
{
    return piece->offset + piece->n == piece->length;
}

uint32_t wire_u32(const char *bytes);
uint16_t wire_u16(const char *bytes);

/* --- Making messages: appended to a text --- */

/* Begins a message; the value goes to wire_end. */
size_t wire_begin(struct text *out, char type);
void wire_end(struct text *out, size_t begun);
void wire_put_u32(struct text *out, uint32_t value);
void wire_put_u16(struct text *out, uint16_t value);
/* With its final zero. */
void wire_put_string(struct text *out, const char *string);

/* A message whose body is one string: Query, for instance. */
void wire_put_message(struct text *out, char type, const char *string);
/* ErrorResponse. severity: "FATAL", "ERROR"; hint may be NULL. */
void wire_put_error(struct text *out, const char *severity, const char *sqlstate, const char *message,
                    const char *hint);
/* NoticeResponse: what is told beside an answer. */
void wire_put_notice(struct text *out, const char *message);
void wire_put_ready(struct text *out, char status);

/* --- Reading bodies --- */

/* The field of an ErrorResponse or NoticeResponse ('C': SQLSTATE, 'M': message, 'S': severity), or NULL. */
const char *wire_error_field(const char *body, size_t n, char field);
/* The string at *body, moved behind its zero; NULL when there is no zero in the n bytes. */
const char *wire_take_string(const char **body, size_t *n);

#endif
