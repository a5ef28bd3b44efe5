/*
 * How libpq encrypted the control session, so that the gateway's own connections are neither less nor more strict. Source: the manual, "SSL
 * Support" of libpq, and fe-secure-openssl.c: a root certificate that is there is used whatever sslmode says.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "postgres/gateway_internal.h"

static const char *value_of(const PQconninfoOption *options, const char *name)
{
    for (const PQconninfoOption *option = options; option->keyword; option++)
        if (strcmp(option->keyword, name) == 0)
            return option->val ? option->val : "";
    return "";
}

/* What the option says, or the file of that name in libpq's folder. A file of the folder need not be there. */
static void set_file(char *out, const char *said, const char *name)
{
    out[0] = '\0';
    if (*said) {
        (void)snprintf(out, GATEWAY_TLS_PATH, "%s", said);
        return;
    }
    const char *home = getenv("HOME");
    const struct passwd *user = home ? NULL : getpwuid(geteuid());
    if (user)
        home = user->pw_dir;
    if (home)
        (void)snprintf(out, GATEWAY_TLS_PATH, "%s/.postgresql/%s", home, name);
    if (access(out, R_OK) != 0)
        out[0] = '\0';
}

static void fill(const PQconninfoOption *options, const char *host, struct gateway_tls *out)
{
    const char *mode = value_of(options, "sslmode");
    set_file(out->root, value_of(options, "sslrootcert"), "root.crt");
    if (strcmp(out->root, "system") != 0 && access(out->root, R_OK) != 0)
        out->root[0] = '\0';
    out->verify_chain = out->root[0] || strncmp(mode, "verify-", strlen("verify-")) == 0;
    out->verify_name = strcmp(mode, "verify-full") == 0;
    out->names_host = strcmp(value_of(options, "sslsni"), "0") != 0;
    out->direct = strcmp(value_of(options, "sslnegotiation"), "direct") == 0;
    set_file(out->revoked, value_of(options, "sslcrl"), "root.crl");
    set_file(out->certificate, value_of(options, "sslcert"), "postgresql.crt");
    if (access(out->certificate, R_OK) != 0)
        out->certificate[0] = '\0';
    set_file(out->key, value_of(options, "sslkey"), "postgresql.key");
    (void)snprintf(out->revoked_folder, sizeof out->revoked_folder, "%s", value_of(options, "sslcrldir"));
    (void)snprintf(out->password, sizeof out->password, "%s", value_of(options, "sslpassword"));
    (void)snprintf(out->oldest, sizeof out->oldest, "%s", value_of(options, "ssl_min_protocol_version"));
    (void)snprintf(out->newest, sizeof out->newest, "%s", value_of(options, "ssl_max_protocol_version"));
    (void)snprintf(out->host, sizeof out->host, "%s", host);
}

bool pg_gateway_tls(PGconn *connection, struct gateway_tls *out, struct error *err)
{
    *out = (struct gateway_tls){.used = PQsslInUse(connection) != 0};
    if (!out->used)
        return true;
    PQconninfoOption *options = PQconninfo(connection);
    if (!options)
        return error_set(err, ERROR_RESOURCE, "out of memory");
    fill(options, PQhost(connection), out);
    PQconninfoFree(options);
    return true;
}
