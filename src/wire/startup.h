/*
 * The packet with which a connection begins: it has no type, and says by a number what it is. Source: the manual, "Message Formats":
 * StartupMessage, SSLRequest, GSSENCRequest, CancelRequest.
 */
#ifndef SEGUE_WIRE_STARTUP_H
#define SEGUE_WIRE_STARTUP_H

#include "wire/message.h"

enum {
    WIRE_STARTUP_MAX = 10000, /* as the server's MAX_STARTUP_PACKET_LENGTH */
    WIRE_VERSION_3_0 = 3 << 16,
    WIRE_VERSION_3_2 =
        (3 << 16) + 2, /* PostgreSQL 18: keys of a cancel request may be longer than four bytes */
    WIRE_CANCEL = (1234 << 16) + 5678,
    WIRE_SSL = (1234 << 16) + 5679,
    WIRE_GSS = (1234 << 16) + 5680
};

struct wire_startup {
    uint32_t code;          /* a version of the protocol, or one of the above */
    const char *parameters; /* name, zero, value, zero, …; the last zero is not among them */
    size_t n_parameters;    /* bytes */
    uint32_t pid;           /* of a cancel request */
    const char *secret;
    size_t n_secret;
};

/* Reads a packet that is at the beginning of n bytes, and says how long it is. What it points at is in data. WIRE_USED_UP: more bytes must
 * come. WIRE_BROKEN: it is none, or too long. */
enum wire_result wire_startup_read(const char *data, size_t n, struct wire_startup *out,
                                   size_t *length) SEGUE_MUST_CHECK;

/* The value of a parameter, or NULL. Names are told apart as the server does, by case. */
const char *wire_startup_value(const struct wire_startup *startup, const char *name);
/* The next parameter; *at is 0 before the first. False: there is none. */
bool wire_startup_next(const struct wire_startup *startup, size_t *at, const char **name, const char **value);

/* Making one: between begin and end come the parameters, each two strings. */
size_t wire_startup_begin(struct text *out, uint32_t code);
void wire_startup_end(struct text *out, size_t begun);
void wire_put_cancel(struct text *out, uint32_t pid, const char *secret, size_t n_secret);

#endif
