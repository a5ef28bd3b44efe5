/* Which version of the schema a role or a connection string uses, and who is seen using one. See engine/engine.h. */
#ifndef SEGUE_POSTGRES_VERSIONS_H
#define SEGUE_POSTGRES_VERSIONS_H

#include "engine/engine.h"

/* Puts the version before its schema in the role's search_path in the database (NULL: the session's), and takes other
 * versions out. The version may be named as its schema (public_0007_full_name) or as the migration (0007_full_name).
 * ERROR_REFUSED when the version or the role does not exist. Takes effect when the role connects anew. */
bool pg_use_version(struct session *session, const char *schema, const char *version, const char *role,
                    const char *database, struct error *err) SEGUE_MUST_CHECK;
/* Appends a postgresql:// URL with the search_path of the version as a startup option: what the URL given had (NULL: what
 * libpq finds in its environment) but the password. ERROR_REFUSED when the version does not exist. */
bool pg_version_url(struct session *session, const char *url, const char *schema, const char *version,
                    struct text *out, struct error *err) SEGUE_MUST_CHECK;
/* Looks once at who holds a lock on the version's views and remembers it in segue.version_users. */
bool pg_sample_users(struct session *session, int64_t id, const char *version,
                     struct error *err) SEGUE_MUST_CHECK;
/* Those remembered within the last `seconds`, latest first. */
bool pg_version_users(struct session *session, int64_t id, const char *version, double seconds,
                      struct arena *arena, struct version_user **out, size_t *n,
                      struct error *err) SEGUE_MUST_CHECK;

#endif
