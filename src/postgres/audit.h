/* Looks at a schema after its migrations. The function is the one of the same name in struct engine, where the contract stands. */
#ifndef SEGUE_POSTGRES_AUDIT_H
#define SEGUE_POSTGRES_AUDIT_H

#include "engine/engine.h"

bool pg_audit(struct session *session, const char *schema, const struct audit_wish *wish, struct arena *arena,
              struct audit *out, struct error *err) SEGUE_MUST_CHECK;

#endif
