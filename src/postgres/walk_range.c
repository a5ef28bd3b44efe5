/* Where a walk ends, and where each of its chunks does: by key, or by the places of the rows. */

#include <stdlib.h>

#include "postgres/walk_internal.h"

enum { ROWS_A_PAGE_GUESS = 50 };

/* "a::text AS _segue_key_1, …" as output. The names matter: ORDER BY a would otherwise mean an output column of that name, and
 * sort by its text. */
static void append_output(struct text *sql, const struct walk *walk)
{
    for (size_t i = 0; i < walk->n_keys; i++)
        text_printf(sql, "%s%s::text AS _segue_key_%zu", i ? ", " : "", walk->keys[i], i + 1);
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
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (walk_by_page(walk)) {
        ARENA_PUSH(chunk->arena, statement.values, statement.n, walk->table);
        text_append(&statement.sql,
                    "SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint, "
                    "pg_relation_filenode($1::regclass) WHERE pg_relation_size($1::regclass) > 0");
    } else {
        text_append(&statement.sql, "SELECT ");
        append_output(&statement.sql, walk);
        text_printf(&statement.sql, " FROM ONLY %s ORDER BY ", walk->table);
        walk_append_keys(&statement.sql, walk, " DESC");
        text_append(&statement.sql, " LIMIT 1");
    }
    if (!walk_run(session, &statement, &rows, err))
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
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    set_place(chunk, arena_printf(chunk->arena, "%lld", (long long)page + 1));
    text_printf(&statement.sql, "SELECT btrim(ctid::text, '()') FROM ONLY %s WHERE ", walk->table);
    walk_append_range(&statement, walk, chunk, chunk->bound);
    text_printf(&statement.sql, " ORDER BY ctid OFFSET %ld LIMIT 1", chunk->rows_wanted);
    if (!walk_run(session, &statement, &rows, err))
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
    if (walk_by_page(walk))
        return find_page_bound(session, walk, chunk, err);
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&statement.sql, "SELECT ");
    append_output(&statement.sql, walk);
    text_printf(&statement.sql, " FROM ONLY %s WHERE ", walk->table);
    walk_append_range(&statement, walk, chunk, chunk->next.finish);
    text_append(&statement.sql, " ORDER BY ");
    walk_append_keys(&statement.sql, walk, "");
    text_printf(&statement.sql, " OFFSET %ld LIMIT 1", chunk->rows_wanted - 1);
    if (!walk_run(session, &statement, &rows, err))
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
