/* The parts that statements have in common: names, expressions, collations. */
#include <string.h>

#include "migration/place.h"
#include "postgres/format.h"
#include "postgres/parse_tree.h"
#include "postgres/read_internal.h"
#include "postgres/sqltree_internal.h"

struct change read_begin(const struct read_statement *s, enum change_kind kind, size_t offset)
{
    return (struct change){
        .kind = kind,
        .place = place_after(s->reader->migration->content, s->place, s->base, s->base + offset),
        .sql = s->text.text,
    };
}

void read_add(const struct read_statement *s, const struct change *change)
{
    struct migration *m = s->reader->migration;
    ARENA_PUSH(s->reader->arena, m->changes, m->n_changes, *change);
}

bool read_relation(const struct read_statement *s, const PgQuery__RangeVar *relation, struct name *out)
{
    if (parse_given(relation->catalogname))
        return read_fail(s, (size_t)relation->location, "a name may not be qualified by a database");
    out->schema = parse_given(relation->schemaname) ? relation->schemaname : NULL;
    out->name = relation->relname;
    return true;
}

bool read_name(const struct read_statement *s, PgQuery__Node *const *nodes, size_t n, struct name *out)
{
    if (n < 1 || n > 2)
        return read_fail(s, 0, "a name may be qualified by its schema only");
    const char **parts = parse_strings(s->reader->arena, nodes, n);
    out->schema = n == 2 ? parts[0] : NULL;
    out->name = parts[n - 1];
    return true;
}

size_t read_behind_relation(const struct read_statement *s, const PgQuery__RangeVar *relation)
{
    size_t first = parse_token_at(&s->text, (size_t)relation->location);
    size_t at = first + 1;
    while (parse_token_is(&s->text, at, "."))
        at += 2;
    /* ONLY (name), and the asterisk that means what is meant without it */
    if (parse_token_is(&s->text, at, ")") && first > 0 && parse_token_is(&s->text, first - 1, "("))
        at++;
    if (parse_token_is(&s->text, at, "*"))
        at++;
    return at;
}

bool read_expr(const struct read_statement *s, struct read_slice slice, const PgQuery__Node *tree,
               const char **out)
{
    struct sql_edits none = {0};
    struct sql_expr expr;
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    struct parse_fault fault;
    size_t offset = slice.first < s->text.n ? s->text.tokens[slice.first].begin : 0;
    *out = sql_edit_print(s->reader->arena, &s->text, slice.first, slice.last, &none);
    if (!sql_expr_open(scratch, *out, &expr, &fault) || !parse_same(&expr.tree->base, &tree->base))
        return read_fail(s, offset, "this expression cannot be taken apart from its statement");
    return true;
}

bool read_check_expr(const struct read_statement *s, const PgQuery__Constraint *check, const char **out)
{
    /* [CONSTRAINT name] CHECK (: a name is no parenthesis, so the first one is it. */
    size_t open = parse_token_at(&s->text, (size_t)check->location);
    while (open < s->text.n && !parse_token_is(&s->text, open, "("))
        open++;
    struct read_slice slice = {.first = open + 1, .last = parse_token_closing(&s->text, open)};
    return read_expr(s, slice, check->raw_expr, out);
}

const char *read_collation(const struct read_statement *s, const PgQuery__CollateClause *clause)
{
    if (!clause)
        return NULL;
    const char **parts = parse_strings(s->reader->arena, clause->collname, clause->n_collname);
    const char *name = "";
    for (size_t i = 0; i < clause->n_collname; i++)
        name = pg_format(s->reader->arena, "%s%s%I", name, i ? "." : "", parts[i]);
    return name;
}
