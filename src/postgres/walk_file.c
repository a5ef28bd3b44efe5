/* Whether a table that is walked by place was written anew meanwhile. */

#include <string.h>

#include "postgres/walk_internal.h"

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

bool walk_find_moved(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                     struct error *err)
{
    bool same;
    if (!walk_by_page(walk) || walk->insert)
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
