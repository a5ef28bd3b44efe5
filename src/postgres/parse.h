/*
 * libpg_query behind one door: texts become tokens, statements and trees whose memory is in an arena, so that a tree can be
 * changed in place and never has to be freed. Offsets are bytes of the text that was given.
 */
#ifndef SEGUE_POSTGRES_PARSE_H
#define SEGUE_POSTGRES_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include <pg_query/pg_query.pb-c.h>

#include "base/arena.h"
#include "base/must.h"

/* Why a text does not parse, in the server's words, and where. */
struct parse_fault {
    size_t offset;
    char message[512];
};

/* Fills the fault; returns false. */
bool parse_fail(struct parse_fault *fault, size_t offset, const char *format, ...) SEGUE_PRINTF(3, 4);

/* The byte of the character at a position of the server's, which counts from 1. */
size_t parse_byte_offset(const char *text, int position);

struct parse_token {
    size_t begin, end;
    bool keyword; /* of any category; may still be an identifier where it stands */
};

/* A text with its tokens; comments are no tokens. */
struct parse_text {
    const char *text;
    struct parse_token *tokens;
    size_t n;
};

bool parse_tokens(struct arena *arena, const char *text, struct parse_text *out,
                  struct parse_fault *fault) SEGUE_MUST_CHECK;

/* Whether token i is there and is the word (lower case) as a keyword, or the sign. */
bool parse_token_is(const struct parse_text *text, size_t i, const char *word);
/* The first token that begins at the offset or later; text->n when there is none. */
size_t parse_token_at(const struct parse_text *text, size_t offset);
/* The token that closes the parenthesis or bracket at token `open`; text->n when it is not closed. */
size_t parse_token_closing(const struct parse_text *text, size_t open);

struct parse_slice {
    size_t begin, end;
};

/* The statements of a file by its semicolons; empty ones are left out. A slice begins with the statement's first token and
 * ends with its last one, without the semicolon. */
bool parse_split(struct arena *arena, const char *content, struct parse_slice **out, size_t *n,
                 struct parse_fault *fault) SEGUE_MUST_CHECK;

/* The tree of exactly one statement. */
bool parse_statement(struct arena *arena, const char *text, PgQuery__Node **out,
                     struct parse_fault *fault) SEGUE_MUST_CHECK;

#endif
