/*
 * pg_stat_statements puts $1 where a constant was, also behind the name of a type: interval '3 days' becomes interval $1, which no server
 * reads. libpg_query does. $1::interval means the same and can be prepared.
 */

#include <string.h>

#include "base/text.h"
#include "postgres/parse_tree.h"
#include "postgres/recorded.h"

struct literals {
    struct arena *arena;
    const PgQuery__TypeCast **list;
    size_t n;
};

static void visit(ProtobufCMessage *message, void *context)
{
    struct literals *literals = context;
    if (message->descriptor != &pg_query__type_cast__descriptor)
        return;
    const PgQuery__TypeCast *cast = (const PgQuery__TypeCast *)message;
    if (cast->type_name && cast->arg && cast->arg->node_case == PG_QUERY__NODE__NODE_PARAM_REF &&
        cast->type_name->location >= 0 && cast->type_name->location < cast->arg->param_ref->location)
        ARENA_PUSH(literals->arena, literals->list, literals->n, cast);
}

/* The one that begins there, or NULL. CAST ($1 AS date) begins with its parameter. */
static const PgQuery__TypeCast *literal_at(const struct literals *literals, size_t at)
{
    for (size_t i = 0; i < literals->n; i++)
        if ((size_t)literals->list[i]->type_name->location == at)
            return literals->list[i];
    return NULL;
}

const char *recorded_text(struct arena *arena, const char *text)
{
    struct literals literals = {.arena = arena};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    PgQuery__Node *tree = NULL;
    struct parse_fault fault;
    if (!strchr(text, '$') || !parse_statement(arena, text, &tree, &fault))
        return text;
    parse_walk(&tree->base, visit, &literals);
    for (size_t at = 0; literals.n && text[at];) {
        const PgQuery__TypeCast *literal = literal_at(&literals, at);
        if (!literal) {
            text_append_char(&out, text[at++]);
            continue;
        }
        size_t parameter = (size_t)literal->arg->param_ref->location, length = parameter - at;
        while (length > 0 && strchr(" \n\t", text[at + length - 1]))
            length--;
        text_printf(&out, "$%d::%.*s", literal->arg->param_ref->number, (int)length, text + at);
        at = parameter + 1 + strspn(text + parameter + 1, "0123456789");
    }
    return literals.n ? arena_strdup(arena, text_string(&out)) : text;
}
