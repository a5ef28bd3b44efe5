#include "gateway/tls_context.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

/* PostgreSQL's name in the negotiation of protocols (ALPN), with its length. */
static const unsigned char protocol[] = "\012postgresql";
enum { PROTOCOL_LENGTH = sizeof protocol - 1 };

struct tls_context {
    const struct tls_files *files;      /* of the clients' side, */
    const struct gateway_tls *settings; /* or of the server's */
    pthread_mutex_t lock;               /* over the pointer; what it points at counts its users itself */
    SSL_CTX *now;
};

static bool failed(struct error *err, const char *what, const char *file)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return error_set(err, ERROR_USAGE, "%s %s cannot be used: %s", what, file,
                     reason ? reason : "it is not what it should be");
}

/* A private key that others can read is none. The rule is the server's (check_ssl_key_file_permissions). */
static bool key_is_private(const char *file, struct error *err)
{
    struct stat about;
    if (stat(file, &about) != 0)
        return error_set(err, ERROR_USAGE, "private key %s cannot be used: %s", file, strerror(errno));
    unsigned others = about.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if ((about.st_mode & others) == 0)
        return true;
    error_set(err, ERROR_USAGE, "private key %s can be read by others", file);
    return error_hint(err, "chmod 0600 it (or 0640, if it belongs to root)");
}

/* No question on the terminal. */
static int give_password(char *out, int size, int writing, void *settings)
{
    (void)writing;
    const char *password = settings ? ((const struct gateway_tls *)settings)->password : "";
    size_t length = strlen(password);
    if (length >= (size_t)size)
        return 0;
    /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): what OpenSSL wants has a length and no zero. */
    memcpy(out, password, length);
    return (int)length;
}

static bool use_pair(SSL_CTX *context, const char *certificate, const char *key, struct error *err)
{
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        return failed(err, "certificate", certificate);
    if (!key_is_private(key, err))
        return false;
    if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return failed(err, "private key", key);
    return true;
}

/* A client that names protocols must name ours, or it may have been led here from another service (the ALPACA attack). */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *n_out,
                           const unsigned char *offered, unsigned n, void *unused)
{
    (void)ssl;
    (void)unused;
    unsigned char *chosen;
    int found = SSL_select_next_proto(&chosen, n_out, protocol, PROTOCOL_LENGTH, offered, n);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool fill_for_clients(SSL_CTX *context, const struct tls_files *files, struct error *err)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    return use_pair(context, files->certificate, files->key, err);
}

static int version_of(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } known[] = {{"TLSv1", TLS1_VERSION},
                 {"TLSv1.1", TLS1_1_VERSION},
                 {"TLSv1.2", TLS1_2_VERSION},
                 {"TLSv1.3", TLS1_3_VERSION}};
    for (size_t i = 0; i < SEGUE_COUNT(known); i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].number;
    return 0; /* no limit */
}

static bool trust(SSL_CTX *context, const struct gateway_tls *settings, struct error *err)
{
    bool system = strcmp(settings->root, "system") == 0;
    if (system ? SSL_CTX_set_default_verify_paths(context) != 1
               : SSL_CTX_load_verify_locations(context, settings->root, NULL) != 1)
        return failed(err, "root certificate", settings->root);
    const char *list = settings->revoked[0] ? settings->revoked : NULL;
    const char *folder = settings->revoked_folder[0] ? settings->revoked_folder : NULL;
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    if ((list || folder) && X509_STORE_load_locations(store, list, folder) == 1)
        X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    ERR_clear_error(); /* as with libpq: a list that cannot be read is none */
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return true;
}

static bool fill_for_server(SSL_CTX *context, const struct gateway_tls *settings, struct error *err)
{
    SSL_CTX_set_min_proto_version(context, version_of(settings->oldest));
    SSL_CTX_set_max_proto_version(context, version_of(settings->newest));
    SSL_CTX_set_default_passwd_cb_userdata(context, (void *)settings);
    SSL_CTX_set_alpn_protos(context, protocol, PROTOCOL_LENGTH);
    if (settings->verify_chain && !trust(context, settings, err))
        return false;
    return !settings->certificate[0] || use_pair(context, settings->certificate, settings->key, err);
}

bool tls_context_reload(struct tls_context *context, const struct tls_files *files, struct error *err)
{
    if (!files)
        files = context->files;
    SSL_CTX *made = SSL_CTX_new(files ? TLS_server_method() : TLS_client_method());
    if (!made)
        return error_set(err, ERROR_RESOURCE, "no TLS: out of memory");
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(made, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_read_ahead(made, 1);
    SSL_CTX_set_default_passwd_cb(made, give_password);
    if (!(files ? fill_for_clients(made, files, err) : fill_for_server(made, context->settings, err))) {
        SSL_CTX_free(made);
        return false;
    }
    (void)pthread_mutex_lock(&context->lock);
    SSL_CTX *old = context->now;
    context->now = made;
    (void)pthread_mutex_unlock(&context->lock);
    SSL_CTX_free(old);
    context->files = files;
    return true;
}

static bool make(const struct tls_files *files, const struct gateway_tls *settings, struct tls_context **out,
                 struct error *err)
{
    struct tls_context *context = memory_alloc(sizeof *context);
    context->files = files;
    context->settings = settings;
    (void)pthread_mutex_init(&context->lock, NULL);
    *out = context;
    return tls_context_reload(context, files, err);
}

bool tls_context_of_clients(const struct tls_files *files, struct tls_context **out, struct error *err)
{
    return make(files, NULL, out, err);
}

bool tls_context_of_server(const struct gateway_tls *settings, struct tls_context **out, struct error *err)
{
    return make(NULL, settings, out, err);
}

void tls_context_free(struct tls_context *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->now);
    (void)pthread_mutex_destroy(&context->lock);
    free(context);
}

SSL *tls_context_begin(struct tls_context *context)
{
    (void)pthread_mutex_lock(&context->lock);
    SSL *ssl = SSL_new(context->now);
    (void)pthread_mutex_unlock(&context->lock);
    return ssl;
}

const struct gateway_tls *tls_context_settings(const struct tls_context *context)
{
    return context->settings;
}
