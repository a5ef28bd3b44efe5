/* What a gateway that is fuzzed needs of an engine. */
#include <stdio.h>
#include <string.h>

#include "engine/engine.h"
#include "postgres/gateway_internal.h"

extern const struct engine fuzz_engine;

/* As the server has one for the role `hashed`, with the password `open sesame`. */
static bool verifier(struct session *session, const char *role, char *out, size_t size, struct error *err)
{
    (void)session;
    (void)err;
    (void)snprintf(out, size, "%s", strcmp(role, "hashed") == 0 ? "md528748b96c97e10a9e4a70e0bb7aa6ddd" : "");
    return true;
}

static const struct gateway_engine of_gateway = {.kind = pg_statement_kind, .verifier = verifier};
const struct engine fuzz_engine = {.gateway = &of_gateway};
