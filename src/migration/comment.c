#include "migration/comment.h"

#include <string.h>

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || ((unsigned char)c & 0x80);
}

/* Behind the closing mark of a string or quoted identifier that opens at `at`. A doubled mark reads as an end and a new
 * beginning, which comes to the same. */
static size_t skip_quoted(const char *content, size_t at, bool backslashes)
{
    char mark = content[at++];
    while (content[at] && content[at] != mark) {
        if (backslashes && content[at] == '\\' && content[at + 1])
            at++;
        at++;
    }
    return content[at] ? at + 1 : at;
}

static size_t skip_block_comment(const char *content, size_t at)
{
    int depth = 0;
    while (content[at]) {
        if (strncmp(content + at, "/*", 2) == 0) {
            depth++;
            at += 2;
        } else if (strncmp(content + at, "*/", 2) == 0) {
            depth--;
            at += 2;
            if (depth == 0)
                return at;
        } else {
            at++;
        }
    }
    return at;
}

/* Behind a dollar-quoted string that opens at `at`; `at` + 1 when the dollar sign opens none. */
static size_t skip_dollar_quoted(const char *content, size_t at)
{
    size_t tag = at + 1;
    if (content[tag] >= '0' && content[tag] <= '9')
        return tag;
    while (word_byte(content[tag]) && content[tag] != '$')
        tag++;
    if (content[tag] != '$')
        return at + 1;
    size_t length = tag + 1 - at;
    for (size_t i = tag + 1; content[i]; i++) {
        if (strncmp(content + i, content + at, length) == 0)
            return i + length;
    }
    return strlen(content);
}

/* Whether the quote at `at` opens a string with backslash escapes: E'…', where E is a word of its own. */
static bool escapes_at(const char *content, size_t at)
{
    if (at == 0 || (content[at - 1] | 0x20) != 'e')
        return false;
    return at == 1 || !word_byte(content[at - 2]);
}

/* Whether a byte opens something that may hold two dashes; *end is behind it. */
static bool skip_opaque(const char *content, size_t at, size_t *end)
{
    char c = content[at];
    if (c == '\'')
        *end = skip_quoted(content, at, escapes_at(content, at));
    else if (c == '"')
        *end = skip_quoted(content, at, false);
    else if (c == '/' && content[at + 1] == '*')
        *end = skip_block_comment(content, at);
    else if (c == '$' && (at == 0 || !word_byte(content[at - 1])))
        *end = skip_dollar_quoted(content, at);
    else
        return false;
    return true;
}

void comment_find(struct arena *arena, const char *content, struct comment **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    bool alone = true;
    size_t at = 0;
    while (content[at]) {
        size_t end;
        if (content[at] == '-' && content[at + 1] == '-') {
            struct comment comment = {.begin = at, .end = at + strcspn(content + at, "\r\n"), .alone = alone};
            ARENA_PUSH(arena, *out, *n, comment);
            at = comment.end;
        } else if (skip_opaque(content, at, &end)) {
            alone = false;
            at = end;
        } else {
            if (content[at] == '\n')
                alone = true;
            else if (!strchr(" \t\r\f\v", content[at]))
                alone = false;
            at++;
        }
    }
}
