/* Rows that a walk has left, tried again. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "postgres/walk.h"
#include "postgres/walk_row.h"
#include "sql.h"

enum { NUMBER_SIZE = 32 };

/* Tries one row and forgets it when it has its new shape, or is gone. */
static bool sweep_row(struct session *session, const char *id_text, int64_t id, const struct step *step,
                      const struct walk_row *row, struct error *err)
{
    const char *values[] = {id_text, step->id, row->label};
    if (!session_run(session, "SAVEPOINT segue_row", err))
        return false;
    if (walk_do_row(session, step->walk, row, err))
        return session_query(session, sql_stubborn_remove, SEGUE_COUNT(values), values, NULL, err);
    if (!session_failed_at_row(err))
        return false;
    const struct error cause = *err;
    return session_run(session, "ROLLBACK TO SAVEPOINT segue_row", err) &&
           walk_add_stubborn(session, id, step, row, &cause, err);
}

/* The values of an array of texts, as the server is asked for them one by one. */
static bool read_key(struct session *session, const char *array, struct arena *arena, struct walk_row *row,
                     struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, "SELECT k FROM unnest($1::text[]) WITH ORDINALITY AS u (k, n) ORDER BY n", 1,
                       &array, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++)
        ARENA_PUSH(arena, row->key, row->n_key, arena_strdup(arena, rows_get(rows, i, 0)));
    return true;
}

/* Without a key a row cannot be found again: it may have moved. */
static bool begin_anew(struct session *session, const char *id_text, const struct step *step,
                       struct error *err)
{
    const char *values[] = {id_text, step->id, NULL};
    return session_run(session, "BEGIN", err) &&
           session_end(session,
                       session_query(session, sql_stubborn_remove, 3, values, NULL, err) &&
                           session_query(session, sql_walk_forget, 2, values, NULL, err),
                       err);
}

bool pg_walk_sweep(struct session *session, int64_t id, const struct step *step, bool *again,
                   struct error *err)
{
    char id_text[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text, step->id};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    *again = false;
    if (!session_query(session, sql_stubborn_keys, 2, values, &rows, err))
        return false;
    *again = rows_count(rows) && step->walk->n_keys == 0;
    if (*again)
        return begin_anew(session, id_text, step, err);
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct walk_row row = {.label = rows_get(rows, i, 0)};
        if (!read_key(session, rows_get(rows, i, 1), arena, &row, err) ||
            !walk_begin(session, step->walk, 1, 0, err) ||
            !session_end(session, sweep_row(session, id_text, id, step, &row, err), err))
            return false;
    }
    return true;
}

static const char *keep(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    return arena_strdup(arena, rows_get(rows, row, column));
}

bool pg_stubborn(struct session *session, int64_t id, const char *step, struct arena *arena,
                 struct stubborn **out, size_t *n, struct error *err)
{
    char id_text[NUMBER_SIZE], there[8];
    bool null;
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text, step};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *n = 0;
    if (!session_value(session, sql_stubborn_there, 0, NULL, there, sizeof there, &null, err))
        return false;
    if (strcmp(there, "t") != 0)
        return true;
    if (!session_query(session, sql_stubborn_list, 2, values, &rows, err))
        return false;
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct stubborn){.table = keep(arena, rows, i, 0),
                                      .key = keep(arena, rows, i, 1),
                                      .sqlstate = keep(arena, rows, i, 2),
                                      .message = keep(arena, rows, i, 3),
                                      .tried_at = keep(arena, rows, i, 4)};
    return true;
}
