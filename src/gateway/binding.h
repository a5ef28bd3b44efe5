/*
 * SCRAM's channel binding across a gateway. A client that binds signs the certificate that it sees. With TLS of the gateway's own on either side that is not the server's,
 * unless both were given the same: then binding holds from end to end. Otherwise the mechanism that binds is not offered to it.
 *
 * A client that could bind and is offered no such mechanism says so, under its signature; a server that did offer one must take this for an
 * attack (RFC 5802, section 6). So with TLS on both sides SCRAM needs either the same certificate or a client that does not bind
 * (channel_binding=disable).
 */
#ifndef SEGUE_GATEWAY_BINDING_H
#define SEGUE_GATEWAY_BINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct client;

/* A whole AuthenticationSASL, header included, as the client may see it: true, and in `out`. False: it may see any message as it is. */
bool binding_filter(const struct client *client, const char *message, size_t n, struct text *out);
/* Whether the server will take what a client answers (n bytes, the beginning of its message) for an attack. */
bool binding_fails(const struct client *client, const char *message, size_t n);

#endif
