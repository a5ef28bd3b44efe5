/*
 * The words of an SQL file as psql and the server see them: one pass over the bytes, no tree, nothing refused. Tokens
 * keep the bytes where they stand. What is not closed goes to the end of the text.
 */
#ifndef SEGUE_POSTGRES_LINT_LEX_H
#define SEGUE_POSTGRES_LINT_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum lex_kind {
    LEX_END,
    LEX_WORD,   /* an identifier or keyword without quotes */
    LEX_QUOTED, /* "an identifier" */
    LEX_STRING, /* any kind of string, dollar quotes too */
    LEX_NUMBER,
    LEX_SIGN, /* one of ( ) [ ] , ; . : */
    LEX_OPERATOR,
    LEX_VARIABLE, /* of psql: :name, :'name', :"name" */
    LEX_META      /* a backslash, where psql begins a command of its own */
};

struct lex_token {
    size_t begin, end;
    enum lex_kind kind;
};

/* The token at byte *at or behind it; *at moves behind the token. Comments are passed over. */
struct lex_token lex_next(const char *text, size_t *at);

/* The comment that is opened among the blanks, comments and semicolons at a byte, and closed nowhere: where it begins; SIZE_MAX: none is. */
size_t lex_open_comment(const char *text, size_t at);

/* Whether the token is this word (in lower case), without quotes; or this sign or operator. */
bool lex_is(const char *text, const struct lex_token *token, const char *word);

#endif
