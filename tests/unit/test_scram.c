/* SCRAM without the password: keys follow from a proof that was seen and the verifier, and prove the password again. RFC 7677, section 3. */
#include "base/text.h"
#include "cmocka_all.h"
#include "gateway/scram_keys.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define NONCE "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define BARE "n=user,r=rOprNGfwEbeRWgbNEkqO"
#define CHALLENGE "r=" NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
#define WITHOUT_PROOF "c=biws,r=" NONCE
#define PROOF "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define SIGNATURE "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
#define AUTH BARE "," CHALLENGE "," WITHOUT_PROOF

static bool is(struct scram_part part, const char *expected)
{
    return scram_same(part, (struct scram_part){expected, strlen(expected)});
}

static void key_of(const unsigned char salted[SCRAM_KEY], const char *name, unsigned char out[SCRAM_KEY])
{
    assert_non_null(
        HMAC(EVP_sha256(), salted, SCRAM_KEY, (const unsigned char *)name, strlen(name), out, NULL));
}

/* What PostgreSQL keeps of the password "pencil" with the RFC's salt; the keys, made of the password. */
static void make_verifier(char *out, size_t size, struct scram_keys *keys)
{
    static const unsigned char salt[] = {0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e,
                                         0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81};
    unsigned char salted[SCRAM_KEY];
    char stored[SCRAM_BASE64 + 1];
    char server[SCRAM_BASE64 + 1];
    assert_int_equal(PKCS5_PBKDF2_HMAC("pencil", 6, salt, sizeof salt, 4096, EVP_sha256(), SCRAM_KEY, salted),
                     1);
    key_of(salted, "Client Key", keys->client);
    key_of(salted, "Server Key", keys->server);
    assert_int_equal(EVP_Digest(keys->client, SCRAM_KEY, keys->stored, NULL, EVP_sha256(), NULL), 1);
    assert_int_equal(EVP_EncodeBlock((unsigned char *)stored, keys->stored, SCRAM_KEY), SCRAM_BASE64);
    assert_int_equal(EVP_EncodeBlock((unsigned char *)server, keys->server, SCRAM_KEY), SCRAM_BASE64);
    (void)snprintf(out, size, "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$%s:%s", stored, server);
}

static void the_example_of_the_standard_gives_its_keys_proof_and_signature(void **state)
{
    (void)state;
    char text[256];
    unsigned char proof[SCRAM_KEY];
    char again[SCRAM_BASE64 + 1];
    struct scram_keys expected;
    struct scram_keys keys;
    struct scram_verifier verifier;
    make_verifier(text, sizeof text, &expected);
    assert_true(scram_read_verifier(text, strlen(text), &verifier));
    assert_int_equal(verifier.iterations, 4096);
    assert_true(scram_decode((struct scram_part){PROOF, strlen(PROOF)}, proof));
    assert_true(scram_recover(&verifier, AUTH, strlen(AUTH), proof, &keys));
    assert_memory_equal(&keys, &expected, sizeof keys);
    assert_true(scram_prove(&keys, AUTH, strlen(AUTH), again));
    assert_string_equal(again, PROOF);
    assert_true(
        scram_server_knows(&keys, AUTH, strlen(AUTH), (struct scram_part){SIGNATURE, strlen(SIGNATURE)}));
}

/* One bit anywhere: in the proof, in what was signed, in the verifier, in the server's signature. */
static void what_is_wrong_by_one_bit_is_wrong(void **state)
{
    (void)state;
    char text[256];
    unsigned char proof[SCRAM_KEY];
    struct scram_keys keys;
    struct scram_keys found;
    struct scram_verifier verifier;
    static const struct scram_keys none;
    make_verifier(text, sizeof text, &keys);
    assert_true(scram_read_verifier(text, strlen(text), &verifier));
    assert_true(scram_decode((struct scram_part){PROOF, strlen(PROOF)}, proof));
    for (size_t bit = 0; bit < SCRAM_KEY * 8; bit++) {
        proof[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(scram_recover(&verifier, AUTH, strlen(AUTH), proof, &found));
        assert_memory_equal(&found, &none, sizeof found);
        proof[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    char auth[] = AUTH;
    for (size_t at = 0; at < strlen(AUTH); at++) {
        auth[at] ^= 1;
        assert_false(scram_recover(&verifier, auth, strlen(AUTH), proof, &found));
        assert_false(
            scram_server_knows(&keys, auth, strlen(AUTH), (struct scram_part){SIGNATURE, strlen(SIGNATURE)}));
        auth[at] ^= 1;
    }
    char *stored = strrchr(text, '$') + 1;
    *stored = *stored == 'A' ? 'B' : 'A';
    assert_false(scram_recover(&verifier, AUTH, strlen(AUTH), proof, &found));
}

static void messages_are_taken_apart_as_the_standard_says(void **state)
{
    (void)state;
    static const char *const headers[] = {"n,,", "y,,", "p=tls-server-end-point,,", "n,a=somebody,"};
    struct scram_part part;
    struct scram_part proof;
    struct scram_challenge challenge;
    for (size_t i = 0; i < SEGUE_COUNT(headers); i++) {
        SEGUE_CLEANUP(text_free) struct text first = {0};
        text_printf(&first, "%s" BARE, headers[i]);
        assert_true(scram_read_first(first.data, first.length, &part));
        assert_true(is(part, BARE));
    }
    assert_true(scram_read_challenge(CHALLENGE, strlen(CHALLENGE), &challenge));
    assert_true(is(challenge.nonce, NONCE) && is(challenge.salt, "W22ZaJ0SNY7soEsUEjb6gQ=="));
    assert_int_equal(challenge.iterations, 4096);
    assert_true(
        scram_read_final(WITHOUT_PROOF ",p=" PROOF, strlen(WITHOUT_PROOF ",p=" PROOF), &part, &proof));
    assert_true(is(part, WITHOUT_PROOF) && is(proof, PROOF));
    assert_true(scram_read_signature("v=" SIGNATURE, strlen("v=" SIGNATURE), &part));
    assert_true(is(part, SIGNATURE));
}

static void what_is_no_message_is_none(void **state)
{
    (void)state;
    static const char *const first[] = {"", "n", "n,", "n,,", "x,," BARE, "," BARE, "nn,," BARE};
    static const char *const challenges[] = {"",
                                             "r=",
                                             "r=,s=x,i=1",
                                             "s=x,r=y,i=1",
                                             "r=x,s=y",
                                             "r=x,s=y,i=",
                                             "r=x,s=y,i=0",
                                             "r=x,s=y,i=-1",
                                             "r=x,s=y,i=1x",
                                             "r=x,s=y,i=9999999999",
                                             "m=must,r=x,s=y,i=1"};
    static const char *const finals[] = {"",           "p=x",           ",p=x",
                                         "c=biws,r=x", "c=biws,r=x,p=", "c=biws,r=x,p=y,z=w"};
    static const char *const verifiers[] = {"",
                                            "md5",
                                            "SCRAM-SHA-256",
                                            "SCRAM-SHA-256$",
                                            "SCRAM-SHA-256$4096",
                                            "SCRAM-SHA-256$4096:salt",
                                            "SCRAM-SHA-256$4096:salt$stored",
                                            "SCRAM-SHA-256$x:salt$stored:server",
                                            "SCRAM-SHA-1$4096:salt$stored:server"};
    struct scram_part part;
    struct scram_part proof;
    struct scram_challenge challenge;
    struct scram_verifier verifier;
    unsigned char key[SCRAM_KEY];
    for (size_t i = 0; i < SEGUE_COUNT(first); i++)
        assert_false(scram_read_first(first[i], strlen(first[i]), &part));
    for (size_t i = 0; i < SEGUE_COUNT(challenges); i++)
        assert_false(scram_read_challenge(challenges[i], strlen(challenges[i]), &challenge));
    for (size_t i = 0; i < SEGUE_COUNT(finals); i++)
        assert_false(scram_read_final(finals[i], strlen(finals[i]), &part, &proof));
    for (size_t i = 0; i < SEGUE_COUNT(verifiers); i++)
        assert_false(scram_read_verifier(verifiers[i], strlen(verifiers[i]), &verifier));
    assert_false(scram_read_signature("e=other-error", strlen("e=other-error"), &part));
    assert_false(scram_read_challenge(CHALLENGE "\0", sizeof CHALLENGE, &challenge));
    assert_false(scram_decode((struct scram_part){PROOF, strlen(PROOF) - 1}, key));
    assert_false(scram_decode((struct scram_part){"!" PROOF, strlen(PROOF)}, key));
}

/* PostgreSQL's own function: md5(md5(password || user) || salt); the values are of `SELECT md5(…)`. */
static void md5_answers_a_salt_from_the_hash(void **state)
{
    (void)state;
    char answer[PASSWORD_MD5 + 1];
    assert_true(md5_answer("md520c46e3762c864548e296b33c3406aa9", "\1\2\3\4", answer));
    assert_string_equal(answer, "md54376eb6913b38f9aaff38dc7cf19ca76");
}

static void a_nonce_is_never_said_twice(void **state)
{
    (void)state;
    char one[SCRAM_NONCE + 1];
    char other[SCRAM_NONCE + 1];
    assert_true(scram_nonce(one) && scram_nonce(other));
    assert_int_equal(strlen(one), SCRAM_NONCE);
    assert_null(strchr(one, ','));
    assert_string_not_equal(one, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_standard_gives_its_keys_proof_and_signature),
        cmocka_unit_test(what_is_wrong_by_one_bit_is_wrong),
        cmocka_unit_test(messages_are_taken_apart_as_the_standard_says),
        cmocka_unit_test(what_is_no_message_is_none),
        cmocka_unit_test(md5_answers_a_salt_from_the_hash),
        cmocka_unit_test(a_nonce_is_never_said_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
