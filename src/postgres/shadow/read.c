/* What a client's statements do, by their parse trees alone. Where that cannot be told, a statement counts as one that writes: to do a reading statement again costs
 * time, to leave a writing one out costs the equality of the two databases. */

#include <pg_query.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "postgres/parse.h"
#include "postgres/parse_tree.h"
#include "postgres/shadow/shadow_internal.h"

#define NODE(name) PG_QUERY__NODE__NODE_##name

struct looking {
    const struct statement_names *steady;
    unsigned does;
};

static bool is_among(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(words[i], word) == 0)
            return true;
    return false;
}

/* Volatile, but nobody else sees what they do. */
static bool is_private(const char *function)
{
    static const char *const names[] = {"current_setting",
                                        "pg_backend_pid",
                                        "pg_my_temp_schema",
                                        "pg_trigger_depth",
                                        "inet_client_port",
                                        "currval",
                                        "lastval",
                                        "pg_notify",
                                        "txid_current",
                                        "txid_current_if_assigned",
                                        "pg_current_xact_id",
                                        "pg_current_xact_id_if_assigned",
                                        "pg_advisory_lock",
                                        "pg_advisory_lock_shared",
                                        "pg_advisory_unlock",
                                        "pg_advisory_unlock_all",
                                        "pg_advisory_unlock_shared",
                                        "pg_advisory_xact_lock",
                                        "pg_advisory_xact_lock_shared",
                                        "pg_try_advisory_lock",
                                        "pg_try_advisory_lock_shared",
                                        "pg_try_advisory_xact_lock",
                                        "pg_try_advisory_xact_lock_shared",
                                        "pg_cancel_backend",
                                        "pg_terminate_backend",
                                        "pg_export_snapshot"};
    return is_among(names, SEGUE_COUNT(names), function);
}

static bool is_true(const PgQuery__Node *node)
{
    if (node->node_case == NODE(TYPE_CAST) && node->type_cast->arg)
        node = node->type_cast->arg;
    if (node->node_case != NODE(A_CONST))
        return false;
    const PgQuery__AConst *constant = node->a_const;
    if (constant->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL)
        return constant->boolval->boolval;
    return constant->val_case == PG_QUERY__A__CONST__VAL_SVAL && constant->sval->sval[0] == 't';
}

static unsigned call_does(const struct looking *looking, const PgQuery__FuncCall *call)
{
    const char *name = call->n_funcname ? parse_string(call->funcname[call->n_funcname - 1]) : NULL;
    if (!name)
        return SHADOW_WRITES;
    if (strcmp(name, "set_config") == 0)
        return call->n_args == 3 && is_true(call->args[2]) ? SHADOW_SUPPORTS : SHADOW_SETS;
    return is_private(name) || looking->steady->has(looking->steady->context, name) ? 0 : SHADOW_WRITES;
}

static void look(ProtobufCMessage *message, void *context)
{
    struct looking *looking = context;
    const ProtobufCMessageDescriptor *is = message->descriptor;
    if (is == &pg_query__insert_stmt__descriptor || is == &pg_query__update_stmt__descriptor ||
        is == &pg_query__delete_stmt__descriptor || is == &pg_query__merge_stmt__descriptor ||
        is == &pg_query__into_clause__descriptor)
        looking->does |= SHADOW_WRITES;
    else if (is == &pg_query__func_call__descriptor)
        looking->does |= call_does(looking, (const PgQuery__FuncCall *)message);
    else if (is == &pg_query__current_of_expr__descriptor)
        looking->does |= SHADOW_AT_CURSOR;
    else if (is == &pg_query__range_var__descriptor &&
             strcmp(((const PgQuery__RangeVar *)message)->relpersistence, "t") == 0)
        looking->does |= SHADOW_TEMPORARY;
}

static unsigned tree_does(PgQuery__Node *tree, const struct statement_names *steady)
{
    struct looking looking = {.steady = steady};
    parse_walk((ProtobufCMessage *)tree, look, &looking);
    return looking.does;
}

static void read_transaction(const PgQuery__TransactionStmt *statement, struct shadow_piece *out)
{
    static const enum shadow_control controls[] = {
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN] = SHADOW_BEGIN,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START] = SHADOW_BEGIN,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT] = SHADOW_COMMIT,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK] = SHADOW_ROLLBACK,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT] = SHADOW_SAVEPOINT,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE] = SHADOW_RELEASE,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO] = SHADOW_ROLLBACK_TO,
        [PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE] = SHADOW_TWO_PHASE,
    };
    size_t kind = (size_t)statement->kind;
    out->control = kind < SEGUE_COUNT(controls) ? controls[kind] : SHADOW_NO_CONTROL;
    out->name = parse_given(statement->savepoint_name) ? statement->savepoint_name : NULL;
}

static void read_setting(const PgQuery__VariableSetStmt *statement, struct shadow_piece *out)
{
    /* What is the replay's own business. */
    static const char *const own[] = {"statement_timeout",
                                      "lock_timeout",
                                      "transaction_timeout",
                                      "idle_in_transaction_session_timeout",
                                      "idle_session_timeout",
                                      "application_name",
                                      "synchronous_commit",
                                      "client_min_messages",
                                      "default_transaction_isolation",
                                      "default_transaction_read_only",
                                      "default_transaction_deferrable",
                                      "transaction_isolation",
                                      "transaction_read_only",
                                      "transaction_deferrable"};
    if (statement->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI ||
        is_among(own, SEGUE_COUNT(own), statement->name))
        return;
    out->does = statement->is_local ? SHADOW_SUPPORTS : SHADOW_SETS;
    out->clears = statement->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET ||
                  statement->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT ||
                  statement->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL;
    out->name = parse_given(statement->name) ? statement->name : NULL;
}

static void read_explain(const PgQuery__ExplainStmt *statement, const struct statement_names *steady,
                         struct shadow_piece *out)
{
    for (size_t i = 0; i < statement->n_options; i++)
        if (statement->options[i]->node_case == NODE(DEF_ELEM) &&
            strcmp(statement->options[i]->def_elem->defname, "analyze") == 0)
            out->does = tree_does(statement->query, steady) & SHADOW_WRITES;
}

static void read_tree(PgQuery__Node *tree, const struct statement_names *steady, struct shadow_piece *out)
{
    switch (tree->node_case) {
    case NODE(TRANSACTION_STMT): read_transaction(tree->transaction_stmt, out); return;
    case NODE(VARIABLE_SET_STMT): read_setting(tree->variable_set_stmt, out); return;
    case NODE(EXPLAIN_STMT): read_explain(tree->explain_stmt, steady, out); return;
    case NODE(SELECT_STMT): out->does = tree_does(tree, steady); return;
    case NODE(COPY_STMT):
        out->copies = true;
        out->does = tree->copy_stmt->is_from
                        ? (unsigned)SHADOW_WRITES
                        : (tree->copy_stmt->query ? tree_does(tree->copy_stmt->query, steady) : 0);
        return;
    case NODE(PREPARE_STMT):
        out->control = SHADOW_PREPARE;
        out->name = tree->prepare_stmt->name;
        out->does = tree_does(tree->prepare_stmt->query, steady);
        return;
    case NODE(EXECUTE_STMT):
        out->control = SHADOW_EXECUTE;
        out->name = tree->execute_stmt->name;
        return;
    case NODE(DEALLOCATE_STMT):
        out->control = SHADOW_DEALLOCATE;
        out->name = parse_given(tree->deallocate_stmt->name) ? tree->deallocate_stmt->name : NULL;
        return;
    case NODE(DISCARD_STMT):
        if (tree->discard_stmt->target == PG_QUERY__DISCARD_MODE__DISCARD_ALL)
            out->control = SHADOW_DISCARD_ALL;
        return;
    case NODE(CONSTRAINTS_SET_STMT): out->does = SHADOW_SUPPORTS; return;
    case NODE(LOAD_STMT): out->does = SHADOW_SETS; return;
    case NODE(DECLARE_CURSOR_STMT):
    case NODE(FETCH_STMT):
    case NODE(CLOSE_PORTAL_STMT): out->does = SHADOW_SUPPORTS | SHADOW_CURSOR; return;
    case NODE(VARIABLE_SHOW_STMT):
    case NODE(LISTEN_STMT):
    case NODE(UNLISTEN_STMT):
    case NODE(NOTIFY_STMT):
    case NODE(LOCK_STMT):
    case NODE(VACUUM_STMT):
    case NODE(CLUSTER_STMT):
    case NODE(REINDEX_STMT):
    case NODE(CHECK_POINT_STMT): return; /* of the session, or upkeep of the server */
    default: out->does = tree_does(tree, steady) | SHADOW_WRITES; return;
    }
}

bool pg_shadow_read(struct arena *arena, const char *text, const struct statement_names *steady,
                    struct shadow_piece **out, size_t *n)
{
    struct parse_slice *slices;
    struct parse_fault fault;
    if (!parse_split(arena, text, &slices, n, &fault))
        return false;
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++) {
        struct shadow_piece *piece = &(*out)[i];
        PgQuery__Node *tree;
        piece->text = arena_strndup(arena, text + slices[i].begin, slices[i].end - slices[i].begin);
        if (parse_statement(arena, piece->text, &tree, &fault))
            read_tree(tree, steady, piece);
        else /* newer than this parser, perhaps */
            piece->does = SHADOW_WRITES;
    }
    return true;
}

void pg_shadow_fingerprint(const char *text, char out[17])
{
    PgQueryFingerprintResult result = pg_query_fingerprint(text);
    (void)snprintf(out, 17, "%s", result.error || !result.fingerprint_str ? "" : result.fingerprint_str);
    pg_query_free_fingerprint_result(result);
}
