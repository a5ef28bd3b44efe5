#include "gateway/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "base/text.h"
#include "wire/startup.h"

enum { RECORD = 16384, PROBLEM_MAX = 256 };

struct tls {
    SSL *ssl;
    int fd;
    bool agreed;
    bool wants_room;
    bool unannounced; /* it must name the protocol */
    bool received;    /* in this turn: one recv an event */
    enum { NOT_ASKED, ASKED, ANSWERED } request;
    const struct gateway_tls *settings; /* of the server's side */
    struct text fed;                    /* what was read before this was made, from fed_at on */
    size_t fed_at;
    char *problem;
};

/* --- The socket, as OpenSSL sees it: its own would end the process by SIGPIPE, and read more than once an event --- */

static int read_fed(struct tls *tls, char *out, int size)
{
    size_t left = tls->fed.length - tls->fed_at;
    size_t n = left < (size_t)size ? left : (size_t)size;
    memcpy(out, tls->fed.data + tls->fed_at, n);
    tls->fed_at += n;
    if (tls->fed_at == tls->fed.length) {
        text_free(&tls->fed);
        tls->fed_at = 0;
    }
    return (int)n;
}

static int socket_read(BIO *bio, char *out, int size)
{
    struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (tls->fed.length > 0)
        return read_fed(tls, out, size);
    ssize_t n = -1;
    if (!tls->received)
        while ((n = recv(tls->fd, out, (size_t)size, 0)) < 0 && errno == EINTR) {
        }
    if (n < 0 && (tls->received || errno == EAGAIN || errno == EWOULDBLOCK))
        BIO_set_retry_read(bio);
    tls->received = true;
    return (int)n;
}

static int socket_write(BIO *bio, const char *data, int n)
{
    const struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t sent;
    while ((sent = send(tls->fd, data, (size_t)n, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
    }
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        BIO_set_retry_write(bio);
    return (int)sent;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

/* NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): made once, for all threads, and never changed. */
static BIO_METHOD *method;

static void make_method(void)
{
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "segue");
    if (!method)
        abort();
    (void)BIO_meth_set_read(method, socket_read);
    (void)BIO_meth_set_write(method, socket_write);
    (void)BIO_meth_set_ctrl(method, socket_control);
}

static struct tls *make(struct tls_context *context, int fd)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_method);
    struct tls *tls = memory_alloc(sizeof *tls);
    tls->fd = fd;
    tls->ssl = tls_context_begin(context);
    BIO *bio = BIO_new(method);
    if (!tls->ssl || !bio)
        abort(); /* no memory: as everywhere */
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls->ssl, bio, bio);
    return tls;
}

struct tls *tls_accept(struct tls_context *context, int fd, const char *data, size_t n)
{
    struct tls *tls = make(context, fd);
    tls->request = ANSWERED;
    tls->unannounced = n > 0;
    text_append_n(&tls->fed, data, n);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

struct tls *tls_connect(struct tls_context *context, int fd)
{
    struct tls *tls = make(context, fd);
    tls->settings = tls_context_settings(context);
    tls->request = tls->settings->direct ? ANSWERED : NOT_ASKED;
    if (tls->settings->names_host && tls->settings->host[0] && !is_address(tls->settings->host))
        SSL_set_tlsext_host_name(tls->ssl, tls->settings->host);
    SSL_set_connect_state(tls->ssl);
    return tls;
}

void tls_end(struct tls *tls)
{
    if (tls->agreed && !(SSL_get_shutdown(tls->ssl) & SSL_SENT_SHUTDOWN))
        (void)SSL_shutdown(tls->ssl);
    ERR_clear_error();
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    tls_end(tls);
    SSL_free(tls->ssl);
    text_free(&tls->fed);
    free(tls->problem);
    free(tls);
}

/* --- Agreement --- */

static bool fail(struct tls *tls, const char *problem)
{
    if (!tls->problem)
        tls->problem = strdup(problem);
    return false;
}

/* What OpenSSL says, or, of a certificate, what is wrong with it. */
static bool fail_as_told(struct tls *tls)
{
    char problem[PROBLEM_MAX];
    long verdict = tls->settings ? SSL_get_verify_result(tls->ssl) : X509_V_OK;
    unsigned long code = ERR_peek_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    if (verdict != X509_V_OK)
        (void)snprintf(problem, sizeof problem, "the server's certificate is not accepted: %s",
                       X509_verify_cert_error_string(verdict));
    else
        (void)snprintf(problem, sizeof problem, "TLS: %s", reason ? reason : "the connection was cut");
    ERR_clear_error();
    return fail(tls, problem);
}

/* The one byte that answers the request. No more is read in the clear: whatever somebody put behind it meets the agreement, which it breaks
 * (CVE-2021-23222). */
static bool hear_answer(struct tls *tls)
{
    char answer;
    ssize_t n = recv(tls->fd, &answer, 1, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return true;
    if (n == 1 && answer == 'S') {
        tls->request = ANSWERED;
        return true;
    }
    return fail(tls, n == 1 ? "the server does not take TLS (any more)" : "the connection was cut");
}

static bool ask(struct tls *tls)
{
    SEGUE_CLEANUP(text_free) struct text request = {0};
    wire_put_u32(&request, 2 * sizeof(uint32_t));
    wire_put_u32(&request, WIRE_SSL);
    tls->request = ASKED;
    ssize_t n = send(tls->fd, request.data, request.length, MSG_NOSIGNAL);
    return n == (ssize_t)request.length || fail(tls, "the connection was cut");
}

static bool name_fits(const struct tls *tls)
{
    X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
    const char *host = tls->settings->host;
    return certificate &&
           (X509_check_host(certificate, host, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1 ||
            (is_address(host) && X509_check_ip_asc(certificate, host, 0) == 1));
}

static bool check(struct tls *tls)
{
    const unsigned char *protocol = NULL;
    unsigned n = 0;
    SSL_get0_alpn_selected(tls->ssl, &protocol, &n);
    bool unnamed = tls->unannounced || (tls->settings && tls->settings->direct);
    if (unnamed && n == 0)
        return fail(tls, "TLS without a request for it must name the protocol (ALPN): \"postgresql\"");
    if (tls->settings && tls->settings->verify_name && !name_fits(tls)) {
        char problem[PROBLEM_MAX + sizeof tls->settings->host];
        (void)snprintf(problem, sizeof problem, "the server's certificate is not for host \"%s\"",
                       tls->settings->host);
        return fail(tls, problem);
    }
    tls->agreed = true;
    return true;
}

bool tls_agree(struct tls *tls)
{
    tls->received = false;
    if (tls->agreed)
        return true;
    if (tls->request == NOT_ASKED)
        return ask(tls);
    if (tls->request == ASKED && (!hear_answer(tls) || tls->request == ASKED))
        return !tls->problem;
    ERR_clear_error();
    int result = SSL_do_handshake(tls->ssl);
    tls->wants_room = false;
    if (result == 1)
        return check(tls);
    int why = SSL_get_error(tls->ssl, result);
    tls->wants_room = why == SSL_ERROR_WANT_WRITE;
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE || fail_as_told(tls);
}

bool tls_is_agreed(const struct tls *tls)
{
    return tls->agreed;
}

bool tls_wants_room(const struct tls *tls)
{
    return tls->wants_room;
}

const char *tls_problem(const struct tls *tls)
{
    return tls->problem;
}

bool tls_same_certificate(const struct tls *client, const struct tls *server)
{
    const X509 *own = SSL_get_certificate(client->ssl);
    const X509 *theirs = SSL_get0_peer_certificate(server->ssl);
    return own && theirs && X509_cmp(own, theirs) == 0;
}

/* --- Bytes --- */

ssize_t tls_read(struct tls *tls, char *buffer, size_t size)
{
    /* What arrived with the end of the agreement may hold the first bytes as well. */
    if (tls->agreed)
        tls->received = false;
    else if (!tls_agree(tls))
        return -1;
    size_t got = 0;
    while (tls->agreed && (got == 0 || size - got >= RECORD)) {
        size_t n;
        ERR_clear_error();
        if (SSL_read_ex(tls->ssl, buffer + got, size - got, &n)) {
            got += n;
            continue;
        }
        int why = SSL_get_error(tls->ssl, 0);
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE || got > 0)
            break;
        ERR_clear_error();
        return -1;
    }
    return (ssize_t)got;
}

ssize_t tls_send(struct tls *tls, const char *data, size_t n)
{
    size_t sent = 0;
    while (tls->agreed && sent < n) {
        size_t part;
        ERR_clear_error();
        if (SSL_write_ex(tls->ssl, data + sent, n - sent, &part)) {
            sent += part;
            continue;
        }
        int why = SSL_get_error(tls->ssl, 0);
        if (why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ)
            break;
        ERR_clear_error();
        return -1;
    }
    return (ssize_t)sent;
}
