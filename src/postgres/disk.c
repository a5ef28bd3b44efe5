#include "postgres/disk.h"

#include <sys/statvfs.h>

int64_t pg_free_bytes(const struct session *session, const char *folder)
{
    struct statvfs found;
    if (!folder || !session_is_local(session) || statvfs(folder, &found) != 0)
        return -1;
    return (int64_t)found.f_bavail * (int64_t)found.f_frsize;
}
