#include "postgres/gateway.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "postgres/gateway_internal.h"
#include "postgres/session_internal.h"

static bool server(struct session *session, struct gateway_server *out, struct error *err)
{
    PGconn *connection = ((struct pg_session *)session)->connection;
    *out = (struct gateway_server){.length = sizeof out->address};
    if (getpeername(PQsocket(connection), (struct sockaddr *)&out->address, &out->length) < 0)
        return error_set(err, ERROR_LOST, "the server's address cannot be told: %s", strerror(errno));
    const char *host = PQhost(connection);
    (void)snprintf(out->name, sizeof out->name, host[0] == '/' ? "%s/.s.PGSQL.%s" : "%s:%s", host,
                   PQport(connection));
    (void)snprintf(out->database, sizeof out->database, "%s", PQdb(connection));
    return pg_gateway_tls(connection, &out->tls, err);
}

const struct gateway_engine pg_gateway = {
    .server = server,
};
