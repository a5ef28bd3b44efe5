/* What annotations say about SQL: their expressions are parsed, a phase is bound to its statement. */
#include <string.h>
#include <strings.h>

#include "migration/annotation.h"
#include "migration/place.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

static bool fail_at(struct reader *r, size_t offset, const char *message)
{
    error_set(r->err, ERROR_REFUSED, "%s", message);
    return place_error(r->err, r->migration->path, place_at(r->migration->content, offset));
}

bool read_clean_expr(struct reader *r, struct annotation *a)
{
    struct parse_text text;
    struct parse_fault fault;
    if (!parse_tokens(r->arena, a->expr, &text, &fault))
        return fail_at(r, a->expr_offset + fault.offset, fault.message);
    size_t length = text.n ? text.tokens[text.n - 1].end : 0;
    char *clean = arena_strndup(r->arena, a->expr, length);
    memset(clean, ' ', length);
    for (size_t i = 0; i < text.n; i++) {
        size_t begin = text.tokens[i].begin;
        if (memchr(a->expr + begin, '\n', text.tokens[i].end - begin))
            return fail_at(r, a->expr_offset + begin,
                           "a string may not go over the end of the comment's line");
        memcpy(clean + begin, a->expr + begin, text.tokens[i].end - begin);
    }
    a->expr = clean;
    return true;
}

static bool is_otherwise(const struct parse_text *text, size_t i)
{
    static const char word[] = "otherwise";
    const struct parse_token *token = &text->tokens[i];
    return token->end - token->begin == sizeof word - 1 &&
           strncasecmp(text->text + token->begin, word, sizeof word - 1) == 0;
}

/* "expr otherwise constant" is no expression, unless otherwise is a column: then the whole of it is one. */
static bool split_otherwise(struct reader *r, struct annotation *a)
{
    struct parse_text text;
    struct parse_fault fault;
    struct sql_expr whole;
    if (a->kind != ANNOTATION_UP || sql_expr_open(r->arena, a->expr, &whole, &fault) ||
        !parse_tokens(r->arena, a->expr, &text, &fault))
        return true;
    for (size_t i = text.n; i > 1; i--) {
        const struct parse_token *token = &text.tokens[i - 1];
        if (!is_otherwise(&text, i - 1))
            continue;
        const char *constant = a->expr + token->end;
        const char **names;
        size_t n;
        bool has_subquery;
        a->expr = arena_strndup(r->arena, text.text, text.tokens[i - 2].end);
        a->otherwise = constant;
        if (!sql_expr_columns_at(r->arena, constant, a->table.name, &names, &n, &has_subquery, &fault))
            return fail_at(r, a->expr_offset + token->end + fault.offset, fault.message);
        if (n || has_subquery) {
            fail_at(r, a->expr_offset + token->begin, "otherwise takes a constant");
            return error_hint(r->err, "it stands where the expression fails; write for example: otherwise 0");
        }
        return true;
    }
    return true;
}

static bool read_expression(struct reader *r, struct annotation *a)
{
    struct parse_fault fault;
    if (!read_clean_expr(r, a) || !split_otherwise(r, a))
        return false;
    if (sql_expr_columns_at(r->arena, a->expr, a->table.name, &a->expr_columns, &a->n_expr_columns,
                            &a->has_subquery, &fault))
        return true;
    fail_at(r, a->expr_offset + fault.offset, fault.message);
    return error_hint(r->err, "%s %s.%s takes one SQL expression over the columns of %s",
                      annotation_kind_name(a->kind), a->table.name, a->column, a->table.name);
}

static bool is_bound(const struct annotation *a)
{
    return a->kind == ANNOTATION_PHASE_EXPAND || a->kind == ANNOTATION_PHASE_CONTRACT ||
           a->kind == ANNOTATION_UNDO;
}

/* An undo is SQL of one or more statements, on one line. */
static bool read_undo(struct reader *r, struct annotation *a)
{
    struct parse_slice *slices;
    size_t n;
    struct parse_fault fault;
    PgQuery__Node *tree;
    if (a->object)
        return true;
    if (!read_clean_expr(r, a))
        return false;
    if (!parse_split(r->arena, a->expr, &slices, &n, &fault))
        return fail_at(r, a->expr_offset + fault.offset, fault.message);
    for (size_t i = 0; i < n; i++) {
        const char *text =
            arena_strndup(r->arena, a->expr + slices[i].begin, slices[i].end - slices[i].begin);
        if (!parse_statement(r->arena, text, &tree, &fault))
            return fail_at(r, a->expr_offset + slices[i].begin + fault.offset, fault.message);
    }
    return true;
}

/* The first change of the statement that follows; statements without a change are passed over. */
static bool bind_phase(struct reader *r, struct annotation *a, const struct read_start *starts, size_t n)
{
    size_t i = 0;
    while (i < n && starts[i].base < a->offset)
        i++;
    while (i + 1 < n && starts[i + 1].change == starts[i].change)
        i++;
    if (i + 1 >= n) {
        fail_at(r, a->offset, "no statement follows this annotation");
        return error_hint(r->err, "write it above the statement that it is about");
    }
    a->statement = starts[i].change;
    for (const struct annotation *other = r->migration->annotations; other < a; other++) {
        if (is_bound(other) && other->statement == a->statement &&
            (other->kind == ANNOTATION_UNDO) == (a->kind == ANNOTATION_UNDO))
            return fail_at(r, a->offset,
                           a->kind == ANNOTATION_UNDO ? "the statement has an undo already"
                                                      : "the statement has a phase already");
    }
    return true;
}

bool read_annotations(struct reader *r, const struct read_start *starts, size_t n)
{
    for (size_t i = 0; i < r->migration->n_annotations; i++) {
        struct annotation *a = &r->migration->annotations[i];
        bool ok = true;
        switch (a->kind) {
        case ANNOTATION_UP:
        case ANNOTATION_DOWN:
        case ANNOTATION_EXISTING: ok = read_expression(r, a); break;
        case ANNOTATION_COPY:
        case ANNOTATION_BACK: ok = read_clean_expr(r, a) && read_copy(r, a); break;
        case ANNOTATION_PHASE_EXPAND:
        case ANNOTATION_PHASE_CONTRACT: ok = bind_phase(r, a, starts, n); break;
        case ANNOTATION_UNDO: ok = read_undo(r, a) && bind_phase(r, a, starts, n); break;
        default: break;
        }
        if (!ok)
            return false;
    }
    return true;
}
