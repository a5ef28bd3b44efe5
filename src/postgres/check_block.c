/*
 * DO blocks, compiled and not run: what a block does is nobody's to know, and it may do it outside of the transaction. Its language
 * looks at a function of the same body, whose syntax is right or not.
 */
#include <string.h>

#include "postgres/check_statement.h"
#include "postgres/format.h"
#include "postgres/parse.h"
#include "postgres/parse_tree.h"

struct block {
    const char *body, *language;
};

static struct block block_of(const PgQuery__DoStmt *statement)
{
    struct block block = {NULL, "plpgsql"};
    for (size_t i = 0; i < statement->n_args; i++) {
        const PgQuery__DefElem *option = statement->args[i]->def_elem;
        const char *value = option ? parse_string(option->arg) : NULL;
        if (value && strcmp(option->defname, "as") == 0)
            block.body = value;
        else if (value && strcmp(option->defname, "language") == 0)
            block.language = value;
    }
    return block;
}

bool check_block(struct check_run *run, const struct change *change, struct error *err)
{
    PgQuery__Node *tree;
    struct parse_fault fault;
    if (change->kind != CHANGE_STATEMENT || strcmp(change->statement->what, "DO") != 0 ||
        !parse_statement(run->arena, change->sql, &tree, &fault) ||
        tree->node_case != PG_QUERY__NODE__NODE_DO_STMT)
        return true;
    struct block block = block_of(tree->do_stmt);
    const struct name name = check_scratch_name(run, "block");
    if (!block.body)
        return true;
    const char *sql = pg_format(run->arena, "CREATE FUNCTION %Q() RETURNS void LANGUAGE %I AS %L",
                                name.schema, name.name, block.language, block.body);
    if (!check_try_begin(run, err) || !session_run(run->session, "SET LOCAL check_function_bodies = on", err))
        return false;
    if (session_run(run->session, sql, err))
        return check_try_end(run, false, err);
    return check_refuse(run, change->place, err);
}
