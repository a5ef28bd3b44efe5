/*
 * How a session's client proved its password when it began, and the keys that follow from it, with which the same session opens further backends. The password
 * itself is never known: SCRAM-SHA-256's keys follow from the proof that was seen and the server's verifier (scram_keys.h); with md5 the verifier
 * is the key, and is used only for sessions whose client has answered with it. Everything is overwritten when the session ends.
 */
#ifndef SEGUE_GATEWAY_PASSWORD_H
#define SEGUE_GATEWAY_PASSWORD_H

#include "gateway/scram_keys.h"
#include "wire/message.h"

struct client;

enum { PASSWORD_SALT_MAX = 128 };

enum password_way { PASSWORD_SCRAM, PASSWORD_BY_MD5 };

/* What the server asks for (Authentication messages). Source: the manual, "Message Formats". */
enum { AUTH_OK = 0, AUTH_MD5 = 5, AUTH_SASL = 10, AUTH_SASL_CONTINUE = 11, AUTH_SASL_FINAL = 12 };

struct password {
    enum password_way way;
    enum { PASSWORD_IS_ASKED, PASSWORD_IS_CHALLENGED, PASSWORD_IS_ANSWERED } stage;
    int64_t since_us;    /* when the server took it */
    struct text message; /* of the client, as far as it has come */
    struct text auth;    /* what SCRAM signs, as far as it was said */
    unsigned char proof[SCRAM_KEY];
    char md5_salt[4];
    char md5_answer[PASSWORD_MD5];
    bool known; /* what follows, each for its way */
    struct scram_keys keys;
    char salt[PASSWORD_SALT_MAX]; /* base64, with a zero: another one means another password */
    uint32_t iterations;
    char md5_hash[PASSWORD_MD5];
};

/* Why a session stays for its password. */
extern const char PASSWORD_ASKED_FOR[]; /* and nothing is known with which to answer */
extern const char PASSWORD_STALE[];

/* While a session begins: the server's Authentication message, and the client's answer, as they pass. */
void password_asked(struct client *client, const char *body, size_t n);
void password_said(struct client *client, const struct wire_piece *piece);
/* Whether a further backend can be opened: no password was asked for, or its keys are known. False with *why NULL: the verifier is being asked for; the worker is
 * told to look at its sessions when it is there. */
bool password_ready(struct client *client, const char **why) SEGUE_MUST_CHECK;
/* NULL is allowed. */
void password_free(struct password *password);

#endif
