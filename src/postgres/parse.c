#include "postgres/parse.h"

#include <pg_query.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* libpg_query and protobuf-c walk a tree by recursion without a limit of their own: 4,500 minus signs in a row overflow a
 * stack of 8 MB. Half of that is more than any statement needs. */
enum { DEPTH_LIMIT = 2000 };

bool parse_fail(struct parse_fault *fault, size_t offset, const char *format, ...)
{
    va_list args;
    fault->offset = offset;
    va_start(args, format);
    (void)vsnprintf(fault->message, sizeof fault->message, format, args);
    va_end(args);
    /* The server quotes the text from the fault to its end, line breaks and all. */
    for (char *c = fault->message; *c; c++) {
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
    }
    return false;
}

size_t parse_byte_offset(const char *text, int position)
{
    size_t at = 0;
    for (int i = 1; i < position && text[at]; i++) {
        at++;
        while (((unsigned char)text[at] & 0xC0) == 0x80)
            at++;
    }
    return at;
}

static bool fail_with(struct parse_fault *fault, const char *text, const PgQueryError *error)
{
    return parse_fail(fault, parse_byte_offset(text, error->cursorpos), "%s", error->message);
}

static void *arena_allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

/* What protobuf gives back stays in the arena until that goes. */
static void arena_release(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

static ProtobufCAllocator allocator_of(struct arena *arena)
{
    return (ProtobufCAllocator){.alloc = arena_allocate, .free = arena_release, .allocator_data = arena};
}

static void collect_tokens(struct arena *arena, const PgQuery__ScanResult *scan, struct parse_text *out)
{
    for (size_t i = 0; i < scan->n_tokens; i++) {
        const PgQuery__ScanToken *token = scan->tokens[i];
        if (token->token == PG_QUERY__TOKEN__SQL_COMMENT || token->token == PG_QUERY__TOKEN__C_COMMENT)
            continue;
        struct parse_token found = {
            .begin = (size_t)token->start,
            .end = (size_t)token->end,
            .keyword = token->keyword_kind != PG_QUERY__KEYWORD_KIND__NO_KEYWORD,
        };
        ARENA_PUSH(arena, out->tokens, out->n, found);
    }
}

bool parse_tokens(struct arena *arena, const char *text, struct parse_text *out, struct parse_fault *fault)
{
    *out = (struct parse_text){.text = text};
    PgQueryScanResult result = pg_query_scan(text);
    bool ok = !result.error;
    if (!ok)
        (void)fail_with(fault, text, result.error);
    PgQuery__ScanResult *scan = NULL;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    if (ok) {
        ProtobufCAllocator allocator = allocator_of(scratch);
        scan = pg_query__scan_result__unpack(&allocator, result.pbuf.len, (const uint8_t *)result.pbuf.data);
    }
    pg_query_free_scan_result(result);
    if (!ok)
        return false;
    if (!scan)
        return parse_fail(fault, 0, "the tokens could not be read");
    collect_tokens(arena, scan, out);
    return true;
}

bool parse_token_is(const struct parse_text *text, size_t i, const char *word)
{
    if (i >= text->n)
        return false;
    const struct parse_token *token = &text->tokens[i];
    size_t length = strlen(word);
    if (token->end - token->begin != length || strncasecmp(text->text + token->begin, word, length) != 0)
        return false;
    bool sign = word[0] < 'a' || word[0] > 'z';
    return sign || token->keyword;
}

size_t parse_token_at(const struct parse_text *text, size_t offset)
{
    size_t low = 0;
    size_t high = text->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text->tokens[middle].begin < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t parse_token_closing(const struct parse_text *text, size_t open)
{
    int depth = 0;
    for (size_t i = open; i < text->n; i++) {
        if (parse_token_is(text, i, "(") || parse_token_is(text, i, "["))
            depth++;
        else if ((parse_token_is(text, i, ")") || parse_token_is(text, i, "]")) && --depth == 0)
            return i;
    }
    return text->n;
}

/* How deep token i leaves us in a body BEGIN ATOMIC … END, whose semicolons end no statement of the file; CASE has an END too. */
static int body_depth(const struct parse_text *text, size_t i, int depth)
{
    if (parse_token_is(text, i, "atomic") && i > 0 && parse_token_is(text, i - 1, "begin"))
        return depth + 1;
    if (depth > 0 && parse_token_is(text, i, "case"))
        return depth + 1;
    return depth > 0 && parse_token_is(text, i, "end") ? depth - 1 : depth;
}

bool parse_split(struct arena *arena, const char *content, struct parse_slice **out, size_t *n,
                 struct parse_fault *fault)
{
    struct parse_text text;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    *out = NULL;
    *n = 0;
    if (!parse_tokens(scratch, content, &text, fault))
        return false;
    int depth = 0;
    int body = 0;
    size_t first = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (parse_token_is(&text, i, "("))
            depth++;
        else if (parse_token_is(&text, i, ")") && depth > 0)
            depth--;
        body = body_depth(&text, i, body);
        bool ends = i == text.n || (depth == 0 && body == 0 && parse_token_is(&text, i, ";"));
        if (!ends)
            continue;
        if (i > first) {
            struct parse_slice slice = {.begin = text.tokens[first].begin, .end = text.tokens[i - 1].end};
            ARENA_PUSH(arena, *out, *n, slice);
        }
        first = i + 1;
    }
    return true;
}

static bool unpack(struct arena *arena, const char *text, PgQuery__ParseResult **out,
                   struct parse_fault *fault)
{
    PgQueryProtobufParseResult result = pg_query_parse_protobuf(text);
    bool ok = !result.error;
    if (!ok)
        (void)fail_with(fault, text, result.error);
    *out = NULL;
    if (ok) {
        ProtobufCAllocator allocator = allocator_of(arena);
        *out = pg_query__parse_result__unpack(&allocator, result.parse_tree.len,
                                              (const uint8_t *)result.parse_tree.data);
    }
    pg_query_free_protobuf_parse_result(result);
    if (ok && !*out)
        return parse_fail(fault, 0, "the parse tree could not be read");
    return ok;
}

/* A tree is no deeper than the words between two commas, counted in all the parentheses that are open at a time. */
struct depth {
    size_t *words; /* since the last comma, for each open parenthesis */
    size_t n;
    size_t sum;
};

static void count_token(struct arena *arena, struct depth *depth, const struct parse_text *text, size_t i)
{
    size_t *last = &depth->words[depth->n - 1];
    if (parse_token_is(text, i, ",")) {
        depth->sum -= *last;
        *last = 0;
    } else if (parse_token_is(text, i, ")") && depth->n > 1) {
        depth->sum -= *last;
        depth->n--;
    } else {
        (*last)++;
        depth->sum++;
        if (parse_token_is(text, i, "(")) {
            size_t none = 0;
            ARENA_PUSH(arena, depth->words, depth->n, none);
        }
    }
}

/* The first token that may be nested too deeply; text->n when none is. */
static size_t too_deep(struct arena *arena, const struct parse_text *text)
{
    struct depth depth = {0};
    size_t none = 0;
    ARENA_PUSH(arena, depth.words, depth.n, none);
    for (size_t i = 0; i < text->n; i++) {
        count_token(arena, &depth, text, i);
        if (depth.sum > DEPTH_LIMIT)
            return i;
    }
    return text->n;
}

bool parse_statement(struct arena *arena, const char *text, PgQuery__Node **out, struct parse_fault *fault)
{
    struct parse_text tokens;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    PgQuery__ParseResult *result;
    if (!parse_tokens(scratch, text, &tokens, fault))
        return false;
    size_t deep = too_deep(scratch, &tokens);
    if (deep < tokens.n)
        return parse_fail(fault, tokens.tokens[deep].begin, "more than %d words without a comma",
                          DEPTH_LIMIT);
    if (!unpack(arena, text, &result, fault))
        return false;
    if (result->n_stmts != 1 || !result->stmts[0]->stmt)
        return parse_fail(fault, 0, "one statement was expected, not %zu", result->n_stmts);
    *out = result->stmts[0]->stmt;
    return true;
}
