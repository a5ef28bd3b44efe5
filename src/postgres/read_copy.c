/* copy and back: "a = expr, b = expr where condition key (a, b)", taken apart by its tokens. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "migration/annotation.h"
#include "migration/place.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

/* The annotation's text under way. */
struct copy {
    struct reader *reader;
    struct annotation *annotation;
    struct parse_text text;
    size_t at; /* the next token */
};

static struct place place_of(const struct copy *copy, size_t offset)
{
    return place_at(copy->reader->migration->content, copy->annotation->expr_offset + offset);
}

static bool SEGUE_PRINTF(3, 4) fail(const struct copy *copy, size_t offset, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    struct error *err = copy->reader->err;
    const struct annotation *a = copy->annotation;
    error_set(err, ERROR_REFUSED, "%s", message);
    error_hint(err, "write: -- segue: %s %s from %s: column = expression, … [where condition] key (columns)",
               annotation_kind_name(a->kind), a->table.name, a->object);
    return place_error(err, copy->reader->migration->path, place_of(copy, offset));
}

static size_t begin_of(const struct copy *copy, size_t token)
{
    return token < copy->text.n ? copy->text.tokens[token].begin : strlen(copy->text.text);
}

static const char *word(const struct copy *copy, size_t token)
{
    if (token >= copy->text.n)
        return "the end of the comment";
    const struct parse_token *found = &copy->text.tokens[token];
    return arena_strndup(copy->reader->arena, copy->text.text + found->begin, found->end - found->begin);
}

/* A column's name: quoted, or folded to lower case. */
static bool take_name(struct copy *copy, const char **out)
{
    const char *found = word(copy, copy->at);
    bool quoted = found[0] == '"';
    if (copy->at >= copy->text.n ||
        !(quoted || isalpha((unsigned char)found[0]) || found[0] == '_' || ((unsigned char)found[0] & 0x80)))
        return fail(copy, begin_of(copy, copy->at), "a column is missing before \"%s\"", found);
    char *name = arena_strdup(copy->reader->arena, found);
    size_t n = 0;
    for (size_t i = quoted; found[i] && !(quoted && !found[i + 1]); i++) {
        bool upper = !quoted && found[i] >= 'A' && found[i] <= 'Z';
        name[n++] = upper ? (char)(found[i] + ('a' - 'A')) : found[i];
        i += quoted && found[i] == '"';
    }
    name[n] = '\0';
    copy->at++;
    *out = name;
    return true;
}

/* "key (" at the position, with nothing behind its parenthesis. */
static bool is_key(const struct copy *copy, size_t at)
{
    return parse_token_is(&copy->text, at, "key") && parse_token_is(&copy->text, at + 1, "(") &&
           parse_token_closing(&copy->text, at + 1) + 1 == copy->text.n;
}

/* The token at which an expression that begins at `from` ends. */
static size_t expr_end(const struct copy *copy, size_t from)
{
    size_t at = from;
    while (at < copy->text.n) {
        bool opens = parse_token_is(&copy->text, at, "(") || parse_token_is(&copy->text, at, "[");
        if (opens) {
            at = parse_token_closing(&copy->text, at);
            at += at < copy->text.n;
            continue;
        }
        if (parse_token_is(&copy->text, at, ",") || parse_token_is(&copy->text, at, "where") ||
            (at > from && is_key(copy, at)))
            break;
        at++;
    }
    return at;
}

static bool take_expr(struct copy *copy, struct assignment *out)
{
    struct parse_fault fault;
    struct arena *arena = copy->reader->arena;
    size_t first = copy->at, end = expr_end(copy, first);
    size_t begin = begin_of(copy, first);
    if (end == first)
        return fail(copy, begin, "an expression is missing before \"%s\"", word(copy, first));
    out->expr_place = place_of(copy, begin);
    out->expr = arena_strndup(arena, copy->text.text + begin, copy->text.tokens[end - 1].end - begin);
    if (!sql_expr_columns_at(arena, out->expr, copy->annotation->source.name, &out->columns, &out->n_columns,
                             &out->has_subquery, &fault))
        return fail(copy, begin + fault.offset, "%s", fault.message);
    bool qualified = end - first == 3 && parse_token_is(&copy->text, first + 1, ".");
    out->plain = out->n_columns == 1 && !out->has_subquery && (end - first == 1 || qualified);
    copy->at = end;
    return true;
}

static bool take_assignment(struct copy *copy)
{
    struct annotation *a = copy->annotation;
    struct assignment assignment = {.place = place_of(copy, begin_of(copy, copy->at))};
    size_t at = begin_of(copy, copy->at);
    if (!take_name(copy, &assignment.column) || !assignment.column)
        return false;
    if (!parse_token_is(&copy->text, copy->at, "="))
        return fail(copy, begin_of(copy, copy->at), "an equals sign is missing before \"%s\"",
                    word(copy, copy->at));
    copy->at++;
    for (size_t i = 0; i < a->n_assignments; i++)
        if (strcmp(a->assignments[i].column, assignment.column) == 0)
            return fail(copy, at, "column \"%s\" is given a value twice", assignment.column);
    if (!take_expr(copy, &assignment))
        return false;
    ARENA_PUSH(copy->reader->arena, a->assignments, a->n_assignments, assignment);
    return true;
}

static bool take_key(struct copy *copy)
{
    struct annotation *a = copy->annotation;
    copy->at += 2;
    for (;;) {
        const char *name = NULL;
        if (!take_name(copy, &name) || !name)
            return false;
        ARENA_PUSH(copy->reader->arena, a->keys, a->n_keys, name);
        if (parse_token_is(&copy->text, copy->at, ")"))
            return true;
        if (!parse_token_is(&copy->text, copy->at, ","))
            return fail(copy, begin_of(copy, copy->at), "a comma is missing before \"%s\"",
                        word(copy, copy->at));
        copy->at++;
    }
}

static bool take_condition(struct copy *copy)
{
    struct assignment *condition = arena_alloc(copy->reader->arena, sizeof *condition);
    copy->at++;
    *condition = (struct assignment){.place = place_of(copy, begin_of(copy, copy->at))};
    copy->annotation->condition = condition;
    return take_expr(copy, condition);
}

bool read_copy(struct reader *r, struct annotation *a)
{
    struct copy copy = {.reader = r, .annotation = a};
    struct parse_fault fault;
    if (!parse_tokens(r->arena, a->expr, &copy.text, &fault))
        return fail(&copy, fault.offset, "%s", fault.message);
    for (;;) {
        if (!take_assignment(&copy))
            return false;
        if (!parse_token_is(&copy.text, copy.at, ","))
            break;
        copy.at++;
    }
    if (parse_token_is(&copy.text, copy.at, "where") && !take_condition(&copy))
        return false;
    if (is_key(&copy, copy.at))
        return take_key(&copy);
    if (copy.at < copy.text.n)
        return fail(&copy, begin_of(&copy, copy.at), "\"%s\" is not expected here", word(&copy, copy.at));
    if (a->kind == ANNOTATION_COPY)
        return fail(&copy, strlen(a->expr), "copy \"%s\" has no key", a->table.name);
    return true;
}
