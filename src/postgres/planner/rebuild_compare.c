/* Rebuild: whether the new table holds the rows of the old one, by checksums in one snapshot. */
#include <string.h>

#include "base/text.h"
#include "postgres/format.h"
#include "postgres/planner/rebuild_internal.h"
#include "postgres/planner/sync.h"

/* Types with a hash function of their own, which costs half of what the general one for rows takes: by their names in the catalog and as
 * format_type prints them. cast: what the function takes, where it is another type or collation. */
static const struct hashed {
    const char *name, *printed, *function, *cast;
} hashed_types[] = {
    {"int2", "smallint", "hashint2extended", ""},
    {"int4", "integer", "hashint4extended", ""},
    {"int8", "bigint", "hashint8extended", ""},
    {"numeric", "numeric", "hash_numeric_extended", ""},
    {"text", "text", "hashtextextended", " COLLATE \"C\""},
    {"varchar", "character varying", "hashtextextended", "::pg_catalog.text COLLATE \"C\""},
    {"bpchar", "character", "hashbpcharextended", " COLLATE \"C\""},
    {"uuid", "uuid", "uuid_hash_extended", ""},
};

/* Types that the hash function of rows takes as they are. Others by their text. */
static bool is_hashed_in_row(const struct column *column)
{
    static const char *const names[] = {"bool",   "timestamp", "timestamptz", "date", "time",
                                        "float4", "float8",    "bytea",       "oid",  "interval"};
    for (size_t i = 0; i < SEGUE_COUNT(names); i++)
        if (!column->type_is_array && strcmp(column->type_schema, "pg_catalog") == 0 &&
            strcmp(column->type_name, names[i]) == 0)
            return true;
    return false;
}

static const struct hashed *hashed_of(const struct column *column)
{
    for (size_t i = 0; i < SEGUE_COUNT(hashed_types); i++)
        if (!column->type_is_array && strcmp(column->type_schema, "pg_catalog") == 0 &&
            strcmp(column->type_name, hashed_types[i].name) == 0)
            return &hashed_types[i];
    return NULL;
}

static const struct hashed *hashed_of_printed(const char *type)
{
    for (size_t i = 0; i < SEGUE_COUNT(hashed_types); i++) {
        size_t length = strlen(hashed_types[i].printed);
        bool same = strncmp(type, hashed_types[i].printed, length) == 0;
        if (same && (type[length] == '\0' || (type[length] == '(' && type[strlen(type) - 1] == ')')))
            return &hashed_types[i];
    }
    return NULL;
}

/* What a row's hash is made of. */
struct hashes {
    struct text
        terms; /* joined by XOR; each has a seed of its own, so that values do not change places unnoticed */
    struct text row; /* what the hash function of rows takes */
    int n;
};

static void add_value(struct hashes *hashes, const struct hashed *hashed, const char *value, bool as_text)
{
    hashes->n++;
    if (hashed)
        text_printf(&hashes->terms, "%sCOALESCE(pg_catalog.%s(%s%s, %d), %d)",
                    hashes->terms.length ? " OPERATOR(pg_catalog.#) " : "", hashed->function, value,
                    hashed->cast, hashes->n, hashes->n);
    else
        text_printf(&hashes->row, "%s%s%s", hashes->row.length ? ", " : "", value,
                    as_text ? "::pg_catalog.text COLLATE \"C\"" : "");
}

const char *rebuild_row_hash(const struct rebuild *rebuild, bool hidden)
{
    struct arena *arena = rebuild->arena;
    const struct model_table *table = rebuild->table;
    struct hashes hashes = {0};
    for (size_t i = 0; i < table->origin->n_columns; i++) {
        const struct column *column = &table->origin->columns[i];
        add_value(&hashes, hashed_of(column), pg_format(arena, "%I", column->name),
                  !is_hashed_in_row(column));
    }
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct model_column *column = &table->columns[i];
        if (!column->hidden || column->dropped || !column->up.expr || column->up.has_subquery)
            continue; /* another table may have changed since */
        const char *value =
            hidden ? pg_format(arena, "(%I)", column->physical)
                   : pg_format(arena, "((%s)::%s)",
                               sync_value(rebuild->steps->model, table, &column->up, true, ""), column->type);
        add_value(&hashes, hashed_of_printed(column->type), value, true);
    }
    if (hashes.row.length)
        text_printf(&hashes.terms, "%spg_catalog.hash_record_extended(ROW(%s), 0)",
                    hashes.terms.length ? " OPERATOR(pg_catalog.#) " : "", hashes.row.data);
    const char *result = arena_strdup(arena, text_string(&hashes.terms));
    text_free(&hashes.terms);
    text_free(&hashes.row);
    return result;
}

/* No function: inside of one the server would not share the work among several processes. */
const char *rebuild_compare(const struct rebuild *rebuild)
{
    return pg_format(
        rebuild->arena,
        "SELECT (ROW(a.n, a.h) IS DISTINCT FROM ROW(b.n, b.h))::pg_catalog.int4::pg_catalog.int8\n"
        "FROM (SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s) AS a,\n"
        "     (SELECT pg_catalog.count(*) AS n, pg_catalog.sum(%s) AS h FROM ONLY %s) AS b",
        rebuild_row_hash(rebuild, false), rebuild->table->real, rebuild_row_hash(rebuild, true),
        rebuild->copy);
}
