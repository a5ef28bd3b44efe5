/*
 * A folder of migration files: those whose names end in .sql, in the order of their names by bytes (so 0007_x, not 7_x). Folders
 * within it and other files are left alone.
 */
#ifndef SEGUE_MIGRATION_FOLDER_H
#define SEGUE_MIGRATION_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct folder_file {
    const char *path;
    const char *name;   /* its stem: 0007_full_name */
    const char *digest; /* as digest_migration makes it */
};

/* Whether the path is a folder. */
bool folder_is(const char *path);
/* Its files, read and in order; the list and its strings live in the arena. ERROR_REFUSED for what cannot be read, two files of one name,
 * and a folder without any. */
bool folder_read(struct arena *arena, const char *path, struct folder_file **out, size_t *n,
                 struct error *err) SEGUE_MUST_CHECK;

#endif
