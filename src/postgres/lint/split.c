#include "postgres/lint/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/must.h"

void split_begin(struct split *split, const char *text)
{
    *split = (struct split){.text = text};
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        split->at = split->behind = 3;
}

void split_end(struct split *split)
{
    free(split->tokens);
    *split = (struct split){0};
}

static void push(struct split *split, struct lex_token token)
{
    if (split->n + 1 >= split->room) {
        split->room = split->room ? split->room * 2 : 64;
        split->tokens = memory_resize(split->tokens, split->room * sizeof *split->tokens);
    }
    split->tokens[split->n] = token;
}

static bool is(const struct split *split, size_t i, const char *word)
{
    return i < split->n && lex_is(split->text, &split->tokens[i], word);
}

/* Passes over a command of psql's at the backslash; whether it sends what was typed so far. */
static bool pass_meta(struct split *split, size_t backslash)
{
    static const char *const sending[] = {"g",    "gx",    "gset", "gexec",        "gdesc",
                                          "bind", "watch", ";",    "crosstabview", "parse"};
    const char *word = split->text + backslash + 1;
    size_t length = strcspn(word, " \t\r\n\\(;");
    if (*word == ';')
        length = 1;
    bool sends = false;
    for (size_t i = 0; i < SEGUE_COUNT(sending); i++)
        sends = sends || (strlen(sending[i]) == length && strncmp(sending[i], word, length) == 0);
    split->at = *word == ';' ? backslash + 2 : backslash + strcspn(split->text + backslash, "\n");
    return sends;
}

/* Rows of a COPY begin on the line behind the statement's and end with a line that is \. alone. */
static void pass_rows(struct split *split)
{
    const char *line = strchr(split->text + split->at, '\n');
    while (line) {
        line++;
        const char *end = line + strcspn(line, "\n");
        size_t length = (size_t)(end - line);
        if (length && line[length - 1] == '\r')
            length--;
        if (length == 2 && strncmp(line, "\\.", 2) == 0) {
            split->at = (size_t)(end - split->text);
            return;
        }
        line = *end ? end : NULL;
    }
    split->open_copy = true;
    split->at += strlen(split->text + split->at);
}

static bool copies_from_stdin(const struct split *split)
{
    if (!is(split, 0, "copy"))
        return false;
    for (size_t i = 1; i + 1 < split->n; i++) {
        if (is(split, i, "from") && is(split, i + 1, "stdin"))
            return true;
    }
    return false;
}

/* Where we are in what may hold semicolons that end nothing. */
struct nesting {
    int parentheses, body;
    size_t inner,
        inner_at; /* the first such semicolon: how many tokens stand before it, and the byte behind; 0: none */
};

static void nest(const struct split *split, struct nesting *nesting)
{
    size_t last = split->n - 1;
    const struct lex_token *token = &split->tokens[last];
    if (token->kind == LEX_SIGN) {
        if (split->text[token->begin] == '(')
            nesting->parentheses++;
        else if (split->text[token->begin] == ')' && nesting->parentheses > 0)
            nesting->parentheses--;
    } else if (token->kind == LEX_WORD) {
        if (is(split, last, "atomic") && last > 0 && is(split, last - 1, "begin"))
            nesting->body++;
        else if (nesting->body > 0 && is(split, last, "case"))
            nesting->body++;
        else if (nesting->body > 0 && is(split, last, "end"))
            nesting->body--;
    }
}

/* Takes a token into the statement; whether the statement ends with it. */
static bool take(struct split *split, const struct lex_token *token, struct nesting *nesting)
{
    switch (token->kind) {
    case LEX_META: split->interrupted = split->n > 0; return pass_meta(split, token->begin);
    case LEX_VARIABLE: split->interrupted = true; break;
    default: break;
    }
    if (token->kind == LEX_SIGN && split->text[token->begin] == ';') {
        if (split->loose || (nesting->parentheses == 0 && nesting->body == 0))
            return true;
        if (!nesting->inner_at) {
            nesting->inner = split->n;
            nesting->inner_at = token->end;
        }
    }
    push(split, *token);
    split->n++;
    nest(split, nesting);
    return false;
}

/* A parenthesis that is never closed must not make the rest of the file one statement. Looked for once, so that no file is read
 * again and again. */
static void recover(struct split *split, const struct nesting *nesting)
{
    if (split->loose || !nesting->inner_at || (nesting->parentheses == 0 && nesting->body == 0))
        return;
    split->loose = true;
    split->n = nesting->inner;
    split->at = nesting->inner_at;
}

bool split_next(struct split *split)
{
    do {
        struct nesting nesting = {0};
        split->n = 0;
        split->interrupted = false;
        for (;;) {
            struct lex_token token = lex_next(split->text, &split->at);
            if (token.kind == LEX_END)
                recover(split, &nesting);
            if (token.kind == LEX_END || take(split, &token, &nesting))
                break;
        }
        if (copies_from_stdin(split)) {
            pass_rows(split);
            split->behind = split->at;
        } else if (split->n) {
            split->behind = split->tokens[split->n - 1].end;
        }
    } while (split->n == 0 && split->text[split->at]);
    if (split->n == 0)
        return false;
    split->begin = split->tokens[0].begin;
    split->end = split->tokens[split->n - 1].end;
    push(split, (struct lex_token){split->end, split->end, LEX_END});
    return true;
}
