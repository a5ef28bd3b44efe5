/* A default that stays on a column whose type changes: the server carries it over by an assignment cast, or says that there is none. */
#include <string.h>

#include "postgres/check_internal.h"
#include "postgres/format.h"

/* "default for column … cannot be cast automatically to type …" */
#define DATATYPE_MISMATCH "42804"

bool check_default(struct check_run *run, const struct check_table *table, const struct change *change,
                   struct error *err)
{
    const struct check_column *column =
        change->column ? check_table_column(table, change->column, CHECK_NEW) : NULL;
    if (change->kind != CHANGE_COLUMN_TYPE || !column || !column->default_expr || column->grown ||
        check_type_grows(&run->shapes, change->type))
        return true;
    const struct name scratch = check_scratch_name(run, "default");
    const char *create =
        pg_format(run->arena, "CREATE TABLE %Q (%I %s DEFAULT %s)", scratch.schema, scratch.name,
                  change->column, column->type[CHECK_NEW], column->default_expr);
    const char *alter = pg_format(run->arena, "ALTER TABLE %Q ALTER COLUMN %I TYPE %s USING NULL",
                                  scratch.schema, scratch.name, change->column, change->type);
    bool good;
    if (!check_try(run, create, &good, err) || (good && !check_try(run, alter, &good, err)))
        return false;
    /* What else the scratch table may lack is another check's to say. */
    if (good || strcmp(err->sqlstate, DATATYPE_MISMATCH) != 0)
        return true;
    error_hint(err, "write ALTER COLUMN %s DROP DEFAULT before it, and SET DEFAULT after it", change->column);
    return check_refuse(run, change->place, err);
}
