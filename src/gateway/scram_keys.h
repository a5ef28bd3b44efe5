/*
 * The arithmetic of SCRAM-SHA-256 and of md5 without the password. Who has seen a client prove its password, and has the server's verifier of it,
 * has the key with which the client proved it: proof = ClientKey XOR HMAC(StoredKey, AuthMessage), where StoredKey = SHA-256(ClientKey).
 * With that key the same password is proved again, as long as it is the server's. Source: RFC 5802, section 3.
 */
#ifndef SEGUE_GATEWAY_SCRAM_KEYS_H
#define SEGUE_GATEWAY_SCRAM_KEYS_H

#include "wire/scram.h"

enum {
    SCRAM_KEY = 32, /* bytes */
    SCRAM_BASE64 = 44,
    SCRAM_NONCE = 24,  /* characters of a nonce of one's own */
    PASSWORD_MD5 = 35, /* characters of a password hashed with md5: "md5" and 32 digits */
};

struct scram_keys {
    unsigned char client[SCRAM_KEY], stored[SCRAM_KEY], server[SCRAM_KEY];
};

/* A key or a proof, of its base64. False: it is none. */
bool scram_decode(struct scram_part base64, unsigned char out[SCRAM_KEY]) SEGUE_MUST_CHECK;
/* The keys of who proved with `proof` that it knows the password of the verifier, in an exchange whose signed part is n bytes of auth. False: it did not. */
bool scram_recover(const struct scram_verifier *verifier, const char *auth, size_t n,
                   const unsigned char proof[SCRAM_KEY], struct scram_keys *out) SEGUE_MUST_CHECK;
/* The proof for another exchange, in base64, with a zero. */
bool scram_prove(const struct scram_keys *keys, const char *auth, size_t n,
                 char out[SCRAM_BASE64 + 1]) SEGUE_MUST_CHECK;
/* Whether the server's signature (base64) shows that it has the verifier. */
bool scram_server_knows(const struct scram_keys *keys, const char *auth, size_t n,
                        struct scram_part signature) SEGUE_MUST_CHECK;
/* Something that was never said before, with a zero. */
bool scram_nonce(char out[SCRAM_NONCE + 1]) SEGUE_MUST_CHECK;

/* The answer to a request for md5: of the hash that the server keeps (with "md5"), and the salt of the request. With a zero. */
bool md5_answer(const char hash[PASSWORD_MD5], const char salt[4],
                char out[PASSWORD_MD5 + 1]) SEGUE_MUST_CHECK;
/* Compares in a time that does not depend on where they differ. */
bool secrets_equal(const void *one, const void *other, size_t n);
/* Overwrites; no compiler leaves it out. */
void secret_wipe(void *secret, size_t n);
/* The same, and frees. */
void secret_text_free(struct text *text);

#endif
