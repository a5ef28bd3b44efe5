/* Where a connection string leads: for other programs, and to another database of the same server. */

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/sample/sample.h"

static void options_free(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

bool pg_environment(const char *url, struct arena *arena, const char *const **out, struct error *err)
{
    const char **list = NULL;
    size_t n = 0;
    SEGUE_CLEANUP(options_free)
    PQconninfoOption *options = url && strpbrk(url, "=:") ? PQconninfoParse(url, NULL) : PQconndefaults();
    if (!options)
        return error_set(err, ERROR_USAGE, "the connection string cannot be read");
    bool plain = url && !strpbrk(url, "=:");
    for (const PQconninfoOption *option = options; option->keyword; option++)
        if (option->envvar && option->val && *option->val &&
            !(plain && strcmp(option->keyword, "dbname") == 0))
            ARENA_PUSH(arena, list, n, arena_printf(arena, "%s=%s", option->envvar, option->val));
    if (plain)
        ARENA_PUSH(arena, list, n, arena_printf(arena, "PGDATABASE=%s", url));
    ARENA_PUSH(arena, list, n, (const char *)NULL);
    *out = list;
    return true;
}

/* 'value', as a connection string has it. */
static void append_value(struct text *out, const char *value)
{
    text_append_char(out, '\'');
    for (; *value; value++) {
        if (strchr("'\\", *value))
            text_append_char(out, '\\');
        text_append_char(out, *value);
    }
    text_append(out, "'");
}

bool pg_database_url(const char *url, const char *database, struct arena *arena, const char **out,
                     struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    SEGUE_CLEANUP(options_free) PQconninfoOption *options = PQconninfoParse(url, NULL);
    if (!options)
        return error_set(err, ERROR_USAGE, "the connection string cannot be read");
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (!option->val || strcmp(option->keyword, "dbname") == 0)
            continue;
        text_printf(&text, "%s=", option->keyword);
        append_value(&text, option->val);
        text_append(&text, " ");
    }
    text_append(&text, "dbname=");
    append_value(&text, database);
    *out = arena_strdup(arena, text_string(&text));
    return true;
}
