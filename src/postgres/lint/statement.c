#include "postgres/lint/statement.h"

#include "postgres/lint/statement_internal.h"

struct lint_action *statement_add(const struct sql *sql, struct lint_statement *out, size_t from,
                                  const struct lint_action *action)
{
    ARENA_PUSH(sql->arena, out->actions, out->n_actions, *action);
    struct lint_action *added = &out->actions[out->n_actions - 1];
    added->place = sql_slice(sql, from);
    return added;
}

void statement_read(struct sql *sql, struct lint_statement *out)
{
    if (sql_take(sql, "alter"))
        statement_alter(sql, out);
    else if (sql_take(sql, "create"))
        statement_create(sql, out);
    else if (sql_take(sql, "drop"))
        statement_drop(sql, out);
    else if (!statement_other(sql, out)) {
        sql_skip_to_end(sql);
        (void)statement_add(sql, out, 0, &(struct lint_action){.act = LINT_OTHER});
    }
}
