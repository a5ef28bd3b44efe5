/* Types and collations that a statement gives a column. */
#include <string.h>

#include "base/nearest.h"
#include "postgres/check_internal.h"
#include "postgres/format.h"
#include "sql.h"

/* The type's own name: without schema, quotes, modifiers, brackets. */
static const char *bare(struct arena *arena, const char *type)
{
    const char *dot = strrchr(type, '.');
    const char *name = dot ? dot + 1 : type;
    name += *name == '"';
    return arena_strndup(arena, name, strcspn(name, "\"(["));
}

/* In the transaction that has failed nothing can be asked before the way back. */
static bool hint_nearest(const struct check_run *run, const char *type, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char **names = NULL;
    size_t n = 0;
    struct error other;
    if (!session_run(run->session, "ROLLBACK TO SAVEPOINT segue_check", &other) ||
        !session_query(run->session, sql_check_types, 0, NULL, &rows, &other)) {
        *err = other;
        return false;
    }
    for (size_t i = 0; i < rows_count(rows); i++)
        ARENA_PUSH(run->arena, names, n, rows_get(rows, i, 0));
    const char *nearest = nearest_word(bare(run->arena, type), names, n);
    return nearest ? error_hint(err, "did you mean %s?", nearest)
                   : error_hint(err, "create the type in this file, or before it");
}

bool check_column_type(struct check_run *run, const struct change *change, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    struct name scratch = check_scratch_name(run, "type");
    pg_append(&sql, "CREATE TABLE %Q (%I %s", scratch.schema, scratch.name, change->column, change->type);
    if (change->collation)
        pg_append(&sql, " COLLATE %s", change->collation);
    text_append_char(&sql, ')');
    if (session_run(run->session, text_string(&sql), err))
        return true;
    check_refuse(run, change->place, err);
    if (err->class == ERROR_REFUSED && strcmp(err->sqlstate, "42704") == 0 && strstr(err->message, "type \""))
        hint_nearest(run, change->type, err);
    return false;
}
