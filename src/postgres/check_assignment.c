/* Assignment: what the server takes for a column without a cast that is written out. */
#include <string.h>

#include "postgres/check_internal.h"
#include "postgres/format.h"

enum { HINT_LIMIT = 200 };

/* INSERT … SELECT is analysed, never run: the server then says itself whether the types go together. */
static bool assign(struct check_run *run, const struct check_expr *expr, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    struct name scratch = check_scratch_name(run, "value");
    pg_append(&sql, "CREATE TABLE %Q (%I %s)", scratch.schema, scratch.name, expr->column, expr->type);
    if (!session_run(run->session, text_string(&sql), err))
        return false;
    text_clear(&sql);
    /* The line break ends a comment that the expression may end with. */
    pg_append(&sql, "INSERT INTO %Q (%I) SELECT (%s\n)", scratch.schema, scratch.name, expr->column,
              expr->text);
    if (expr->table)
        check_expr_row(&sql, expr, false);
    return session_prepare(run->session, "", text_string(&sql), err);
}

bool check_assignment(struct check_run *run, const struct check_expr *expr, struct error *err)
{
    if (assign(run, expr, err))
        return true;
    if (strlen(expr->text) < HINT_LIMIT)
        error_hint(err, "say how the value is converted: (%s)::%s", expr->text, expr->type);
    return check_expr_refuse(run, expr, -1, err);
}

bool check_implicit_cast(struct check_run *run, const struct check_table *table,
                         const struct check_column *column, struct error *err)
{
    const char *name = column->name[CHECK_NEW];
    struct check_table before = *table;
    struct check_column old = *column;
    old.type[CHECK_NEW] = column->cast_from;
    before.columns = &old;
    before.n_columns = 1;
    struct check_expr expr = {
        .text = pg_format(run->arena, "%I", name),
        .table = &before,
        .version = CHECK_NEW,
        .alias = table->name[CHECK_NEW],
        .column = name,
        .type = column->type[CHECK_NEW],
    };
    if (column->grown || assign(run, &expr, err))
        return true;
    if (err->class != ERROR_DATABASE)
        return false;
    error_set(err, ERROR_REFUSED, "column \"%s\" of table \"%s\" cannot be cast automatically from %s to %s",
              name, table->name[CHECK_NEW], column->cast_from, expr.type);
    error_hint(
        err,
        "write TYPE %s USING %s::%s, or above the statement: -- segue: up %s.%s = <expression of the old "
        "columns>",
        expr.type, expr.text, expr.type, table->name[CHECK_NEW], name);
    return check_refuse(run, column->cast->place, err);
}
