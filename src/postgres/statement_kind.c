/* What a statement may do to its session and to others, by its parse tree alone. */

#include <string.h>

#include "postgres/gateway_internal.h"
#include "postgres/parse.h"
#include "postgres/parse_tree.h"

struct looking {
    const struct statement_names *steady;
    unsigned kind;
};

static bool is_steady(const struct looking *looking, const PgQuery__FuncCall *call)
{
    const char *name = call->n_funcname ? parse_string(call->funcname[call->n_funcname - 1]) : NULL;
    return name && looking->steady->has(looking->steady->context, name);
}

static void look(ProtobufCMessage *message, void *context)
{
    struct looking *looking = context;
    const ProtobufCMessageDescriptor *is = message->descriptor;
    if (is == &pg_query__insert_stmt__descriptor || is == &pg_query__update_stmt__descriptor ||
        is == &pg_query__delete_stmt__descriptor || is == &pg_query__merge_stmt__descriptor ||
        is == &pg_query__locking_clause__descriptor)
        looking->kind &= ~(unsigned)STATEMENT_READS;
    else if (is == &pg_query__into_clause__descriptor ||
             (is == &pg_query__func_call__descriptor &&
              !is_steady(looking, (const PgQuery__FuncCall *)message)))
        looking->kind &= ~(unsigned)(STATEMENT_READS | STATEMENT_KEEPS);
}

unsigned pg_statement_kind(const char *text, const struct statement_names *steady)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    PgQuery__Node *tree = NULL;
    struct parse_fault fault;
    struct looking looking = {steady, STATEMENT_KNOWN};
    if (!parse_statement(arena, text, &tree, &fault))
        return STATEMENT_KNOWN;
    switch (tree->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
        looking.kind |= STATEMENT_ROWS | STATEMENT_READS | STATEMENT_KEEPS;
        break;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT: looking.kind |= STATEMENT_ROWS | STATEMENT_KEEPS; break;
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT: return STATEMENT_KNOWN | STATEMENT_KEEPS;
    default: return STATEMENT_KNOWN;
    }
    parse_walk((ProtobufCMessage *)tree, look, &looking);
    return looking.kind;
}
