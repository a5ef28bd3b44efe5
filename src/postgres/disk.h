/* Room on the disk of the server. */
#ifndef SEGUE_POSTGRES_DISK_H
#define SEGUE_POSTGRES_DISK_H

#include <stdint.h>

#include "engine/session.h"

/* Free bytes where the files are, for those whom the file system lets have them; -1: not known. Through a socket of the file
 * system the server is on this machine; anything else may be a tunnel. */
int64_t pg_free_bytes(const struct session *session, const char *folder);

#endif
