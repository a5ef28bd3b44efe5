/* The relations that a statement names. */

#include "base/compare.h"
#include "postgres/parse_tree.h"
#include "postgres/read_statement.h"

struct search {
    const struct read_statement *statement;
    struct statement_def *def;
    const char **with; /* names of WITH queries, which are no relations */
    size_t n_with;
};

static void find_with(ProtobufCMessage *message, void *context)
{
    struct search *search = context;
    if (message->descriptor != &pg_query__common_table_expr__descriptor)
        return;
    const PgQuery__CommonTableExpr *query = (const PgQuery__CommonTableExpr *)message;
    ARENA_PUSH(search->statement->reader->arena, search->with, search->n_with, query->ctename);
}

static bool is_with(const struct search *search, const PgQuery__RangeVar *relation)
{
    return !parse_given(relation->schemaname) &&
           name_is_among(search->with, search->n_with, relation->relname);
}

size_t read_name_end(const struct read_statement *s, size_t token)
{
    while (parse_token_is(&s->text, token + 1, ".") && token + 2 < s->text.n)
        token += 2;
    return token < s->text.n ? s->text.tokens[token].end : 0;
}

void read_mention_at(const struct read_statement *s, struct statement_def *def, size_t token,
                     struct name name)
{
    if (token >= s->text.n)
        return;
    struct statement_mention mention = {
        .name = name, .begin = s->text.tokens[token].begin, .end = read_name_end(s, token)};
    /* In the order of the text, because edits are made in it. */
    ARENA_PUSH(s->reader->arena, def->mentions, def->n_mentions, mention);
    for (size_t i = def->n_mentions - 1; i > 0 && def->mentions[i - 1].begin > mention.begin; i--) {
        def->mentions[i] = def->mentions[i - 1];
        def->mentions[i - 1] = mention;
    }
}

static void find_relation(ProtobufCMessage *message, void *context)
{
    struct search *search = context;
    if (message->descriptor != &pg_query__range_var__descriptor)
        return;
    const PgQuery__RangeVar *relation = (const PgQuery__RangeVar *)message;
    const struct read_statement *s = search->statement;
    if (is_with(search, relation) || relation->location < 0)
        return;
    struct name name = {parse_given(relation->schemaname) ? relation->schemaname : NULL, relation->relname};
    read_mention_at(s, search->def, parse_token_at(&s->text, (size_t)relation->location), name);
}

void read_mentions(const struct read_statement *s, struct statement_def *def)
{
    struct search search = {.statement = s, .def = def};
    /* The tree is only read. */
    ProtobufCMessage *root = (ProtobufCMessage *)&s->tree->base;
    parse_walk(root, find_with, &search);
    parse_walk(root, find_relation, &search);
}
