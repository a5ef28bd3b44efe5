/*
 * A file of SQL as its statements, one at a time. What psql would not send to the server is passed over: commands that begin with a
 * backslash, the rows behind COPY … FROM stdin. Semicolons in parentheses and in a body BEGIN ATOMIC … END end nothing.
 */
#ifndef SEGUE_POSTGRES_LINT_SPLIT_H
#define SEGUE_POSTGRES_LINT_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "postgres/lint/lex.h"

/* A place in a file, and room for the tokens of one statement, used again for each. */
struct split {
    const char *text;
    size_t at;
    struct lex_token *tokens; /* of the statement; one more is LEX_END */
    size_t n, room;
    size_t begin, end; /* of the statement: its first token's first byte, behind its last one */
    bool interrupted;  /* a command of psql, or a variable, stands in it */
    bool loose;        /* parentheses that are not closed have been met: they protect no semicolon any more */
    bool open_copy;    /* the rows of a COPY go to the end of the file */
    size_t behind;     /* where nothing but blanks and comments can stand before the next statement */
};

void split_begin(struct split *split, const char *text);
void split_end(struct split *split);
/* The next statement; false at the end of the file. */
bool split_next(struct split *split);

#endif
