/*
 * What all TLS connections of one side share: certificates, keys, and whom to trust. It may be read anew from its files at any time, from any thread;
 * connections that are there keep what they began with.
 */
#ifndef SEGUE_GATEWAY_TLS_CONTEXT_H
#define SEGUE_GATEWAY_TLS_CONTEXT_H

#include <openssl/ssl.h>

#include "base/error.h"
#include "engine/gateway_tls.h"

/* What clients are shown. */
struct tls_files {
    const char *certificate; /* a file of PEM, the own one first; NULL: clients are not offered TLS */
    const char *key;
    bool required; /* who does not encrypt is refused, unless over a unix socket */
};

struct tls_context;

/* Both keep the pointer, of files until others take their place. ERROR_USAGE: a file that cannot be used, and why. */
bool tls_context_of_clients(const struct tls_files *files, struct tls_context **out,
                            struct error *err) SEGUE_MUST_CHECK;
bool tls_context_of_server(const struct gateway_tls *settings, struct tls_context **out,
                           struct error *err) SEGUE_MUST_CHECK;
/* Reads the files anew, of the clients' side these (NULL: the same ones); after an error all stays as it was. One call at a time. */
bool tls_context_reload(struct tls_context *context, const struct tls_files *files,
                        struct error *err) SEGUE_MUST_CHECK;
void tls_context_free(struct tls_context *context);

/* A new connection. The caller owns it. */
SSL *tls_context_begin(struct tls_context *context);
/* How the server is to be looked at; NULL for the side of clients. */
const struct gateway_tls *tls_context_settings(const struct tls_context *context);

#endif
