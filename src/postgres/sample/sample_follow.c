/*
 * Rows that others point to. The rows of each table were taken without regard to those of others, so rows of a copy point to rows
 * that it does not have. These are asked for by their keys, again and again, because they point to further ones; it ends with the last
 * of the source's rows at the latest. Where much of a table is missing, all of it is taken.
 */

#include <string.h>

#include "base/compare.h"
#include "base/interrupt.h"
#include "postgres/array.h"
#include "postgres/format.h"
#include "postgres/sample/sample_internal.h"
#include "sql.h"

enum { BATCH = 2000 };

/* Above this share of a table's rows, looking each of them up costs the source more than reading the table. */
static const double MUCH = 0.2;

/* A foreign key, in pieces of SQL (sql/sample_keys.sql). */
struct key {
    const char *child, *parent, *parent_schema, *parent_name;
    const char *child_columns, *parent_columns, *same, *given, *literal;
};

struct following {
    struct sampling *sample;
    const struct sample_wish *wish;
    const struct pump *pump;
    struct key *keys;
    size_t n_keys;
};

static bool read_keys(struct following *following, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(text_free) struct text own = {0};
    struct sampling *sample = following->sample;
    struct arena *arena = sample->source->arena;
    const char *values[] = {pg_array(&own, sample->own_schemas, sample->n_own_schemas)};
    if (!session_query(sample->source->session, sql_sample_keys, SEGUE_COUNT(values), values, &rows, err))
        return false;
    for (size_t row = 0; row < rows_count(rows); row++) {
        struct key key = {0};
        const char **texts[] = {&key.child,       &key.parent,        &key.parent_schema,
                                &key.parent_name, &key.child_columns, &key.parent_columns,
                                &key.same,        &key.given,         &key.literal};
        for (size_t i = 0; i < SEGUE_COUNT(texts); i++)
            *texts[i] = arena_strdup(arena, rows_get(rows, row, i));
        ARENA_PUSH(arena, following->keys, following->n_keys, key);
    }
    return true;
}

static struct sample_table *parent_of(const struct following *following, const struct key *key)
{
    struct sampling *sample = following->sample;
    for (size_t i = 0; i < sample->n_tables; i++)
        if (same_text(sample->tables[i].schema, key->parent_schema) &&
            same_text(sample->tables[i].name, key->parent_name))
            return &sample->tables[i];
    return NULL;
}

static bool find_missing(const struct following *following, const struct key *key, struct arena *arena,
                         struct rows **out, struct error *err)
{
    return session_query(
        following->pump->to,
        pg_format(
            arena,
            "SELECT %s FROM (SELECT DISTINCT %s FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)) c",
            key->literal, key->child_columns, key->child, key->given, key->parent, key->same),
        0, NULL, out, err);
}

/* What the rows of the copy have already is not asked for again: it would be there twice. */
static bool take_all(const struct following *following, struct sample_table *table, const char *read,
                     const char *in, struct arena *arena, struct error *err)
{
    table->whole = true;
    const char *only = table->partitioned ? "" : "ONLY ";
    return session_run(following->pump->to, pg_format(arena, "TRUNCATE %s%s", only, table->relation), err) &&
           pump_copy(following->pump,
                     pg_format(arena, "COPY (SELECT %s FROM %s%s) TO STDOUT", read, only, table->relation),
                     pg_format(arena, "COPY %s (%s) FROM STDIN", table->relation, in), &table->copied, err);
}

static bool take_batch(const struct following *following, const struct key *key, const struct rows *missing,
                       size_t from, const char *read, const char *in, double *copied, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text list = {0};
    for (size_t i = from; i < rows_count(missing) && i < from + BATCH; i++)
        text_printf(&list, "%s%s", i > from ? ", " : "", rows_get(missing, i, 0));
    return pump_copy(following->pump,
                     pg_format(arena, "COPY (SELECT %s FROM %s p WHERE (%s) IN (VALUES %s)) TO STDOUT", read,
                               key->parent, key->parent_columns, text_string(&list)),
                     pg_format(arena, "COPY %Q (%s) FROM STDIN", key->parent_schema, key->parent_name, in),
                     copied, err);
}

static bool take(const struct following *following, const struct key *key, const struct rows *missing,
                 struct sample_table *table, struct arena *arena, struct error *err)
{
    const char *read, *in;
    size_t n = rows_count(missing);
    sample_lists(arena, table, following->wish, &read, &in);
    if (table->rows > 0 && (double)n + table->copied > MUCH * table->rows)
        return take_all(following, table, read, in, arena, err);
    for (size_t from = 0; from < n; from += BATCH) {
        double copied = 0;
        if (!take_batch(following, key, missing, from, read, in, &copied, err))
            return false;
        table->copied += copied;
        following->sample->followed += copied;
    }
    return true;
}

/* One key's missing rows; *any: there were some. */
static bool follow(struct following *following, const struct key *key, bool *any, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(rows_cleanup) struct rows *missing = NULL;
    struct sample_table *table = parent_of(following, key);
    if (!table || table->whole)
        return true;
    if (!find_missing(following, key, arena, &missing, err))
        return false;
    if (rows_count(missing) == 0)
        return true;
    *any = true;
    return take(following, key, missing, table, arena, err);
}

bool sample_follow(struct sampling *sample, const struct sample_wish *wish, const struct pump *pump,
                   struct error *err)
{
    struct following following = {.sample = sample, .wish = wish, .pump = pump};
    if (!read_keys(&following, err))
        return false;
    for (bool any = true; any;) {
        any = false;
        for (size_t i = 0; i < following.n_keys; i++) {
            if (interrupted())
                return error_set(err, ERROR_INTERRUPTED, "interrupted while rows were copied");
            if (!follow(&following, &following.keys[i], &any, err))
                return false;
        }
    }
    return true;
}
