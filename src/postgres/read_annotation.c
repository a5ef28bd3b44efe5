/* What annotations say about SQL: their expressions are parsed, a phase is bound to its statement. */
#include <string.h>

#include "migration/annotation.h"
#include "migration/place.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

static bool fail_at(struct reader *r, size_t offset, const char *message)
{
    error_set(r->err, ERROR_REFUSED, "%s", message);
    return place_error(r->err, r->migration->path, place_at(r->migration->content, offset));
}

/* The expression on one line and without comments, each word where it was. */
static bool clean_expr(struct reader *r, struct annotation *a)
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

static bool read_expression(struct reader *r, struct annotation *a)
{
    struct parse_fault fault;
    if (!clean_expr(r, a))
        return false;
    if (sql_expr_columns_at(r->arena, a->expr, a->table.name, &a->expr_columns, &a->n_expr_columns,
                            &a->has_subquery, &fault))
        return true;
    fail_at(r, a->expr_offset + fault.offset, fault.message);
    return error_hint(r->err, "%s %s.%s takes one SQL expression over the columns of %s",
                      annotation_kind_name(a->kind), a->table.name, a->column, a->table.name);
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
        bool phase = other->kind == ANNOTATION_PHASE_EXPAND || other->kind == ANNOTATION_PHASE_CONTRACT;
        if (phase && other->statement == a->statement)
            return fail_at(r, a->offset, "the statement has a phase already");
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
        case ANNOTATION_PHASE_EXPAND:
        case ANNOTATION_PHASE_CONTRACT: ok = bind_phase(r, a, starts, n); break;
        default: break;
        }
        if (!ok)
            return false;
    }
    return true;
}
