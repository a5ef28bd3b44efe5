/* CREATE TABLE in all its forms: an action for the table, one for each column and constraint. */
#include "postgres/lint/statement_internal.h"
#include "postgres/lint/twice.h"

static void like(struct sql *sql, struct lint_statement *out, const struct lint_action *table, size_t from)
{
    struct lint_action action = *table;
    action.act = LINT_OTHER;
    action.what = "like";
    action.flags |= LINT_IN_CREATE;
    action.other = sql_name(sql);
    sql_skip_to_end(sql);
    (void)statement_add(sql, out, from, &action);
}

static void element(struct sql *sql, struct lint_statement *out, const struct lint_action *table)
{
    struct lint_action action = {.relation = table->relation,
                                 .flags = LINT_IN_CREATE | (table->flags & LINT_TEMPORARY)};
    size_t from = sql->at;
    if (sql_take(sql, "like")) {
        like(sql, out, table, from);
        return;
    }
    if (!statement_constraint(sql, &action)) {
        action.act = LINT_ADD_COLUMN;
        action.column = sql_identifier(sql);
        statement_column(sql, &action);
    }
    (void)statement_add(sql, out, from, &action);
}

static void partition_of(struct sql *sql, struct lint_action *table)
{
    table->other = sql_name(sql);
    if (sql_is(sql, "("))
        sql_skip(sql);
    table->flags |= sql_is(sql, "default") ? LINT_DEFAULT_PARTITION : 0U;
    table->what = "partition";
    (void)sql_find(sql, "partition using with tablespace");
}

/* What stands behind the parenthesis. */
static void options(struct sql *sql, struct lint_action *table)
{
    while (!sql_ended(sql)) {
        struct sql inside;
        if (sql_takes(sql, "partition by")) {
            table->what = table->what ? table->what : "partitioned";
            (void)sql_identifier(sql);
            sql_columns(sql, &table->columns, &table->n_columns);
        } else if (sql_take(sql, "inherits") && sql_inside(sql, &inside)) {
            table->other = sql_name(&inside);
            table->what = "inherits";
        } else if (sql_take(sql, "tablespace")) {
            table->name = sql_identifier(sql);
        } else if (sql_take(sql, "as")) {
            table->act = LINT_CREATE_TABLE_AS;
            table->twice = table->twice ? table->twice : twice_in_targets(sql);
            sql_sources(sql, &table->relations, &table->n_relations);
            table->flags |= sql_has_no_data(sql) ? LINT_NO_DATA : 0U;
        } else {
            sql_skip(sql);
        }
    }
}

void statement_create_table(struct sql *sql, struct lint_statement *out, unsigned flags)
{
    struct lint_action table = {.act = LINT_CREATE_TABLE, .flags = flags | sql_take_if(sql)};
    struct sql inside = {0};
    table.relation = sql_name(sql);
    if (sql_takes(sql, "partition of"))
        partition_of(sql, &table);
    else if (sql_take(sql, "of")) {
        table.type = sql_type(sql);
        table.what = "typed";
    }
    bool elements = sql_inside(sql, &inside);
    options(sql, &table);
    (void)statement_add(sql, out, 0, &table);
    struct sql part;
    while (elements && table.act == LINT_CREATE_TABLE && sql_part(&inside, &part))
        element(&part, out, &table);
    out->actions[0].twice = out->actions[0].twice ? out->actions[0].twice : twice_in_table(out);
}
