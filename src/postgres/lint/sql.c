#include "postgres/lint/sql.h"

#include <string.h>

bool sql_ahead(const struct sql *sql, size_t ahead, const char *word)
{
    return sql->at + ahead < sql->last && lex_is(sql->text, &sql->tokens[sql->at + ahead], word);
}

bool sql_is(const struct sql *sql, const char *word)
{
    return sql_ahead(sql, 0, word);
}

bool sql_has_no_data(const struct sql *sql)
{
    return sql->last > 2 && lex_is(sql->text, &sql->tokens[sql->last - 1], "data") &&
           lex_is(sql->text, &sql->tokens[sql->last - 2], "no");
}

bool sql_ended(const struct sql *sql)
{
    return sql->at >= sql->last;
}

bool sql_take(struct sql *sql, const char *word)
{
    if (!sql_is(sql, word))
        return false;
    sql->at++;
    return true;
}

/* The word of a list at *words, which moves behind it; "" at the end. */
static const char *next_word(const char **words, char *buffer, size_t size)
{
    *words += strspn(*words, " ");
    size_t length = strcspn(*words, " ");
    if (length >= size)
        length = size - 1;
    memcpy(buffer, *words, length);
    buffer[length] = '\0';
    *words += length;
    return buffer;
}

bool sql_takes(struct sql *sql, const char *words)
{
    char word[32];
    size_t begin = sql->at;
    while (*next_word(&words, word, sizeof word)) {
        if (!sql_take(sql, word)) {
            sql->at = begin;
            return false;
        }
    }
    return true;
}

unsigned sql_take_if(struct sql *sql)
{
    if (sql_takes(sql, "if exists"))
        return LINT_IF_EXISTS;
    return sql_takes(sql, "if not exists") ? LINT_IF_NOT_EXISTS : 0;
}

unsigned sql_take_cascade(struct sql *sql)
{
    (void)sql_take(sql, "restrict");
    return sql_take(sql, "cascade") ? LINT_CASCADE : 0;
}

static bool opens(const struct sql *sql, size_t i)
{
    const struct lex_token *token = &sql->tokens[i];
    return token->kind == LEX_SIGN && strchr("([", sql->text[token->begin]);
}

static bool closes(const struct sql *sql, size_t i)
{
    const struct lex_token *token = &sql->tokens[i];
    return token->kind == LEX_SIGN && strchr(")]", sql->text[token->begin]);
}

void sql_skip(struct sql *sql)
{
    int depth = 0;
    for (; sql->at < sql->last; sql->at++) {
        if (opens(sql, sql->at))
            depth++;
        else if (closes(sql, sql->at))
            depth--;
        if (depth <= 0)
            break;
    }
    if (sql->at < sql->last)
        sql->at++;
}

void sql_skip_to_end(struct sql *sql)
{
    sql->at = sql->last;
}

static bool is_among(const struct sql *sql, const char *words)
{
    char word[32];
    while (*next_word(&words, word, sizeof word)) {
        if (sql_is(sql, word))
            return true;
    }
    return false;
}

bool sql_find(struct sql *sql, const char *words)
{
    while (!sql_ended(sql)) {
        if (is_among(sql, words))
            return true;
        sql_skip(sql);
    }
    return false;
}

static const char *unquoted(const struct sql *sql, const struct lex_token *token, char mark)
{
    const char *from = memchr(sql->text + token->begin, mark, token->end - token->begin);
    if (!from)
        return "";
    size_t length = (size_t)(sql->text + token->end - from);
    char *out = arena_strndup(sql->arena, from, length);
    size_t n = 0;
    for (size_t i = 1; i < length && !(out[i] == mark && out[i + 1] != mark); i++) {
        if (out[i] == mark)
            i++;
        out[n++] = out[i];
    }
    out[n] = '\0';
    return out;
}

static const char *folded(const struct sql *sql, const struct lex_token *token)
{
    char *out = arena_strndup(sql->arena, sql->text + token->begin, token->end - token->begin);
    for (char *c = out; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    }
    return out;
}

const char *sql_identifier(struct sql *sql)
{
    if (sql_ended(sql))
        return NULL;
    const struct lex_token *token = &sql->tokens[sql->at];
    switch (token->kind) {
    case LEX_WORD: sql->at++; return folded(sql, token);
    case LEX_QUOTED: sql->at++; return unquoted(sql, token, '"');
    case LEX_VARIABLE:
        sql->at++;
        return arena_strndup(sql->arena, sql->text + token->begin, token->end - token->begin);
    default: return NULL;
    }
}

struct name sql_name(struct sql *sql)
{
    struct name name = {.name = sql_identifier(sql)};
    while (name.name && sql_take(sql, ".")) {
        name.schema = name.name;
        name.name = sql_identifier(sql);
    }
    /* The schema that everybody means who names none. */
    if (name.schema && strcmp(name.schema, "public") == 0)
        name.schema = NULL;
    return name;
}

struct lint_slice sql_slice(const struct sql *sql, size_t from)
{
    if (from >= sql->at)
        return (struct lint_slice){sql->tokens[from].begin, sql->tokens[from].begin};
    return (struct lint_slice){sql->tokens[from].begin, sql->tokens[sql->at - 1].end};
}

bool sql_part(struct sql *list, struct sql *part)
{
    if (sql_ended(list))
        return false;
    *part = *list;
    while (!sql_ended(list) && !sql_is(list, ","))
        sql_skip(list);
    part->last = list->at;
    (void)sql_take(list, ",");
    return true;
}

bool sql_inside(struct sql *sql, struct sql *inside)
{
    if (!sql_is(sql, "("))
        return false;
    *inside = *sql;
    inside->at++;
    sql_skip(sql);
    inside->last = sql->at > inside->at ? sql->at - 1 : inside->at;
    return true;
}

void sql_columns(struct sql *sql, const char ***out, size_t *n)
{
    struct sql inside, part;
    *out = NULL;
    *n = 0;
    if (!sql_inside(sql, &inside))
        return;
    while (sql_part(&inside, &part)) {
        const char *column = sql_identifier(&part);
        if (sql_is(&part, "(") || sql_is(&part, "."))
            column = NULL; /* an expression */
        ARENA_PUSH(sql->arena, *out, *n, column);
    }
}

void sql_sources(struct sql *sql, struct name **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    while (!sql_ended(sql)) {
        bool source = sql_is(sql, "from") || sql_is(sql, "join");
        sql->at++;
        if (!source || sql_is(sql, "("))
            continue;
        (void)sql_take(sql, "only");
        struct name name = sql_name(sql);
        if (name.name && !sql_is(sql, "("))
            ARENA_PUSH(sql->arena, *out, *n, name);
    }
}

const char *sql_value(struct sql *sql)
{
    if (sql_ended(sql))
        return NULL;
    const struct lex_token *token = &sql->tokens[sql->at++];
    if (token->kind == LEX_STRING)
        return unquoted(sql, token, '\'');
    return folded(sql, token);
}
