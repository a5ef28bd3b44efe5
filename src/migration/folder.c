#include "migration/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "migration/digest.h"

static const char ending[] = ".sql";

bool folder_is(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static void close_folder(DIR **folder)
{
    if (*folder)
        (void)closedir(*folder);
}

static void close_file(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

static bool unreadable(const char *path, struct error *err)
{
    error_set(err, ERROR_REFUSED, "cannot read %s: %s", path, strerror(errno));
    return error_where(err, "%s", path);
}

static bool read_digest(struct arena *arena, const char *path, const char **out, struct error *err)
{
    SEGUE_CLEANUP(close_file) FILE *file = fopen(path, "rbe");
    SEGUE_CLEANUP(text_free) struct text content = {0};
    if (!file)
        return unreadable(path, err);
    char buffer[8192];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_append_n(&content, buffer, n);
    if (ferror(file))
        return unreadable(path, err);
    *out = digest_migration(arena, text_string(&content));
    return true;
}

static bool is_migration(const char *path, const char *name)
{
    size_t length = strlen(name);
    return length > strlen(ending) && name[0] != '.' &&
           strcasecmp(name + length - strlen(ending), ending) == 0 && !folder_is(path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct folder_file *)a)->name, ((const struct folder_file *)b)->name);
}

static bool list(struct arena *arena, const char *path, struct folder_file **out, size_t *n,
                 struct error *err)
{
    SEGUE_CLEANUP(close_folder) DIR *folder = opendir(path);
    if (!folder)
        return unreadable(path, err);
    size_t length = strlen(path);
    const char *slash = length && path[length - 1] == '/' ? "" : "/";
    for (const struct dirent *entry; (entry = readdir(folder));) {
        struct folder_file file = {.path = arena_printf(arena, "%s%s%s", path, slash, entry->d_name)};
        if (!is_migration(file.path, entry->d_name))
            continue;
        file.name = arena_strndup(arena, entry->d_name, strlen(entry->d_name) - strlen(ending));
        if (!read_digest(arena, file.path, &file.digest, err))
            return false;
        ARENA_PUSH(arena, *out, *n, file);
    }
    return true;
}

bool folder_read(struct arena *arena, const char *path, struct folder_file **out, size_t *n,
                 struct error *err)
{
    *out = NULL;
    *n = 0;
    if (!list(arena, path, out, n, err))
        return false;
    if (!*n) {
        error_set(err, ERROR_REFUSED, "folder %s holds no migration", path);
        return error_hint(err, "migrations are files whose names end in .sql");
    }
    qsort(*out, *n, sizeof **out, by_name);
    for (size_t i = 1; i < *n; i++)
        if (strcmp((*out)[i].name, (*out)[i - 1].name) == 0)
            return error_set(err, ERROR_REFUSED, "%s and %s are of one name", (*out)[i - 1].path,
                             (*out)[i].path);
    return true;
}
