/* Rebuild: whether the new table holds the rows of the old one, by checksums in one snapshot. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"
#include "postgres/planner/sync.h"

/* Types whose values are hashed as they are: equal hashes for equal values, and no cheaper way. Others by their text. */
static bool is_hashed(const struct column *column)
{
    static const char *const names[] = {"int2",    "int4",   "int8",      "bool",        "text", "varchar",
                                        "bpchar",  "uuid",   "timestamp", "timestamptz", "date", "time",
                                        "numeric", "float4", "float8",    "bytea",       "oid",  "interval"};
    for (size_t i = 0; i < SEGUE_COUNT(names); i++)
        if (!column->type_is_array && strcmp(column->type_schema, "pg_catalog") == 0 &&
            strcmp(column->type_name, names[i]) == 0)
            return true;
    return false;
}

/* A checksum of a row that does not depend on the order of rows when summed. hidden: the copy's own columns, or else what they must be. */
static const char *row_hash(const struct rebuild *rebuild, bool hidden)
{
    const struct model_table *table = rebuild->table;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    for (size_t i = 0; i < table->origin->n_columns; i++)
        pg_append(&out, "%s%I%s", i ? ", " : "", table->origin->columns[i].name,
                  is_hashed(&table->origin->columns[i]) ? "" : "::pg_catalog.text");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped || !column->up.expr)
            continue;
        if (hidden)
            pg_append(&out, ", (%I)::pg_catalog.text", column->physical);
        else
            pg_append(&out, ", ((%s)::%s)::pg_catalog.text",
                      sync_value(rebuild->steps->model, table, &column->up, true, ""), column->type);
    }
    return pg_format(rebuild->arena, "pg_catalog.hash_record_extended(ROW(%s), 0)", out.data);
}

/* No function: inside of one the server would not share the work among several processes. */
const char *rebuild_compare(const struct rebuild *rebuild)
{
    return pg_format(
        rebuild->arena,
        "SELECT (ROW(a.n, a.h) IS DISTINCT FROM ROW(b.n, b.h))::pg_catalog.int4::pg_catalog.int8\n"
        "FROM (SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s) AS a,\n"
        "     (SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s) AS b",
        row_hash(rebuild, false), rebuild->table->real, row_hash(rebuild, true), rebuild->copy);
}
