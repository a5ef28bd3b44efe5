/* What all workers of a gateway know: set before they begin, or guarded by what stands beside it. */
#ifndef SEGUE_GATEWAY_SHARED_H
#define SEGUE_GATEWAY_SHARED_H

#include <stdatomic.h>

#include "gateway/gateway.h"
#include "gateway/keys.h"
#include "gateway/tls_context.h"

struct shared {
    const struct gateway_settings *settings;
    struct keys *keys;
    atomic_uint sessions;           /* clients that have said who they are */
    struct tls_context *client_tls; /* NULL: clients are not offered TLS */
    struct tls_context *server_tls; /* NULL: the server is spoken to in the clear */
};

#endif
