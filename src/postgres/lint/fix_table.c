/* Partitions and materialized views: what can be looked at or filled before anybody has to wait. */
#include <string.h>

#include "postgres/format.h"
#include "postgres/lint/fix_internal.h"
#include "postgres/lint/lex.h"

/* CONCURRENTLY is known for partitions from this release on. */
enum { DETACHES_CONCURRENTLY = 14 };

/* The partition that the action names. */
struct partition {
    const struct fix *fix;
    const struct known_relation *self;
    const char *name; /* as SQL */
    const char *key;  /* the only column by which the table is divided */
};

static bool is_taken(const char *name, const void *context)
{
    const struct partition *part = context;
    return known_constraint(part->self, name) != NULL;
}

static bool has_default(const struct known_relation *relation)
{
    for (size_t i = 0; i < relation->n_children; i++) {
        if (relation->children[i]->default_partition)
            return true;
    }
    return false;
}

static bool has_check(const struct known_relation *relation)
{
    for (size_t i = 0; i < relation->n_constraints; i++) {
        const struct known_constraint *constraint = &relation->constraints[i];
        if (constraint->kind == KNOWN_CHECK && !constraint->dropped)
            return true;
    }
    return false;
}

/* False: the table, or its partition, is not known well enough, or has a default partition, which would be read as well. */
static bool find_partition(const struct fix *fix, struct partition *part)
{
    const struct lint_action *action = fix->action;
    *part = (struct partition){.fix = fix, .self = known_relation(fix->known, action->other)};
    if (fix->request->in_transaction || !fix->head || !fix->relation || !part->self ||
        !fix->relation->partition_key || has_default(fix->relation) || part->self->partitioned)
        return false;
    part->key = fix->relation->partition_key;
    part->name = pg_format(fix->arena, "%Q", action->other.schema, action->other.name);
    return known_column(part->self, part->key) != NULL;
}

static const char *choose_name(const struct partition *part, const char *label)
{
    return pg_format(
        part->fix->arena, "%I",
        pg_choose_name(part->fix->arena, part->self->name.name, part->key, label, is_taken, part));
}

/* What stands in the parentheses behind the word, if it is one value. */
static const char *value_behind(const struct fix *fix, const char *word)
{
    const char *text = fix->text;
    size_t at = fix->action->expr.begin, end = fix->action->expr.end;
    struct lex_token token = {0};
    while (at < end && !lex_is(text, &token, word))
        token = lex_next(text, &at);
    struct lex_token open = lex_next(text, &at), value = lex_next(text, &at), close = lex_next(text, &at);
    bool literal = value.kind == LEX_STRING || value.kind == LEX_NUMBER;
    if (!lex_is(text, &open, "(") || !literal || !lex_is(text, &close, ")") || close.end > end)
        return NULL;
    return fix_words(fix, (struct lint_slice){value.begin, value.end});
}

bool fix_attach(struct fix *fix)
{
    struct partition part;
    if (!find_partition(fix, &part) || !known_column(part.self, part.key)->not_null ||
        !known_has_indexes_of(part.self, fix->relation))
        return false;
    const char *from = value_behind(fix, "from"), *to = value_behind(fix, "to");
    if (!from || !to)
        return false;
    const char *name = choose_name(&part, "range"), *key = pg_format(fix->arena, "%I", part.key);
    fix_add(fix, "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s >= %s AND %s < %s) NOT VALID", part.name, name,
            key, from, key, to);
    fix_add(fix, "ALTER TABLE %s VALIDATE CONSTRAINT %s", part.name, name);
    fix_add(fix, "%s", fix_words(fix, fix->statement->place));
    fix_add(fix, "ALTER TABLE %s DROP CONSTRAINT %s", part.name, name);
    return fix_replace(fix);
}

/* The server leaves a CHECK of the bounds behind, unless one is there already. */
bool fix_detach(struct fix *fix)
{
    struct partition part;
    if (!find_partition(fix, &part) || has_check(part.self) || fix->action->fails != LINT_NO ||
        (fix->action->flags & LINT_IF_EXISTS) || fix->request->settings->server_major < DETACHES_CONCURRENTLY)
        return false;
    fix_add(fix, "%s CONCURRENTLY", fix_words(fix, fix->statement->place));
    fix_add(fix, "ALTER TABLE %s DROP CONSTRAINT %s", part.name, choose_name(&part, "check"));
    return fix_replace(fix);
}

static bool is_plain_key(const struct known_index *index)
{
    for (size_t i = 0; i < index->n_columns; i++) {
        if (!index->columns[i])
            return false;
    }
    return index->unique && !index->partial && !index->dropped && index->n_columns > 0;
}

/* Its rows are compared by a unique index, and there must be rows: it was filled before. */
bool fix_refresh(struct fix *fix)
{
    bool key = false;
    if (!fix->relation || fix->relation->kind != KNOWN_MATERIALIZED_VIEW || fix->relation->unfilled ||
        (fix->action->flags & LINT_NO_DATA))
        return false;
    for (size_t i = 0; i < fix->relation->n_indexes; i++)
        key = key || is_plain_key(&fix->relation->indexes[i]);
    for (size_t at = fix->statement->place.begin; key && at < fix->statement->place.end;) {
        struct lex_token token = lex_next(fix->text, &at);
        if (lex_is(fix->text, &token, "view"))
            return fix_insert(fix, token.end, " CONCURRENTLY");
    }
    return false;
}
