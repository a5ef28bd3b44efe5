#include "gateway/login.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gateway/client.h"
#include "gateway/password.h"

struct login {
    enum { LOGIN_BEGUN, LOGIN_PROVED, LOGIN_DONE } stage;
    char nonce[SCRAM_NONCE + 1];
    struct text auth; /* what is signed */
};

static const char UNPROVED[] = "the server does not show that it knows the password";
/* No binding to the channel: the gateway's offer to clients says the same, see binding.h. */
static const char HEADER[] = "n,,";
static const char HEADER_BASE64[] = "biws";

void login_free(struct login *login)
{
    if (!login)
        return;
    secret_text_free(&login->auth);
    secret_wipe(login, sizeof *login);
    free(login);
}

static void answer_md5(struct backend *backend, const char *hash, const char salt[4], const char **why)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    char answer[PASSWORD_MD5 + 1];
    if (!md5_answer(hash, salt, answer)) {
        *why = PASSWORD_ASKED_FOR;
        return;
    }
    wire_put_message(&out, 'p', answer);
    stream_write(&backend->stream, out.data, out.length);
}

static bool offers(const char *at, size_t n, const char *mechanism)
{
    for (const char *name; (name = wire_take_string(&at, &n)) && *name;)
        if (strcmp(name, mechanism) == 0)
            return true;
    return false;
}

static const char *begin(struct backend *backend, const char *mechanisms, size_t n)
{
    static const char mechanism[] = "SCRAM-SHA-256";
    SEGUE_CLEANUP(text_free) struct text out = {0};
    SEGUE_CLEANUP(text_free) struct text first = {0};
    if (backend->login || !offers(mechanisms, n, mechanism))
        return PASSWORD_ASKED_FOR;
    struct login *login = backend->login = memory_alloc(sizeof *login);
    if (!scram_nonce(login->nonce))
        return PASSWORD_ASKED_FOR;
    /* The server knows the user from the startup packet, and ignores the name that stands here. */
    text_printf(&login->auth, "n=,r=%s,", login->nonce);
    text_printf(&first, "%sn=,r=%s", HEADER, login->nonce);
    size_t begun = wire_begin(&out, 'p');
    wire_put_string(&out, mechanism);
    wire_put_u32(&out, (uint32_t)first.length);
    text_append_n(&out, first.data, first.length);
    wire_end(&out, begun);
    stream_write(&backend->stream, out.data, out.length);
    return NULL;
}

/* Another salt is another password: it is not tried, since the server would count that as an attempt. */
static bool is_of(const struct scram_challenge *challenge, const struct password *password)
{
    return challenge->iterations == password->iterations &&
           scram_same(challenge->salt, (struct scram_part){password->salt, strlen(password->salt)});
}

static const char *prove(struct backend *backend, const struct password *password, const char *message,
                         size_t n)
{
    struct login *login = backend->login;
    struct scram_challenge challenge;
    char proof[SCRAM_BASE64 + 1];
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!login || login->stage != LOGIN_BEGUN || !scram_read_challenge(message, n, &challenge) ||
        challenge.nonce.n <= SCRAM_NONCE || memcmp(challenge.nonce.data, login->nonce, SCRAM_NONCE) != 0)
        return UNPROVED;
    if (!is_of(&challenge, password))
        return PASSWORD_STALE;
    text_append_n(&login->auth, message, n);
    text_append_char(&login->auth, ',');
    size_t final = login->auth.length;
    text_printf(&login->auth, "c=%s,r=", HEADER_BASE64);
    text_append_n(&login->auth, challenge.nonce.data, challenge.nonce.n);
    if (!scram_prove(&password->keys, login->auth.data, login->auth.length, proof))
        return PASSWORD_ASKED_FOR;
    size_t begun = wire_begin(&out, 'p');
    text_append_n(&out, login->auth.data + final, login->auth.length - final);
    text_printf(&out, ",p=%s", proof);
    wire_end(&out, begun);
    stream_write(&backend->stream, out.data, out.length);
    login->stage = LOGIN_PROVED;
    return NULL;
}

static const char *verify(struct login *login, const struct password *password, const char *message, size_t n)
{
    struct scram_part signature;
    if (!login || login->stage != LOGIN_PROVED || !scram_read_signature(message, n, &signature) ||
        !scram_server_knows(&password->keys, login->auth.data, login->auth.length, signature))
        return UNPROVED;
    login->stage = LOGIN_DONE;
    return NULL;
}

/* The server lets the session in. Where it had to show itself to the client, it has to show itself again. */
static const char *let_in(struct backend *backend, const struct password *password)
{
    bool shown = backend->login && backend->login->stage == LOGIN_DONE;
    login_free(backend->login);
    backend->login = NULL;
    return password && password->way == PASSWORD_SCRAM && !shown ? UNPROVED : NULL;
}

const char *login_answer(struct backend *backend, const char *body, size_t n)
{
    const struct password *password = backend->client->password;
    const char *why = NULL;
    uint32_t asked = n < 4 ? UINT32_MAX : wire_u32(body);
    if (asked == AUTH_OK)
        return let_in(backend, password);
    if (!password || !password->known)
        return PASSWORD_ASKED_FOR;
    if (password->way == PASSWORD_BY_MD5) {
        if (asked != AUTH_MD5 || n != 4 + sizeof password->md5_salt)
            return PASSWORD_STALE;
        answer_md5(backend, password->md5_hash, body + 4, &why);
        return why;
    }
    switch (asked) {
    case AUTH_SASL: return begin(backend, body + 4, n - 4);
    case AUTH_SASL_CONTINUE: return prove(backend, password, body + 4, n - 4);
    case AUTH_SASL_FINAL: return verify(backend->login, password, body + 4, n - 4);
    default: return PASSWORD_STALE;
    }
}

const char *login_refused(struct backend *backend, const char *body, size_t n)
{
    struct password *password = backend->client->password;
    const char *sqlstate = wire_error_field(body, n, 'C');
    if (!sqlstate || strcmp(sqlstate, "28P01") != 0) /* invalid_password: or one that has expired */
        return "the server refuses another session";
    if (password &&
        password->way == PASSWORD_BY_MD5) /* it is compared with a new verifier before it is tried again */
        password->known = false;
    return PASSWORD_STALE;
}
