/* What the server keeps of a role's password, for the gateway. */

#include <string.h>

#include "postgres/gateway_internal.h"
#include "sql.h"

/* Not a file of sql/: the function is there only where an administrator has made it. */
static const char BY_FUNCTION[] = "SELECT segue.gateway_verifier($1::name)";

bool pg_gateway_verifier(struct session *session, const char *role, char *out, size_t size, struct error *err)
{
    char way[16];
    bool null;
    out[0] = '\0';
    if (!session_value(session, sql_gateway_verifier_way, 0, NULL, way, sizeof way, &null, err))
        return false;
    if (null || !*way)
        return true;
    const char *statement = strcmp(way, "function") == 0 ? BY_FUNCTION : sql_gateway_verifier;
    if (!session_value(session, statement, 1, &role, out, size, &null, err))
        return false;
    if (null || strlen(out) == size - 1) /* it was cut */
        memset(out, 0, size);
    return true;
}
