/* What snapshot and versions share: which schemas are versions. */
#ifndef SEGUE_POSTGRES_VERSIONS_INTERNAL_H
#define SEGUE_POSTGRES_VERSIONS_INTERNAL_H

#include "engine/engine.h"

/* What segue's state says of the versions; without a state, or without the right to read it, there are none. */
struct version_schemas {
    const char *names;   /* as an array literal */
    const char *current; /* of the schema asked for; NULL: none */
};

/* Whether there is a state that may be read. */
bool pg_versions_readable(struct session *session, bool *readable, struct error *err) SEGUE_MUST_CHECK;
bool pg_version_schemas(struct session *session, const char *schema, struct arena *arena,
                        struct version_schemas *out, struct error *err) SEGUE_MUST_CHECK;
/* The versions below this one on which it stands, as an array literal; "{}" without a state that may be read. */
bool pg_version_stack(struct session *session, const struct version_schemas *schemas, const char *schema,
                      const char *version, struct arena *arena, const char **out,
                      struct error *err) SEGUE_MUST_CHECK;
/* ERROR_REFUSED: there is no such version of the schema. Names those that there are. */
bool pg_version_missing(const struct version_schemas *schemas, const char *version, struct error *err);

#endif
