#include "gateway/scram_keys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

enum { MD5_BYTES = 16, MD5_PREFIX = 3, NONCE_BYTES = SCRAM_NONCE / 4 * 3 };

static bool hmac(const unsigned char key[SCRAM_KEY], const char *data, size_t n, unsigned char out[SCRAM_KEY])
{
    unsigned length = 0;
    return HMAC(EVP_sha256(), key, SCRAM_KEY, (const unsigned char *)data, n, out, &length) &&
           length == SCRAM_KEY;
}

bool scram_decode(struct scram_part base64, unsigned char out[SCRAM_KEY])
{
    unsigned char decoded[SCRAM_KEY + 1]; /* with a byte for the filling */
    bool good = base64.n == SCRAM_BASE64 && base64.data[SCRAM_BASE64 - 1] == '=' &&
                EVP_DecodeBlock(decoded, (const unsigned char *)base64.data, SCRAM_BASE64) == sizeof decoded;
    if (good)
        memcpy(out, decoded, SCRAM_KEY);
    secret_wipe(decoded, sizeof decoded);
    return good;
}

/* Takes a signature off a proof, or puts it on. */
static void mix(const unsigned char one[SCRAM_KEY], const unsigned char other[SCRAM_KEY],
                unsigned char out[SCRAM_KEY])
{
    for (size_t i = 0; i < SCRAM_KEY; i++)
        out[i] = one[i] ^ other[i];
}

bool scram_recover(const struct scram_verifier *verifier, const char *auth, size_t n,
                   const unsigned char proof[SCRAM_KEY], struct scram_keys *out)
{
    unsigned char signature[SCRAM_KEY];
    unsigned char hashed[SCRAM_KEY];
    if (!scram_decode(verifier->stored_key, out->stored) ||
        !scram_decode(verifier->server_key, out->server) || !hmac(out->stored, auth, n, signature))
        return false;
    mix(proof, signature, out->client);
    bool good = EVP_Digest(out->client, SCRAM_KEY, hashed, NULL, EVP_sha256(), NULL) &&
                secrets_equal(hashed, out->stored, SCRAM_KEY);
    secret_wipe(signature, sizeof signature); /* with the proof it gives the key */
    if (!good)
        secret_wipe(out, sizeof *out);
    return good;
}

bool scram_prove(const struct scram_keys *keys, const char *auth, size_t n, char out[SCRAM_BASE64 + 1])
{
    unsigned char signature[SCRAM_KEY];
    if (!hmac(keys->stored, auth, n, signature))
        return false;
    mix(keys->client, signature, signature);
    return EVP_EncodeBlock((unsigned char *)out, signature, SCRAM_KEY) == SCRAM_BASE64;
}

bool scram_server_knows(const struct scram_keys *keys, const char *auth, size_t n,
                        struct scram_part signature)
{
    unsigned char expected[SCRAM_KEY];
    unsigned char given[SCRAM_KEY];
    return hmac(keys->server, auth, n, expected) && scram_decode(signature, given) &&
           secrets_equal(expected, given, SCRAM_KEY);
}

bool scram_nonce(char out[SCRAM_NONCE + 1])
{
    unsigned char bytes[NONCE_BYTES];
    return RAND_bytes(bytes, sizeof bytes) == 1 &&
           EVP_EncodeBlock((unsigned char *)out, bytes, sizeof bytes) == SCRAM_NONCE;
}

bool md5_answer(const char hash[PASSWORD_MD5], const char salt[4], char out[PASSWORD_MD5 + 1])
{
    static const char digits[] = "0123456789abcdef";
    char salted[PASSWORD_MD5 - MD5_PREFIX + 4];
    unsigned char digest[MD5_BYTES];
    memcpy(salted, hash + MD5_PREFIX, PASSWORD_MD5 - MD5_PREFIX);
    memcpy(salted + PASSWORD_MD5 - MD5_PREFIX, salt, 4);
    bool good = EVP_Digest(salted, sizeof salted, digest, NULL, EVP_md5(), NULL);
    secret_wipe(salted, sizeof salted);
    if (!good) /* a library that is held to FIPS has no md5 */
        return false;
    memcpy(out, "md5", MD5_PREFIX);
    for (size_t i = 0; i < MD5_BYTES; i++) {
        out[MD5_PREFIX + 2 * i] = digits[digest[i] >> 4];
        out[MD5_PREFIX + 2 * i + 1] = digits[digest[i] & 15];
    }
    out[PASSWORD_MD5] = '\0';
    return true;
}

bool secrets_equal(const void *one, const void *other, size_t n)
{
    return CRYPTO_memcmp(one, other, n) == 0;
}

void secret_wipe(void *secret, size_t n)
{
    OPENSSL_cleanse(secret, n);
}

void secret_text_free(struct text *text)
{
    if (text->data)
        OPENSSL_cleanse(text->data, text->capacity);
    text_free(text);
}
