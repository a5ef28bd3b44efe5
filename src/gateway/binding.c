#include "gateway/binding.h"

#include <string.h>

#include "gateway/client.h"

enum { SASL = 10 /* AuthenticationSASL */, MECHANISMS = WIRE_HEADER + 4 };

static const char plus[] = "-PLUS";

/* Whether a signature over the certificate that one side sees is none over the other's. */
static bool is_broken(const struct client *client)
{
    const struct tls *near = client->stream.tls;
    const struct tls *far = client->backend->stream.tls;
    return far && !(near && tls_same_certificate(near, far));
}

static bool ends_with_plus(const char *name)
{
    size_t length = strlen(name);
    return length >= strlen(plus) && strcmp(name + length - strlen(plus), plus) == 0;
}

bool binding_filter(const struct client *client, const char *message, size_t n, struct text *out)
{
    if (message[0] != 'R' || n < MECHANISMS || wire_u32(message + WIRE_HEADER) != SASL || !is_broken(client))
        return false;
    const char *at = message + MECHANISMS;
    size_t left = n - MECHANISMS;
    size_t begun = wire_begin(out, 'R');
    wire_put_u32(out, SASL);
    for (const char *name; (name = wire_take_string(&at, &left)) && *name;)
        if (!ends_with_plus(name))
            wire_put_string(out, name);
    text_append_char(out, '\0');
    wire_end(out, begun);
    return true;
}

/* SASLInitialResponse: the mechanism, four bytes of length, and the client's first message, whose first letter is the flag. */
bool binding_fails(const struct client *client, const char *message, size_t n)
{
    if (n < WIRE_HEADER || message[0] != 'p' || !client->stream.tls || !is_broken(client))
        return false;
    const char *at = message + WIRE_HEADER;
    size_t left = n - WIRE_HEADER;
    const char *name = wire_take_string(&at, &left);
    return name && strncmp(name, "SCRAM-", strlen("SCRAM-")) == 0 && left > 4 && at[4] == 'y';
}
