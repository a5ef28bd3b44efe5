/*
 * The statements of a chunk. Keys are compared as rows, (a, b) > ($1, $2), which a btree index on (a, b) answers directly.
 * Key columns and the table come quoted from the plan; values are parameters.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/format.h"
#include "postgres/walk_internal.h"

enum { SAMPLE_LIMIT = 5, ROWS_A_PAGE_GUESS = 50 };

/* A statement with its parameters. */
struct statement {
    struct text sql;
    const char **values;
    size_t n;
};

static void statement_cleanup(struct statement *statement)
{
    text_free(&statement->sql);
}

static bool by_page(const struct walk *walk)
{
    return walk->n_keys == 0 || walk->by_place;
}

/* "a, b", or with a suffix after each: "a::text, b::text". */
static void append_keys(struct text *sql, const struct walk *walk, const char *suffix)
{
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(sql, "%s%s%s", i ? ", " : "", walk->keys[i], suffix);
}

/* "a::text AS _segue_key_1, …" as output. The names matter: ORDER BY a would otherwise mean an output column of that name, and
 * sort by its text. */
static void append_output(struct text *sql, const struct walk *walk)
{
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(sql, "%s%s::text AS _segue_key_%zu", i ? ", " : "", walk->keys[i], i + 1);
}

/* "(a, b) > ($3::integer, $4::text)", the values becoming parameters. */
static void append_comparison(struct statement *statement, const struct walk *walk, const char *operator,
                              const char * const * values, struct arena *arena)
{
    text_append(&statement->sql, "(");
    append_keys(&statement->sql, walk, "");
    text_printf(&statement->sql, ") %s (", operator);
    for (size_t i = 0; i < walk->n_keys; i++) {
        ARENA_PUSH(arena, statement->values, statement->n, values[i]);
        text_printf(&statement->sql, "%s$%zu::%s", i ? ", " : "", statement->n, walk->key_types[i]);
    }
    text_append(&statement->sql, ")");
}

/* A place is "page" or "page,item". */
static void append_place(struct text *sql, const char *place)
{
    text_printf(sql, strchr(place, ',') ? "'(%s)'::tid" : "'(%s,0)'::tid", place);
}

/* The range of a chunk as a condition; `last` NULL: from the first row. */
static void append_range(struct statement *statement, const struct walk *walk, const struct walk_chunk *chunk,
                         const char *const *top)
{
    const char *const *last = chunk->next.last;
    if (by_page(walk)) {
        text_append(&statement->sql, "ctid >= ");
        append_place(&statement->sql, last ? last[0] : "0");
        text_append(&statement->sql, " AND ctid < ");
        append_place(&statement->sql, top[0]);
        return;
    }
    if (last) {
        append_comparison(statement, walk, ">", last, chunk->arena);
        text_append(&statement->sql, " AND ");
    }
    append_comparison(statement, walk, "<=", top, chunk->arena);
}

static bool run(struct session *session, const struct statement *statement, struct rows **rows,
                struct error *err)
{
    return session_query(session, text_string(&statement->sql), statement->n, statement->values, rows, err);
}

/* The first row of a result as a key in the chunk's arena; NULL when there is no row. */
static const char **take_key(struct arena *arena, const struct rows *rows, size_t *n)
{
    const char **key = NULL;
    *n = 0;
    if (rows_count(rows) == 0)
        return NULL;
    for (size_t i = 0; i < rows_columns(rows); i++) {
        const char *value = rows_get(rows, 0, i);
        ARENA_PUSH(arena, key, *n, arena_strdup(arena, value ? value : ""));
    }
    return key;
}

bool walk_find_finish(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                      struct error *err)
{
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (by_page(walk)) {
        ARENA_PUSH(chunk->arena, statement.values, statement.n, walk->table);
        text_append(&statement.sql,
                    "SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint, "
                    "pg_relation_filenode($1::regclass) WHERE pg_relation_size($1::regclass) > 0");
    } else {
        text_append(&statement.sql, "SELECT ");
        append_output(&statement.sql, walk);
        text_printf(&statement.sql, " FROM ONLY %s ORDER BY ", walk->table);
        append_keys(&statement.sql, walk, " DESC");
        text_append(&statement.sql, " LIMIT 1");
    }
    if (!run(session, &statement, &rows, err))
        return false;
    chunk->next.finish = take_key(chunk->arena, rows, &chunk->next.n_finish);
    chunk->next.finished = chunk->next.finish == NULL;
    return true;
}

static void set_place(struct walk_chunk *chunk, const char *place)
{
    const char **key = arena_alloc(chunk->arena, sizeof *key);
    key[0] = place;
    chunk->bound = key;
    chunk->n_bound = 1;
}

/* A part of a page: a page can hold the places of hundreds of rows of many megabytes each. */
static bool find_item_bound(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                            int64_t page, bool *found, struct error *err)
{
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    set_place(chunk, arena_printf(chunk->arena, "%lld", (long long)page + 1));
    text_printf(&statement.sql, "SELECT btrim(ctid::text, '()') FROM ONLY %s WHERE ", walk->table);
    append_range(&statement, walk, chunk, chunk->bound);
    text_printf(&statement.sql, " ORDER BY ctid OFFSET %ld LIMIT 1", chunk->rows_wanted);
    if (!run(session, &statement, &rows, err))
        return false;
    *found = rows_count(rows) > 0;
    if (*found)
        set_place(chunk, arena_strdup(chunk->arena, rows_get(rows, 0, 0)));
    return true;
}

static double rows_a_page(const struct walk_progress *next, int64_t finish)
{
    double rows = next->rows_total > 0 && finish > 0 ? next->rows_total / (double)finish : ROWS_A_PAGE_GUESS;
    if (next->n_finish > 2) /* a lane: told when the table was divided */
        rows = strtod(next->finish[2], NULL);
    return rows > 1 ? rows : 1;
}

/* Pages hold about as many rows everywhere, which is enough: the pace corrects by time. */
static bool find_page_bound(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                            struct error *err)
{
    struct walk_progress *next = &chunk->next;
    int64_t finish = strtoll(next->finish[0], NULL, 10);
    int64_t from = next->last ? strtoll(next->last[0], NULL, 10) : 0;
    double rows = rows_a_page(next, finish);
    int64_t pages = (int64_t)((double)chunk->rows_wanted / rows);
    bool found = false;
    if (pages < 1 && from < finish && !find_item_bound(session, walk, chunk, from, &found, err))
        return false;
    chunk->rows = chunk->rows_wanted;
    if (found)
        return true;
    int64_t bound = from + (pages > 0 ? pages : 1);
    if (bound >= finish) {
        bound = finish;
        next->finished = true;
    }
    if (pages > 0)
        chunk->rows = (long)((double)(bound - from) * rows);
    set_place(chunk, arena_printf(chunk->arena, "%lld", (long long)bound));
    return true;
}

bool walk_find_bound(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                     struct error *err)
{
    if (by_page(walk))
        return find_page_bound(session, walk, chunk, err);
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&statement.sql, "SELECT ");
    append_output(&statement.sql, walk);
    text_printf(&statement.sql, " FROM ONLY %s WHERE ", walk->table);
    append_range(&statement, walk, chunk, chunk->next.finish);
    text_append(&statement.sql, " ORDER BY ");
    append_keys(&statement.sql, walk, "");
    text_printf(&statement.sql, " OFFSET %ld LIMIT 1", chunk->rows_wanted - 1);
    if (!run(session, &statement, &rows, err))
        return false;
    chunk->bound = take_key(chunk->arena, rows, &chunk->n_bound);
    chunk->rows = chunk->rows_wanted;
    if (chunk->bound)
        return true;
    chunk->bound = chunk->next.finish;
    chunk->n_bound = chunk->next.n_finish;
    chunk->next.finished = true;
    chunk->rows = -1;
    return true;
}

static void append_where(struct statement *statement, const struct walk *walk, const struct walk_chunk *chunk)
{
    text_append(&statement->sql, " WHERE ");
    append_range(statement, walk, chunk, chunk->bound);
    if (walk->where)
        text_printf(&statement->sql, " AND (%s)", walk->where);
}

void walk_append_where(const struct walk *walk, const struct walk_chunk *chunk, struct text *sql,
                       const char ***values, size_t *n)
{
    struct statement statement = {.sql = *sql, .values = *values, .n = *n};
    append_where(&statement, walk, chunk);
    *sql = statement.sql;
    *values = statement.values;
    *n = statement.n;
}

void walk_append_label(const struct walk *walk, struct text *sql)
{
    if (walk->n_keys == 0) {
        text_append(sql, "'(ctid) = (' || ctid::text || ')'");
        return;
    }
    SEGUE_CLEANUP(text_free) struct text names = {0};
    append_keys(&names, walk, "");
    text_append(&names, ") = (");
    pg_append(sql, "'(' || %L || concat_ws(', ', ", text_string(&names));
    append_keys(sql, walk, "::text");
    text_append(sql, ") || ')'");
}

static bool update(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                   struct error *err)
{
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *as = walk->alias ? " AS " : "", *alias = walk->alias ? walk->alias : "";
    if (walk->remove)
        text_printf(&statement.sql, "DELETE FROM ONLY %s%s%s", walk->table, as, alias);
    else
        text_printf(&statement.sql, "UPDATE ONLY %s%s%s SET %s", walk->table, as, alias, walk->set);
    append_where(&statement, walk, chunk);
    if (!run(session, &statement, &rows, err))
        return false;
    if (chunk->rows < 0)
        chunk->rows = (long)rows_affected(rows);
    return true;
}

void walk_append_copied(const struct walk *walk, struct text *sql)
{
    text_printf(sql, "WITH _segue_rows AS MATERIALIZED (SELECT _segue_row FROM ONLY %s AS _segue_row",
                walk->table);
}

/* Each statement locks the rows that it copies, in the order of the key: a row that is gone, or changed so that it has no copy any
 * more, when the lock is had, is not copied; one that is locked waits for its change until the copy is there to be changed. */
static bool copy(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                 struct error *err)
{
    for (size_t i = 0; i < walk->n_copies; i++) {
        SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
        SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
        walk_append_copied(walk, &statement.sql);
        append_where(&statement, walk, chunk);
        text_printf(&statement.sql, " FOR SHARE OF _segue_row) %s", walk->copies[i]);
        if (!run(session, &statement, &rows, err))
            return false;
        if (chunk->rows < 0)
            chunk->rows = (long)rows_affected(rows);
    }
    return true;
}

static size_t lines(const struct text *text)
{
    size_t n = 0;
    for (const char *c = text_string(text); *c; c++)
        n += *c == '\n';
    return n;
}

/* Readable keys of rows that differ, a line each. */
static bool take_sample(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                        struct error *err)
{
    size_t have = lines(chunk->sample);
    if (have >= SAMPLE_LIMIT)
        return true;
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&statement.sql, "SELECT concat_ws(', ', ");
    if (walk->n_keys == 0)
        text_append(&statement.sql, "ctid::text");
    append_keys(&statement.sql, walk, "::text");
    text_printf(&statement.sql, ") FROM ONLY %s", walk->table);
    append_where(&statement, walk, chunk);
    text_printf(&statement.sql, " AND (%s) IS NOT FALSE LIMIT %zu", walk->mismatch, SAMPLE_LIMIT - have);
    if (!run(session, &statement, &rows, err))
        return false;
    append_keys(&names, walk, "");
    for (size_t i = 0; i < rows_count(rows); i++)
        text_printf(chunk->sample, "(%s) = (%s)\n", walk->n_keys == 0 ? "ctid" : text_string(&names),
                    rows_get(rows, i, 0));
    return true;
}

/* A comparison that yields NULL proves nothing, so it counts as a difference. */
static bool compare(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                    struct error *err)
{
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_printf(&statement.sql, "SELECT count(*), count(*) FILTER (WHERE (%s) IS NOT FALSE) FROM ONLY %s",
                walk->mismatch, walk->table);
    append_where(&statement, walk, chunk);
    if (!run(session, &statement, &rows, err))
        return false;
    double different = strtod(rows_get(rows, 0, 1), NULL);
    if (chunk->rows < 0)
        chunk->rows = strtol(rows_get(rows, 0, 0), NULL, 10);
    if (different == 0)
        return true;
    chunk->mismatches += different;
    return take_sample(session, walk, chunk, err);
}

/* Rows are where they were when the walk began, unless someone has written the whole table anew: then places mean nothing. */
static bool look_at_file(struct session *session, const struct walk *walk, const struct walk_chunk *chunk,
                         bool *same, struct error *err)
{
    char file[32];
    bool null;
    *same = true;
    if (chunk->next.n_finish < 2)
        return true;
    if (!session_value(session, "SELECT pg_relation_filenode($1::regclass)::text", 1, &walk->table, file,
                       sizeof file, &null, err))
        return false;
    *same = !null && strcmp(file, chunk->next.finish[1]) == 0;
    return true;
}

bool walk_same_file(struct session *session, const struct walk *walk, const struct walk_chunk *chunk,
                    struct error *err)
{
    bool same;
    if (!look_at_file(session, walk, chunk, &same, err))
        return false;
    if (same)
        return true;
    error_set(err, ERROR_REFUSED,
              "%s was written anew while its rows were copied (VACUUM FULL, CLUSTER, TRUNCATE)", walk->table);
    return error_hint(err, "segue rollback, then start again");
}

static bool insert(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                   struct error *err)
{
    SEGUE_CLEANUP(statement_cleanup) struct statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&statement.sql, walk->insert);
    append_where(&statement, walk, chunk);
    if (!run(session, &statement, &rows, err))
        return false;
    chunk->rows = (long)rows_affected(rows);
    return walk_same_file(session, walk, chunk, err);
}

bool walk_find_moved(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                     struct error *err)
{
    bool same;
    if (!by_page(walk) || walk->insert)
        return true;
    if (!look_at_file(session, walk, chunk, &same, err))
        return false;
    if (same)
        return true;
    chunk->next.last = chunk->next.finish = NULL;
    chunk->next.n_last = chunk->next.n_finish = 0;
    chunk->next.finished = false;
    chunk->next.rows_done = 0;
    chunk->bound = NULL;
    chunk->n_bound = 0;
    chunk->rows = 0;
    return true;
}

bool walk_do_range(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                   struct error *err)
{
    if (walk->insert)
        return insert(session, walk, chunk, err);
    if (walk->n_copies)
        return copy(session, walk, chunk, err);
    return walk->set || walk->remove ? update(session, walk, chunk, err) : compare(session, walk, chunk, err);
}
