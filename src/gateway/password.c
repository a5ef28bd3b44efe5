#include "gateway/password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gateway/client.h"
#include "gateway/verifiers.h"
#include "wire/startup.h"

enum { MESSAGE_MAX = 4096 }; /* bytes that a client may need to prove a password */

const char PASSWORD_ASKED_FOR[] = "the server asks for a password";
const char PASSWORD_STALE[] = "its password is no longer valid";

void password_free(struct password *password)
{
    if (!password)
        return;
    secret_text_free(&password->message);
    secret_text_free(&password->auth);
    secret_wipe(password, sizeof *password);
    free(password);
}

/* It began in a way that cannot be gone again. */
static void forget(struct client *client)
{
    password_free(client->password);
    client->password = NULL;
}

static void begin(struct client *client, enum password_way way)
{
    forget(client);
    client->password = memory_alloc(sizeof *client->password);
    client->password->way = way;
}

static void challenge(struct client *client, const char *message, size_t n)
{
    struct password *password = client->password;
    if (!password || password->way != PASSWORD_SCRAM || password->stage != PASSWORD_IS_ASKED ||
        password->auth.length == 0 || n > MESSAGE_MAX) {
        forget(client);
        return;
    }
    text_append_n(&password->auth, message, n);
    text_append_char(&password->auth, ',');
    password->stage = PASSWORD_IS_CHALLENGED;
}

static void accepted(struct client *client)
{
    if (client->password && client->password->stage == PASSWORD_IS_ANSWERED) {
        secret_text_free(&client->password->message);
        client->password->since_us = clock_us();
    } else {
        forget(client);
    }
}

void password_asked(struct client *client, const char *body, size_t n)
{
    if (!client->backend->version) /* it never moves */
        return;
    switch (n < 4 ? UINT32_MAX : wire_u32(body)) {
    case AUTH_OK: accepted(client); return;
    case AUTH_SASL: begin(client, PASSWORD_SCRAM); return;
    case AUTH_SASL_CONTINUE: challenge(client, body + 4, n - 4); return;
    case AUTH_SASL_FINAL: return;
    case AUTH_MD5:
        begin(client, PASSWORD_BY_MD5);
        if (n == 4 + sizeof client->password->md5_salt)
            memcpy(client->password->md5_salt, body + 4, sizeof client->password->md5_salt);
        return;
    default: forget(client); return;
    }
}

/* SASLInitialResponse: the mechanism, four bytes of length, and the client's first message. */
static bool said_first(struct password *password, const char *at, size_t n)
{
    const char *mechanism = wire_take_string(&at, &n);
    struct scram_part bare;
    if (!mechanism || strncmp(mechanism, "SCRAM-SHA-256", strlen("SCRAM-SHA-256")) != 0 || n < 4 ||
        !scram_read_first(at + 4, n - 4, &bare))
        return false;
    text_append_n(&password->auth, bare.data, bare.n);
    text_append_char(&password->auth, ',');
    return true;
}

static bool said_final(struct password *password, const char *message, size_t n)
{
    struct scram_part without_proof;
    struct scram_part proof;
    if (!scram_read_final(message, n, &without_proof, &proof) || !scram_decode(proof, password->proof))
        return false;
    text_append_n(&password->auth, without_proof.data, without_proof.n);
    password->stage = PASSWORD_IS_ANSWERED;
    return true;
}

static bool said_md5(struct password *password, const char *message, size_t n)
{
    if (password->stage != PASSWORD_IS_ASKED || n != PASSWORD_MD5 + 1 || message[PASSWORD_MD5] != '\0')
        return false;
    memcpy(password->md5_answer, message, PASSWORD_MD5);
    password->stage = PASSWORD_IS_ANSWERED;
    return true;
}

static bool said(struct password *password)
{
    const char *message = text_string(&password->message);
    size_t n = password->message.length;
    if (password->way == PASSWORD_BY_MD5)
        return said_md5(password, message, n);
    if (password->stage == PASSWORD_IS_ASKED && password->auth.length == 0)
        return said_first(password, message, n);
    return password->stage == PASSWORD_IS_CHALLENGED && said_final(password, message, n);
}

void password_said(struct client *client, const struct wire_piece *piece)
{
    struct password *password = client->password;
    if (!password || client->state != CLIENT_STARTING)
        return;
    bool good = piece->length <= MESSAGE_MAX;
    if (good) {
        text_append_n(&password->message, piece->data, piece->n);
        if (!wire_is_last(piece))
            return;
        good = said(password);
        text_clear(&password->message);
    }
    if (!good)
        forget(client);
}

static bool recover(struct password *password, const char *text)
{
    struct scram_verifier verifier;
    if (!scram_read_verifier(text, strlen(text), &verifier) || verifier.salt.n >= sizeof password->salt ||
        !scram_recover(&verifier, text_string(&password->auth), password->auth.length, password->proof,
                       &password->keys))
        return false;
    memcpy(password->salt, verifier.salt.data, verifier.salt.n);
    password->iterations = verifier.iterations;
    secret_text_free(&password->auth);
    secret_wipe(password->proof, sizeof password->proof);
    return true;
}

/* Whether the client has answered with what the server keeps. */
static bool take_hash(struct password *password, const char *verifier)
{
    char expected[PASSWORD_MD5 + 1];
    if (strlen(verifier) != PASSWORD_MD5 || strncmp(verifier, "md5", 3) != 0 ||
        !md5_answer(verifier, password->md5_salt, expected) ||
        !secrets_equal(expected, password->md5_answer, PASSWORD_MD5))
        return false;
    memcpy(password->md5_hash, verifier, PASSWORD_MD5);
    return true;
}

static const char *user_of(const struct client *client)
{
    struct wire_startup startup;
    size_t length;
    if (wire_startup_read(client->startup.data, client->startup.length, &startup, &length) != WIRE_PIECE)
        return NULL;
    return wire_startup_value(&startup, "user");
}

bool password_ready(struct client *client, const char **why)
{
    struct password *password = client->password;
    char verifier[VERIFIER_MAX];
    *why = NULL;
    if (!password || password->known)
        return true;
    switch (verifiers_get(client->worker->shared, user_of(client), password->since_us, verifier)) {
    case VERIFIER_ASKED_FOR: return false;
    case VERIFIER_NONE: *why = PASSWORD_ASKED_FOR; return false;
    case VERIFIER_KNOWN: break;
    }
    password->known =
        password->way == PASSWORD_SCRAM ? recover(password, verifier) : take_hash(password, verifier);
    secret_wipe(verifier, sizeof verifier);
    if (!password->known)
        *why = PASSWORD_STALE;
    return password->known;
}
