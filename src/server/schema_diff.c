#include "server/schema_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "server/process.h"

struct lines {
    const char **items;
    size_t count;
};

bool schema_dump(const char *pg_dump, const char *url, const char *const *variables, const char *schema,
                 struct text *out, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text versions = {0};
    text_printf(&versions, "--exclude-schema=\"%s_\"*", schema);
    const char *argv[] = {pg_dump,
                          "--schema-only",
                          "--exclude-schema=segue",
                          text_string(&versions),
                          url ? "--dbname" : NULL,
                          url,
                          NULL};
    return process_run_with(argv, variables, out, err) ||
           error_hint(
               err,
               "pg_dump must be as new as the server: put one beside the server's programs or into PATH");
}

/* What pg_dump writes about itself and the session, and comments. */
static bool is_noise(const char *line)
{
    static const char *const beginnings[] = {"--", "\\", "SET ", "SELECT pg_catalog.set_config("};
    for (size_t i = 0; i < SEGUE_COUNT(beginnings); i++) {
        if (strncmp(line, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    }
    return *line == '\0';
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of a dump, sorted. A line that goes on a statement is put behind the statement's first line, so that a column
 * that moved to another table is seen; its comma says only what stands after it. */
static struct lines sorted_lines(struct arena *arena, const char *dump)
{
    struct lines lines = {0};
    const char *statement = "";
    while (*dump != '\0') {
        size_t length = strcspn(dump, "\n");
        char *line = arena_strndup(arena, dump, length);
        dump += length;
        dump += *dump == '\n';
        if (is_noise(line))
            continue;
        if (length > 0 && line[length - 1] == ',')
            line[length - 1] = '\0';
        if (*line == ' ')
            line = arena_printf(arena, "%s%s", statement, line + strspn(line, " ") - 1);
        else
            statement = line;
        ARENA_PUSH(arena, lines.items, lines.count, line);
    }
    if (lines.count > 0)
        qsort(lines.items, lines.count, sizeof *lines.items, compare_lines);
    return lines;
}

size_t schema_diff(const char *wanted, const char *found, struct text *differences)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct lines a = sorted_lines(arena, wanted);
    const struct lines b = sorted_lines(arena, found);
    size_t count = 0;
    for (size_t i = 0, j = 0; i < a.count || j < b.count;) {
        int order = i == a.count ? 1 : j == b.count ? -1 : strcmp(a.items[i], b.items[j]);
        if (order != 0) {
            text_printf(differences, "%c %s\n", order < 0 ? '-' : '+', order < 0 ? a.items[i] : b.items[j]);
            count++;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return count;
}
