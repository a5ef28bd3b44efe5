/*
 * The tokens of one statement, read from left to right. What is asked and is not there is no fault: the server's grammar has
 * had its say before (judge.h), and a form that nobody here knows leaves an action of kind LINT_OTHER.
 */
#ifndef SEGUE_POSTGRES_LINT_SQL_H
#define SEGUE_POSTGRES_LINT_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "lint/model.h"
#include "postgres/lint/lex.h"

struct sql {
    struct arena *arena;
    const char *text;
    const struct lex_token *tokens; /* the one at `last` is there and ends the list */
    size_t at, last;
};

/* Whether the next token, or the one `ahead` behind it, is the word. */
bool sql_is(const struct sql *sql, const char *word);
bool sql_ahead(const struct sql *sql, size_t ahead, const char *word);
/* Whether the statement ends with NO DATA. */
bool sql_has_no_data(const struct sql *sql);
bool sql_ended(const struct sql *sql);
/* Takes the word if it is next. */
bool sql_take(struct sql *sql, const char *word);
/* Takes words with blanks between if all of them come next. */
bool sql_takes(struct sql *sql, const char *words);
/* IF EXISTS and IF NOT EXISTS as flags. */
unsigned sql_take_if(struct sql *sql);
unsigned sql_take_cascade(struct sql *sql);
/* Moves to the first of the words that stands outside parentheses; false, and at the end, when none does. */
bool sql_find(struct sql *sql, const char *words);
/* Moves behind the token, and if it opens a parenthesis or bracket, behind the one that closes it. */
void sql_skip(struct sql *sql);
void sql_skip_to_end(struct sql *sql);

/* An identifier as the server folds it; NULL where none is next. */
const char *sql_identifier(struct sql *sql);
/* A name of up to three parts; .name is NULL where none is next. */
struct name sql_name(struct sql *sql);
/* A list in parentheses: identifiers, with NULL for an expression. Each may be followed by anything. */
void sql_columns(struct sql *sql, const char ***out, size_t *n);
/* A type as the server prints it, its modifiers included; NULL where none is next. */
const char *sql_type(struct sql *sql);
/* The tables behind FROM and JOIN up to the end, those in parentheses too. */
void sql_sources(struct sql *sql, struct name **out, size_t *n);
/* The value of a string token without quotes, or of a word or number as it stands. */
const char *sql_value(struct sql *sql);

/* The bytes of tokens [from, now). */
struct lint_slice sql_slice(const struct sql *sql, size_t from);
/* The parts of a list that commas divide, outside parentheses, each as a cursor of its own. */
bool sql_part(struct sql *list, struct sql *part);
/* What stands in the parenthesis that is next, as a cursor of its own; moves behind it. */
bool sql_inside(struct sql *sql, struct sql *inside);

#endif
