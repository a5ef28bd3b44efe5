/* UPDATE and DELETE: data fixes. */
#include "postgres/read_internal.h"

bool read_data_fix(const struct read_statement *s)
{
    struct change change = read_begin(s, CHANGE_DATA_FIX, 0);
    bool update = s->tree->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT;
    const PgQuery__RangeVar *relation =
        update ? s->tree->update_stmt->relation : s->tree->delete_stmt->relation;
    struct data_fix *fix = arena_alloc(s->reader->arena, sizeof *fix);
    struct error err;
    if (!read_relation(s, relation, &change.table))
        return false;
    if (!sql_fix_parse(s->reader->arena, s->text.text, NULL, 0, fix, &err))
        return read_fail(s, 0, "%s", err.message);
    change.fix = fix;
    read_add(s, &change);
    return true;
}
