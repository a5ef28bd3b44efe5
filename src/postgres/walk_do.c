/* What a walk does between the bounds of a chunk: it updates, removes, copies, compares. */

#include <stdlib.h>

#include "postgres/walk_internal.h"

enum { SAMPLE_LIMIT = 5 };

static bool update(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                   struct error *err)
{
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *as = walk->alias ? " AS " : "", *alias = walk->alias ? walk->alias : "";
    if (walk->remove)
        text_printf(&statement.sql, "DELETE FROM ONLY %s%s%s", walk->table, as, alias);
    else
        text_printf(&statement.sql, "UPDATE ONLY %s%s%s SET %s", walk->table, as, alias, walk->set);
    walk_append_where(&statement, walk, chunk);
    if (!walk_run(session, &statement, &rows, err))
        return false;
    if (chunk->rows < 0)
        chunk->rows = (long)rows_affected(rows);
    return true;
}

/* Each statement locks the rows that it copies, in the order of the key: a row that is gone, or changed so that it has no copy any
 * more, when the lock is had, is not copied; one that is locked waits for its change until the copy is there to be changed. */
static bool copy(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                 struct error *err)
{
    for (size_t i = 0; i < walk->n_copies; i++) {
        SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
        SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
        walk_append_copied(walk, &statement.sql);
        walk_append_where(&statement, walk, chunk);
        text_printf(&statement.sql, " FOR SHARE OF _segue_row) %s", walk->copies[i]);
        if (!walk_run(session, &statement, &rows, err))
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
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(text_free) struct text names = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&statement.sql, "SELECT concat_ws(', ', ");
    if (walk->n_keys == 0)
        text_append(&statement.sql, "ctid::text");
    walk_append_keys(&statement.sql, walk, "::text");
    text_printf(&statement.sql, ") FROM ONLY %s", walk->table);
    walk_append_where(&statement, walk, chunk);
    text_printf(&statement.sql, " AND (%s) IS NOT FALSE LIMIT %zu", walk->mismatch, SAMPLE_LIMIT - have);
    if (!walk_run(session, &statement, &rows, err))
        return false;
    walk_append_keys(&names, walk, "");
    for (size_t i = 0; i < rows_count(rows); i++)
        text_printf(chunk->sample, "(%s) = (%s)\n", walk->n_keys == 0 ? "ctid" : text_string(&names),
                    rows_get(rows, i, 0));
    return true;
}

/* A comparison that yields NULL proves nothing, so it counts as a difference. */
static bool compare(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                    struct error *err)
{
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_printf(&statement.sql, "SELECT count(*), count(*) FILTER (WHERE (%s) IS NOT FALSE) FROM ONLY %s",
                walk->mismatch, walk->table);
    walk_append_where(&statement, walk, chunk);
    if (!walk_run(session, &statement, &rows, err))
        return false;
    double different = strtod(rows_get(rows, 0, 1), NULL);
    if (chunk->rows < 0)
        chunk->rows = strtol(rows_get(rows, 0, 0), NULL, 10);
    if (different == 0)
        return true;
    chunk->mismatches += different;
    return take_sample(session, walk, chunk, err);
}

static bool insert(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                   struct error *err)
{
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&statement.sql, walk->insert);
    walk_append_where(&statement, walk, chunk);
    text_append(&statement.sql, WALK_INSERT_END);
    if (!walk_run(session, &statement, &rows, err))
        return false;
    chunk->rows = (long)rows_affected(rows);
    return walk_same_file(session, walk, chunk, err);
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
