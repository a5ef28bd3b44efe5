/* What a server tells of itself and of some tables, for people: the contract is that of `facts` in struct engine. */
#ifndef SEGUE_POSTGRES_FACTS_H
#define SEGUE_POSTGRES_FACTS_H

#include "engine/engine.h"

bool pg_facts(struct session *session, const struct plan *plan, double seconds, struct arena *arena,
              struct facts *out, struct error *err) SEGUE_MUST_CHECK;

#endif
