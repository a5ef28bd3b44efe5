/* A connection string for a version of the schema: the one that segue itself was given, with the search path added and
 * without its secrets. */

#include <ctype.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "postgres/session_internal.h"
#include "postgres/versions.h"
#include "postgres/versions_internal.h"
#include "sql.h"

static void options_free(PQconninfoOption **options)
{
    PQconninfoFree(*options);
}

static void append_encoded(struct text *out, const char *string)
{
    for (; *string; string++) {
        if (isalnum((unsigned char)*string) || strchr("-._~", *string))
            text_append_char(out, *string);
        else
            text_printf(out, "%%%02X", (unsigned)(unsigned char)*string);
    }
}

/* libpq marks what must not be shown with a star. The file of passwords is of no use elsewhere, but no secret either. */
static bool is_secret(const PQconninfoOption *option)
{
    return option->dispchar[0] == '*';
}

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0 && options->val)
            return options->val;
    return "";
}

/* Several hosts and directories of sockets do not fit before the path. */
static bool host_fits(const char *host, const char *port)
{
    return !strpbrk(host, "/@,:") && !strchr(port, ',');
}

/* libpq's defaults name the operating system's user, which means nothing elsewhere. */
static const char *given_user(const PQconninfoOption *options)
{
    const char *user = value_of(options, "user");
    struct passwd *self = getpwuid(geteuid());
    return self && !getenv("PGUSER") && strcmp(user, self->pw_name) == 0 ? "" : user;
}

static void append_authority(struct text *out, const PQconninfoOption *options)
{
    const char *user = given_user(options);
    const char *host = value_of(options, "host");
    const char *port = value_of(options, "port");
    append_encoded(out, user);
    if (*user)
        text_append_char(out, '@');
    if (!*host || !host_fits(host, port))
        return;
    append_encoded(out, host);
    if (*port)
        text_printf(out, ":%s", port);
}

/* Whether the option stands in the part of the URL before the question mark. */
static bool is_before_query(const PQconninfoOption *options, const char *keyword)
{
    const char *host = value_of(options, "host");
    bool has_host = *host && host_fits(host, value_of(options, "port"));
    return strcmp(keyword, "user") == 0 || strcmp(keyword, "dbname") == 0 ||
           (has_host && (strcmp(keyword, "host") == 0 || strcmp(keyword, "port") == 0));
}

static void append_query(struct text *out, const PQconninfoOption *options)
{
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        bool is_default = option->compiled && option->val && strcmp(option->compiled, option->val) == 0;
        if (!option->val || !*option->val || is_default || is_secret(option) ||
            is_before_query(options, option->keyword) || strcmp(option->keyword, "options") == 0)
            continue;
        append_encoded(out, option->keyword);
        text_append_char(out, '=');
        append_encoded(out, option->val);
        text_append_char(out, '&');
    }
}

/* Within the options of a startup packet a backslash keeps a space or backslash from ending the word. */
static void append_option_word(struct text *out, const char *word)
{
    for (; *word; word++) {
        if (*word == ' ' || *word == '\\')
            text_append_char(out, '\\');
        text_append_char(out, *word);
    }
}

static void append_options(struct text *out, const PQconninfoOption *options, const char *version,
                           const char *path)
{
    SEGUE_CLEANUP(text_free) struct text words = {0};
    const char *given = value_of(options, "options");
    text_append(&words, given);
    text_append(&words, *given ? " -csearch_path=" : "-csearch_path=");
    append_option_word(&words, version);
    text_append_char(&words, ',');
    append_option_word(&words, path);
    text_append(out, "options=");
    append_encoded(out, text_string(&words));
}

/* The string's parts, or libpq's environment when there is no string or a plain database name. */
static PQconninfoOption *parts_of(const char *url)
{
    return url && strpbrk(url, "=:") ? PQconninfoParse(url, NULL) : PQconndefaults();
}

static bool append_url(const char *url, const char *version, const char *path, const char *database,
                       struct text *out, struct error *err)
{
    SEGUE_CLEANUP(options_free) PQconninfoOption *options = parts_of(url);
    if (!options)
        return error_set(err, ERROR_USAGE, "the connection string cannot be read");
    text_append(out, "postgresql://");
    append_authority(out, options);
    text_append_char(out, '/');
    append_encoded(out, database);
    text_append_char(out, '?');
    append_query(out, options);
    append_options(out, options, version, path);
    return true;
}

bool pg_version_url(struct session *session, const char *url, const char *schema, const char *version,
                    struct text *out, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(rows_cleanup) struct rows *found = NULL;
    SEGUE_CLEANUP(rows_cleanup) struct rows *path = NULL;
    struct version_schemas schemas;
    if (!pg_version_schemas(session, schema, arena, &schemas, err))
        return false;
    const char *stack;
    if (!pg_version_stack(session, &schemas, schema, version, arena, &stack, err))
        return false;
    const char *values[] = {schema, version, schemas.names, stack};
    if (!session_query(session, sql_version_url, SEGUE_COUNT(values), values, &found, err))
        return false;
    if (!rows_get(found, 0, 0))
        return pg_version_missing(&schemas, version, err);
    const char *path_values[] = {schema, schemas.names};
    if (!session_query(session, sql_catalog_path, SEGUE_COUNT(path_values), path_values, &path, err))
        return false;
    return append_url(url, rows_get(found, 0, 0), rows_get(path, 0, 0), rows_get(found, 0, 1), out, err);
}
