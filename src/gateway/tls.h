/*
 * TLS between a stream and its socket: the stream's functions stay what they are. Each event of the loop costs one recv, as in the clear; what
 * was received is decrypted whole, so that nothing is left of which the loop does not know. A connection that is idle holds no
 * buffers.
 */
#ifndef SEGUE_GATEWAY_TLS_H
#define SEGUE_GATEWAY_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/must.h"
#include "gateway/tls_context.h"

struct tls;

/* The gateway's end of a client's connection. `data`: what was read of it already, if it began without a request for TLS; it must then
 * name PostgreSQL's protocol (ALPN). */
struct tls *tls_accept(struct tls_context *context, int fd, const char *data, size_t n);
/* The gateway's end of a connection to the server. */
struct tls *tls_connect(struct tls_context *context, int fd);
/* Says that nothing more is sent (close_notify); what the other end says can still be read. */
void tls_end(struct tls *tls);
/* Says good-bye, if there is somebody, and frees. */
void tls_free(struct tls *tls);

/* As stream_read. The buffer must have room for a record: 16 kB. */
ssize_t tls_read(struct tls *tls, char *buffer, size_t size) SEGUE_MUST_CHECK;
/* How many of the bytes went out; none before both ends agree; -1: the connection is broken. What did not go out must come first in the
 * next call. */
ssize_t tls_send(struct tls *tls, const char *data, size_t n) SEGUE_MUST_CHECK;
/* Goes on with the agreement, as far as it can without waiting. False: there will be none. */
bool tls_agree(struct tls *tls) SEGUE_MUST_CHECK;
/* Both ends agree, and the certificate is what it must be. */
bool tls_is_agreed(const struct tls *tls);
/* The agreement waits for room to write. */
bool tls_wants_room(const struct tls *tls);
/* Why there is no agreement; NULL: nothing is known against it. */
const char *tls_problem(const struct tls *tls);
/* Whether the certificate that clients see at one end is the server's at the other. */
bool tls_same_certificate(const struct tls *client, const struct tls *server);

#endif
