/* Where PostgreSQL's programs are. */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "server/process.h"
#include "server/server.h"

static bool has_programs(struct arena *arena, const char *folder)
{
    static const char *const programs[] = {"initdb", "postgres"};
    for (size_t i = 0; i < SEGUE_COUNT(programs); i++) {
        if (access(arena_printf(arena, "%s/%s", folder, programs[i]), X_OK) != 0)
            return false;
    }
    return true;
}

static const char *from_pg_config(struct arena *arena)
{
    static const char *const argv[] = {"pg_config", "--bindir", NULL};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct error ignored;
    if (!process_run(argv, &out, &ignored))
        return NULL;
    char *folder = arena_strdup(arena, text_string(&out));
    folder[strcspn(folder, "\n")] = '\0';
    /* Where only libpq's headers are installed, pg_config names a folder without a server. */
    return has_programs(arena, folder) ? folder : NULL;
}

static const char *from_path(struct arena *arena)
{
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        const char *folder = arena_strndup(arena, path, length);
        if (length > 0 && has_programs(arena, folder))
            return folder;
        path += length;
        path += *path == ':';
    }
    return NULL;
}

/* Debian keeps each major version's programs in /usr/lib/postgresql/<major>/bin. */
static const char *from_debian(struct arena *arena)
{
    static const char root[] = "/usr/lib/postgresql";
    const char *newest = NULL;
    long newest_major = 0;
    DIR *versions = opendir(root);
    if (versions == NULL)
        return NULL;
    for (struct dirent *entry = readdir(versions); entry != NULL; entry = readdir(versions)) {
        long major = strtol(entry->d_name, NULL, 10);
        const char *folder = arena_printf(arena, "%s/%s/bin", root, entry->d_name);
        if (major > newest_major && has_programs(arena, folder)) {
            newest = folder;
            newest_major = major;
        }
    }
    closedir(versions);
    return newest;
}

bool server_find_programs(const char *wanted, struct arena *arena, const char **bin, struct error *err)
{
    if (wanted != NULL) {
        *bin = arena_strdup(arena, wanted);
        if (has_programs(arena, wanted))
            return true;
        error_set(err, ERROR_REFUSED, "%s does not hold initdb and postgres", wanted);
        return error_hint(err, "give the folder of a server's programs, such as /usr/lib/postgresql/15/bin");
    }
    *bin = from_pg_config(arena);
    if (*bin == NULL)
        *bin = from_path(arena);
    if (*bin == NULL)
        *bin = from_debian(arena);
    if (*bin != NULL)
        return true;
    error_set(err, ERROR_REFUSED, "no PostgreSQL server is installed here");
    return error_hint(
        err, "install one (on Debian: apt-get install postgresql-15) or name its folder with --pg-bin");
}
