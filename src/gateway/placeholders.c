#include "gateway/placeholders.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c && strchr(" \t\r\n\f\v", c);
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool is_of_name(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || is_digit(c) || c == '_' || c == '$' || c == '.';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static const char *skip_name(const char *at, const char *end)
{
    while (at < end && is_of_name(*at))
        at++;
    return at;
}

static bool has(const struct text *names, const char *name, size_t n)
{
    const char *at = names->length > 0 ? names->data : NULL;
    const char *end = at ? at + names->length : NULL;
    while (at) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t length = (size_t)((comma ? comma : end) - at);
        if (length == n && strncasecmp(at, name, n) == 0)
            return true;
        at = comma ? comma + 1 : NULL;
    }
    return false;
}

static bool add(struct text *names, const char *name, size_t n)
{
    if (has(names, name, n))
        return true;
    if (names->length + 1 + n > PLACEHOLDERS_MAX)
        return false;
    if (names->length > 0)
        text_append_char(names, ',');
    text_append_n(names, name, n);
    return true;
}

bool placeholders_of_set(struct text *names, const char *at, const char *end)
{
    const char *behind = skip_name(at, end);
    const char *next = skip_blanks(behind, end);
    bool is_to = end - next > 2 && next > behind && strncasecmp(next, "to", 2) == 0 && !is_of_name(next[2]);
    return next < end && (*next == '=' || is_to) && add(names, at, (size_t)(behind - at));
}

/* Behind a quoted string or name; NULL: it does not end here, or has a backslash, which may mean something. */
static const char *skip_quoted(const char *at, const char *end)
{
    const char quote = *at++;
    while (at < end && *at && *at != '\\')
        if (*at++ == quote)
            return at; /* a doubled quote begins the next string */
    return NULL;
}

/* To the comma or the parenthesis that ends an argument; NULL: what stands there is not read. */
static const char *skip_argument(const char *at, const char *end)
{
    unsigned depth = 0;
    while (at && at < end && *at) {
        bool two = end - at > 1;
        if (depth == 0 && (*at == ',' || *at == ')'))
            return at;
        if ((two && (strncmp(at, "--", 2) == 0 || strncmp(at, "/*", 2) == 0)) ||
            (*at == '$' && !(two && is_digit(at[1]))))
            return NULL;
        if (*at == '(' || *at == '[')
            depth++;
        else if (*at == ')' || *at == ']')
            depth--;
        at = *at == '\'' || *at == '"' ? skip_quoted(at, end) : at + 1;
    }
    return NULL;
}

/* The name of a setting, of n bytes, in quotes. NULL: it is something else. */
static const char *literal(const char *at, const char *end, size_t *n)
{
    const char *name = at + 1;
    const char *behind = at < end && *at == '\'' ? skip_name(name, end) : NULL;
    if (!behind || behind == end || *behind != '\'')
        return NULL;
    *n = (size_t)(behind - name);
    behind = skip_blanks(behind + 1, end);
    return behind < end && (*behind == ',' || *behind == ':') ? name : NULL;
}

static bool is_true(const char *at, const char *end)
{
    while (end > at && is_blank(end[-1]))
        end--;
    return end - at == 4 && strncasecmp(at, "true", 4) == 0;
}

bool placeholders_of_call(struct text *names, const char *at, const char *end)
{
    size_t n;
    at = skip_blanks(at, end);
    if (at == end || *at != '(')
        return false;
    at = skip_blanks(at + 1, end);
    const char *name = literal(at, end, &n);
    if (name)
        return !memchr(name, '.', n) || add(names, name, n);
    for (int i = 0; i < 2; i++) {
        at = skip_argument(at, end);
        if (!at || *at != ',')
            return false;
        at++;
    }
    at = skip_blanks(at, end);
    const char *behind = skip_argument(at, end);
    return behind && *behind == ')' && is_true(at, behind);
}
