#include "postgres/lint/judge.h"

#include <pg_query.h>
#include <string.h>

#include "postgres/parse.h"

/* Asks the grammar. The message is in the arena, NULL when there is nothing to say. */
static const char *refusal(struct arena *arena, const char *text, size_t *at)
{
    const char *message = NULL;
    PgQuerySplitResult result = pg_query_split_with_parser(text);
    if (result.error) {
        struct parse_fault fault;
        *at = parse_byte_offset(text, result.error->cursorpos);
        (void)parse_fail(&fault, *at, "%s", result.error->message);
        message = arena_strdup(arena, fault.message);
    }
    pg_query_free_split_result(result);
    return message;
}

/* Variables of psql become what may stand in their place: a string, or a name as long. Commands of psql become blanks. */
static void without_psql(const struct sql *sql, char *copy)
{
    size_t base = sql->tokens[0].begin;
    size_t end = base;
    for (size_t i = 0; i < sql->last; i++) {
        const struct lex_token *token = &sql->tokens[i];
        memset(copy + end - base, ' ', token->begin - end); /* comments too */
        end = token->end;
        if (token->kind != LEX_VARIABLE)
            continue;
        char *first = copy + token->begin - base;
        *first = first[1] == '\'' || first[1] == '"' ? ' ' : '_';
    }
}

void judge(const struct split *split, const struct sql *sql, struct lint_statement *statement)
{
    size_t at = 0;
    struct newer_form newest = {0};
    size_t begin = split->begin;
    char *copy = arena_strndup(sql->arena, split->text + begin, split->end - begin);
    const char *message = refusal(sql->arena, copy, &at);
    /* A colon may also be the one of an array's slice, which is no variable. */
    if (message && split->interrupted) {
        without_psql(sql, copy);
        message = refusal(sql->arena, copy, &at);
    }
    if (!message)
        return;
    if (newer_replace(sql, copy, &newest)) {
        statement->since = newest.since;
        statement->since_words = newest.words;
        statement->since_at = newest.at;
        message = refusal(sql->arena, copy, &at);
    }
    statement->unreadable = message;
    statement->unreadable_at = begin + (at < split->end - begin ? at : split->end - begin);
}

bool judge_newer(struct arena *arena, const char *text, struct newer_form *newest)
{
    struct split split;
    split_begin(&split, text);
    bool found = split_next(&split);
    if (found) {
        size_t at;
        const struct sql sql = {.arena = arena, .text = text, .tokens = split.tokens, .last = split.n};
        char *copy = arena_strndup(arena, text + split.begin, split.end - split.begin);
        *newest = (struct newer_form){0};
        found = newer_replace(&sql, copy, newest) && !refusal(arena, copy, &at);
    }
    split_end(&split);
    return found;
}
