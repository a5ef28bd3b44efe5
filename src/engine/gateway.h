/* What a gateway asks of an engine through its control session. */
#ifndef SEGUE_ENGINE_GATEWAY_H
#define SEGUE_ENGINE_GATEWAY_H

#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/gateway_tls.h"
#include "engine/session.h"

/* Where the server is: as the control session found it, so that what its library reads (service file, environment, several hosts) holds for
 * clients too. */
struct gateway_server {
    struct sockaddr_storage address;
    socklen_t length;
    char name[256];    /* for messages: host:port, or the path of a socket */
    char database[64]; /* the one that the control session is connected to */
    struct gateway_tls tls;
};

struct gateway_engine {
    bool (*server)(struct session *session, struct gateway_server *out, struct error *err);
};

#endif
