/* SHA-256 (FIPS 180-4), so that a file's digest can be compared with what sha256sum prints. */
#ifndef SEGUE_MIGRATION_DIGEST_H
#define SEGUE_MIGRATION_DIGEST_H

#include <stddef.h>

#include "base/arena.h"

/* The digest as 64 hexadecimal digits, in the arena. */
const char *digest_sha256(struct arena *arena, const void *data, size_t length);

/* The fingerprint of a migration file: of its bytes, with every CRLF taken for LF and without a byte order mark, so that a file
 * is the same wherever it is checked out. */
const char *digest_migration(struct arena *arena, const char *content);

#endif
