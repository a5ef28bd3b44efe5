/* In what order the rows of a statement come, by its parse tree. */

#include <string.h>

#include "postgres/answer.h"
#include "postgres/parse.h"
#include "postgres/parse_tree.h"

static const char *last_name(const PgQuery__Node *node)
{
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || node->column_ref->n_fields == 0)
        return NULL;
    return parse_string(node->column_ref->fields[node->column_ref->n_fields - 1]);
}

/* What is selected is what is sorted by: its name in the result; NULL: it has none that is known. */
static const char *name_in_result(const PgQuery__SelectStmt *select, const PgQuery__Node *sorted)
{
    for (size_t i = 0; i < select->n_target_list; i++) {
        const PgQuery__ResTarget *target = select->target_list[i]->res_target;
        if (target->val && parse_same(&target->val->base, &sorted->base))
            return parse_given(target->name) ? target->name : last_name(target->val);
    }
    return NULL;
}

static bool is_place(const PgQuery__Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
           node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL;
}

static void add_key(const PgQuery__SelectStmt *select, const PgQuery__Node *node, struct arena *arena,
                    struct answer_order *out)
{
    struct answer_key key = {0};
    if (is_place(node)) {
        key.place = (size_t)node->a_const->ival->ival;
    } else {
        const char *name = name_in_result(select, node);
        name = name ? name : last_name(node);
        key.name = name ? arena_strdup(arena, name) : NULL;
    }
    if (key.name || key.place > 0)
        ARENA_PUSH(arena, out->keys, out->n_keys, key);
    else
        out->hidden = true;
}

bool pg_answer_order(const char *text, struct arena *arena, struct answer_order *out)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    PgQuery__Node *tree;
    struct parse_fault fault;
    *out = (struct answer_order){0};
    if (!parse_statement(scratch, text, &tree, &fault) || tree->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return false;
    const PgQuery__SelectStmt *select = tree->select_stmt;
    out->limited = select->limit_count || select->limit_offset || select->n_distinct_clause > 0;
    for (size_t i = 0; i < select->n_sort_clause; i++)
        if (select->sort_clause[i]->sort_by->node)
            add_key(select, select->sort_clause[i]->sort_by->node, arena, out);
    return true;
}
