#include "migration/mark.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "migration/change.h"
#include "migration/digest.h"
#include "migration/place.h"

/* One byte more (ISO 3309, the polynomial that begins with the lowest bit). */
static uint32_t crc_byte(uint32_t crc, unsigned char byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = (crc & 1) ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
    return crc;
}

int32_t mark_line_checksum(const char *content)
{
    uint32_t crc = 0xFFFFFFFFU;
    if (strncmp(content, "\xEF\xBB\xBF", 3) == 0)
        content += 3;
    for (; *content; content++)
        if (*content != '\n' && *content != '\r')
            crc = crc_byte(crc, (unsigned char)*content);
    return (int32_t)(crc ^ 0xFFFFFFFFU);
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void digest(struct arena *arena, struct mark_def *mark, const char *path, const char *content,
                   size_t length)
{
    mark->file_name = arena_strdup(arena, last_part(path));
    mark->line_checksum = mark_line_checksum(content);
    mark->sha256 = digest_sha256(arena, content, length);
}

static void close_file(FILE **file)
{
    if (*file)
        (void)fclose(*file);
}

static bool read_file(const char *path, struct text *content)
{
    SEGUE_CLEANUP(close_file) FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    char buffer[8192];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_append_n(content, buffer, n);
    return !ferror(file);
}

/* A path that does not begin at the root is meant from where the migration lies, so that it holds wherever segue is called. */
static const char *path_of(struct arena *arena, const char *migration, const char *file)
{
    size_t folder = (size_t)(last_part(migration) - migration);
    return file[0] == '/' ? file : arena_printf(arena, "%.*s%s", (int)folder, migration, file);
}

static bool read_one(struct arena *arena, const struct migration *migration, const struct annotation *at,
                     struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text content = {0};
    struct mark_def *mark = at->mark;
    if (!mark->file) {
        digest(arena, mark, migration->path, migration->content, strlen(migration->content));
        return true;
    }
    const char *path = path_of(arena, migration->path, mark->file);
    if (read_file(path, &content)) {
        digest(arena, mark, path, text_string(&content), content.length);
        return true;
    }
    error_set(err, ERROR_REFUSED, "the file of a mark cannot be read: %s: %s", path, strerror(errno));
    error_hint(err, "its path is taken from the folder of the migration");
    return place_error(err, migration->path, at->place);
}

bool mark_read_files(struct arena *arena, struct migration *migration, struct error *err)
{
    for (size_t i = 0; i < migration->n_annotations; i++)
        if (migration->annotations[i].kind == ANNOTATION_MARKS &&
            !read_one(arena, migration, &migration->annotations[i], err))
            return false;
    return true;
}
