/*
 * A statement without its values. What is kept of a client's statements may be read by whoever may read the state, so nothing of a value may be left in it: constants
 * become $n, comments (which programs fill with names of users and traces) go, and what changes roles or settings is not kept at all. A text in which a quoted
 * constant is left over is not kept either, whatever the reason.
 */

#include <pg_query.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "postgres/compare.h"
#include "postgres/parse.h"

static bool reads_or_writes_rows(const PgQuery__Node *tree)
{
    switch (tree->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT: return true;
    default: return false;
    }
}

/* 'a', E'a', U&'a', $$a$$; neither "a" nor $1. */
static bool is_quoted_constant(const char *token, size_t n)
{
    if (token[0] == '"' || (n > 2 && token[2] == '"'))
        return false;
    if (token[0] == '$')
        return n > 1 && (token[1] < '0' || token[1] > '9');
    return memchr(token, '\'', n) != NULL;
}

/* The tokens with one space where there was anything between them, without the semicolon at the end. False: a value is left among them. */
static bool fold(const struct parse_text *text, struct text *out)
{
    size_t n = text->n;
    while (n > 0 && parse_token_is(text, n - 1, ";"))
        n--;
    for (size_t i = 0; i < n; i++) {
        const struct parse_token *token = &text->tokens[i];
        if (is_quoted_constant(text->text + token->begin, token->end - token->begin))
            return false;
        if (i > 0 && token->begin > text->tokens[i - 1].end)
            text_append_char(out, ' ');
        text_append_n(out, text->text + token->begin, token->end - token->begin);
    }
    return true;
}

static bool without_values(const char *text, struct arena *arena, struct normal *out)
{
    SEGUE_CLEANUP(text_free) struct text folded = {0};
    struct parse_text tokens;
    struct parse_fault fault;
    PgQueryNormalizeResult result = pg_query_normalize(text);
    bool good = !result.error && parse_tokens(arena, result.normalized_query, &tokens, &fault) &&
                fold(&tokens, &folded);
    if (good)
        out->text = arena_strdup(arena, text_string(&folded));
    pg_query_free_normalize_result(result);
    return good;
}

void pg_normalise(const char *text, struct arena *arena, struct normal *out)
{
    PgQuery__Node *tree;
    struct parse_fault fault;
    *out = (struct normal){0};
    if (!parse_statement(arena, text, &tree, &fault)) {
        out->why_not = "cannot be read";
        return;
    }
    if (!reads_or_writes_rows(tree)) {
        out->why_not = "neither reads nor writes rows";
        return;
    }
    PgQueryFingerprintResult fingerprint = pg_query_fingerprint(text);
    if (fingerprint.error || !without_values(text, arena, out))
        out->why_not = "its values cannot be taken out";
    else
        (void)snprintf(out->fingerprint, sizeof out->fingerprint, "%s", fingerprint.fingerprint_str);
    pg_query_free_fingerprint_result(fingerprint);
}
