/* What the files of a gateway's control session share. */
#ifndef SEGUE_POSTGRES_GATEWAY_INTERNAL_H
#define SEGUE_POSTGRES_GATEWAY_INTERNAL_H

#include <libpq-fe.h>

#include "engine/gateway.h"
#include "engine/gateway_tls.h"
#include "postgres/session_internal.h"

/* gateway_tls.c: how the connection is encrypted, and with what files. ERROR_RESOURCE: libpq does not say. */
bool pg_gateway_tls(PGconn *connection, struct gateway_tls *out, struct error *err) SEGUE_MUST_CHECK;
/* gateway_path.c: see struct gateway_engine. */
bool pg_gateway_keeps_path(struct session *session, bool *out, struct error *err) SEGUE_MUST_CHECK;
/* gateway_verifier.c: see struct gateway_engine. */
bool pg_gateway_verifier(struct session *session, const char *role, char *out, size_t size,
                         struct error *err) SEGUE_MUST_CHECK;

/* statement_kind.c */
unsigned pg_statement_kind(const char *text, const struct statement_names *steady);

#endif
