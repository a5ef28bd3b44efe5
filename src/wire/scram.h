/*
 * The words of SCRAM-SHA-256 as text: what client and server say to each other when a password is proved, and the verifier that the server keeps of
 * it. Nothing here computes. What is found points into what was read. Sources: RFC 5802, sections 5.1 and 7; RFC 7677; for the verifier
 * PostgreSQL's manual, "pg_authid".
 */
#ifndef SEGUE_WIRE_SCRAM_H
#define SEGUE_WIRE_SCRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/must.h"
#include "base/text.h"

struct scram_part {
    const char *data; /* without a zero behind it */
    size_t n;
};

/* What the server says first. */
struct scram_challenge {
    struct scram_part nonce;
    struct scram_part salt; /* base64 */
    uint32_t iterations;
};

/* What it keeps of a password; salt and keys in base64. */
struct scram_verifier {
    uint32_t iterations;
    struct scram_part salt, stored_key, server_key;
};

/* Each is false when the n bytes are no such message. */

/* client-first-message: what of it is signed, which is all but the header about channel binding. */
bool scram_read_first(const char *message, size_t n, struct scram_part *bare) SEGUE_MUST_CHECK;
bool scram_read_challenge(const char *message, size_t n, struct scram_challenge *out) SEGUE_MUST_CHECK;
/* client-final-message: what of it is signed, and the proof (base64) behind that. */
bool scram_read_final(const char *message, size_t n, struct scram_part *without_proof,
                      struct scram_part *proof) SEGUE_MUST_CHECK;
/* server-final-message: the server's signature (base64). */
bool scram_read_signature(const char *message, size_t n, struct scram_part *signature) SEGUE_MUST_CHECK;
bool scram_read_verifier(const char *text, size_t n, struct scram_verifier *out) SEGUE_MUST_CHECK;

static inline bool scram_same(struct scram_part one, struct scram_part other)
{
    return one.n == other.n && __builtin_memcmp(one.data, other.data, one.n) == 0;
}

#endif
