#include "postgres/lint/lex.h"

#include <stdint.h>
#include <string.h>

enum { DIGIT = 1, LETTER = 2, BLANK = 4, SIGN = 8, OPERATOR = 16 };

/* What each byte below 128 may be; 0 for quotes and for what belongs nowhere. Those above are parts of letters. */
static const unsigned char classes[128] = {
    [' '] = BLANK,    ['\t'] = BLANK,   ['\n'] = BLANK,   ['\r'] = BLANK,   ['\f'] = BLANK,
    ['\v'] = BLANK,   ['0'] = DIGIT,    ['1'] = DIGIT,    ['2'] = DIGIT,    ['3'] = DIGIT,
    ['4'] = DIGIT,    ['5'] = DIGIT,    ['6'] = DIGIT,    ['7'] = DIGIT,    ['8'] = DIGIT,
    ['9'] = DIGIT,    ['a'] = LETTER,   ['b'] = LETTER,   ['c'] = LETTER,   ['d'] = LETTER,
    ['e'] = LETTER,   ['f'] = LETTER,   ['g'] = LETTER,   ['h'] = LETTER,   ['i'] = LETTER,
    ['j'] = LETTER,   ['k'] = LETTER,   ['l'] = LETTER,   ['m'] = LETTER,   ['n'] = LETTER,
    ['o'] = LETTER,   ['p'] = LETTER,   ['q'] = LETTER,   ['r'] = LETTER,   ['s'] = LETTER,
    ['t'] = LETTER,   ['u'] = LETTER,   ['v'] = LETTER,   ['w'] = LETTER,   ['x'] = LETTER,
    ['y'] = LETTER,   ['z'] = LETTER,   ['A'] = LETTER,   ['B'] = LETTER,   ['C'] = LETTER,
    ['D'] = LETTER,   ['E'] = LETTER,   ['F'] = LETTER,   ['G'] = LETTER,   ['H'] = LETTER,
    ['I'] = LETTER,   ['J'] = LETTER,   ['K'] = LETTER,   ['L'] = LETTER,   ['M'] = LETTER,
    ['N'] = LETTER,   ['O'] = LETTER,   ['P'] = LETTER,   ['Q'] = LETTER,   ['R'] = LETTER,
    ['S'] = LETTER,   ['T'] = LETTER,   ['U'] = LETTER,   ['V'] = LETTER,   ['W'] = LETTER,
    ['X'] = LETTER,   ['Y'] = LETTER,   ['Z'] = LETTER,   ['_'] = LETTER,   ['('] = SIGN,
    [')'] = SIGN,     ['['] = SIGN,     [']'] = SIGN,     [','] = SIGN,     [';'] = SIGN,
    ['.'] = SIGN,     [':'] = SIGN,     ['+'] = OPERATOR, ['-'] = OPERATOR, ['*'] = OPERATOR,
    ['/'] = OPERATOR, ['<'] = OPERATOR, ['>'] = OPERATOR, ['='] = OPERATOR, ['~'] = OPERATOR,
    ['!'] = OPERATOR, ['@'] = OPERATOR, ['#'] = OPERATOR, ['%'] = OPERATOR, ['^'] = OPERATOR,
    ['&'] = OPERATOR, ['|'] = OPERATOR, ['`'] = OPERATOR, ['?'] = OPERATOR,
};

static bool is(char c, int class)
{
    unsigned char byte = (unsigned char)c;
    return ((byte < 128 ? classes[byte] : LETTER) & class) != 0;
}

static bool word_byte(char c)
{
    return is(c, LETTER | DIGIT) || c == '$';
}

/* Behind the mark that closes the string at `at`; a doubled mark is one of the string. */
static size_t behind_quoted(const char *text, size_t at, bool backslashes)
{
    char mark = text[at++];
    for (; text[at]; at++) {
        if (backslashes && text[at] == '\\' && text[at + 1])
            at++;
        else if (text[at] == mark && text[at + 1] != mark)
            return at + 1;
        else if (text[at] == mark)
            at++;
    }
    return at;
}

static size_t behind_block_comment(const char *text, size_t at, bool *closed)
{
    int depth = 0;
    *closed = true;
    for (; text[at]; at++) {
        if (text[at] == '/' && text[at + 1] == '*') {
            depth++;
            at++;
        } else if (text[at] == '*' && text[at + 1] == '/') {
            at++;
            if (--depth == 0)
                return at + 1;
        }
    }
    *closed = false;
    return at;
}

/* Behind a dollar-quoted string at `at`; `at` when the dollar sign opens none. */
static size_t behind_dollars(const char *text, size_t at)
{
    size_t tag = at + 1;
    if (is(text[tag], DIGIT))
        return at;
    while (is(text[tag], LETTER | DIGIT))
        tag++;
    if (text[tag] != '$')
        return at;
    size_t length = tag + 1 - at;
    for (const char *c = text + tag + 1; (c = strchr(c, '$')); c++) {
        if (strncmp(c, text + at, length) == 0)
            return (size_t)(c - text) + length;
    }
    return strlen(text);
}

static size_t behind_blanks(const char *text, size_t at, size_t *open)
{
    for (;;) {
        bool closed = true;
        while (is(text[at], BLANK))
            at++;
        size_t begin = at;
        if (text[at] == '-' && text[at + 1] == '-')
            at += strcspn(text + at, "\n");
        else if (text[at] == '/' && text[at + 1] == '*')
            at = behind_block_comment(text, at, &closed);
        else
            return at;
        if (!closed) {
            *open = begin;
            return at;
        }
    }
}

size_t lex_open_comment(const char *text, size_t at)
{
    size_t open = SIZE_MAX;
    do
        at = behind_blanks(text, at, &open);
    while (text[at++] == ';');
    return open;
}

/* A number with a dot or an exponent is one token; the sign before it is not part of it. */
static size_t behind_number(const char *text, size_t at)
{
    while (word_byte(text[at]) || (text[at] == '.' && text[at + 1] != '.') ||
           (strchr("+-", text[at]) && text[at] && (text[at - 1] | 0x20) == 'e' && is(text[at + 1], DIGIT)))
        at++;
    return at;
}

/* An operator ends where a comment begins. */
static size_t behind_operator(const char *text, size_t at)
{
    size_t begin = at;
    while (is(text[at], OPERATOR)) {
        bool comment = (text[at] == '-' && text[at + 1] == '-') || (text[at] == '/' && text[at + 1] == '*');
        if (comment && at > begin)
            break;
        at++;
    }
    return at;
}

/* A word, or a string with a letter before it: E'', B'', X'', N'', U&''. */
static struct lex_token word(const char *text, size_t at)
{
    size_t begin = at;
    char first = (char)(text[at] | 0x20);
    if (text[at + 1] == '\'' && strchr("ebxn", first))
        return (struct lex_token){begin, behind_quoted(text, at + 1, first == 'e'), LEX_STRING};
    if (first == 'u' && text[at + 1] == '&' && (text[at + 2] == '\'' || text[at + 2] == '"'))
        return (struct lex_token){begin, behind_quoted(text, at + 2, false),
                                  text[at + 2] == '"' ? LEX_QUOTED : LEX_STRING};
    while (word_byte(text[at]))
        at++;
    return (struct lex_token){begin, at, LEX_WORD};
}

/* A colon: a cast, an assignment, a variable of psql, or a slice of an array. */
static struct lex_token colon(const char *text, size_t at)
{
    char next = text[at + 1];
    if (next == ':' || next == '=')
        return (struct lex_token){at, at + 2, LEX_OPERATOR};
    if (next == '\'' || next == '"')
        return (struct lex_token){at, behind_quoted(text, at + 1, false), LEX_VARIABLE};
    if (!is(next, LETTER))
        return (struct lex_token){at, at + 1, LEX_SIGN};
    size_t end = at + 1;
    while (word_byte(text[end]))
        end++;
    return (struct lex_token){at, end, LEX_VARIABLE};
}

static struct lex_token other(const char *text, size_t at)
{
    size_t end = at + 1;
    switch (text[at]) {
    case '\'': return (struct lex_token){at, behind_quoted(text, at, false), LEX_STRING};
    case '"': return (struct lex_token){at, behind_quoted(text, at, false), LEX_QUOTED};
    case '\\': return (struct lex_token){at, end, LEX_META};
    case '$': end = behind_dollars(text, at); break;
    default: return (struct lex_token){at, end, LEX_OPERATOR};
    }
    if (end > at)
        return (struct lex_token){at, end, LEX_STRING};
    end = at + 1;
    while (is(text[end], DIGIT))
        end++;
    return (struct lex_token){at, end, LEX_NUMBER}; /* $1, a parameter */
}

static struct lex_token token_at(const char *text, size_t at)
{
    char c = text[at];
    if (!c)
        return (struct lex_token){at, at, LEX_END};
    if (is(c, LETTER))
        return word(text, at);
    if (is(c, DIGIT) || (c == '.' && is(text[at + 1], DIGIT)))
        return (struct lex_token){at, behind_number(text, at + 1), LEX_NUMBER};
    if (c == ':')
        return colon(text, at);
    if (is(c, SIGN))
        return (struct lex_token){at, at + 1, LEX_SIGN};
    if (is(c, OPERATOR))
        return (struct lex_token){at, behind_operator(text, at), LEX_OPERATOR};
    return other(text, at);
}

struct lex_token lex_next(const char *text, size_t *at)
{
    size_t open;
    struct lex_token token = token_at(text, behind_blanks(text, *at, &open));
    *at = token.end;
    return token;
}

bool lex_is(const char *text, const struct lex_token *token, const char *word)
{
    if (token->kind != LEX_WORD && token->kind != LEX_SIGN && token->kind != LEX_OPERATOR)
        return false;
    const char *c = text + token->begin;
    size_t length = token->end - token->begin;
    for (size_t i = 0; i < length; i++) {
        char folded = c[i] >= 'A' && c[i] <= 'Z' ? (char)(c[i] | 0x20) : c[i];
        if (folded != word[i]) /* also where the word ends */
            return false;
    }
    return word[length] == '\0';
}
