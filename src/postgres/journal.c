/* The journal of a migration's steps. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/state.h"
#include "sql.h"

enum { NUMBER_SIZE = 32 };

static const char *const words[] = {
    [JOURNAL_NONE] = NULL, [JOURNAL_DONE] = "done", [JOURNAL_UNDONE] = "undone"};

static void read_entry(struct arena *arena, const struct rows *rows, size_t row, struct journal_entry *out)
{
    const char *status = rows_get(rows, row, 1);
    out->step = arena_strdup(arena, rows_get(rows, row, 0));
    out->status = strcmp(status, words[JOURNAL_DONE]) == 0 ? JOURNAL_DONE : JOURNAL_UNDONE;
    out->finished_at = arena_strdup(arena, rows_get(rows, row, 2));
    out->seconds = strtod(rows_get(rows, row, 3), NULL);
}

bool pg_journal_load(struct session *session, int64_t id, struct arena *arena, struct journal_entry **out,
                     size_t *n, struct error *err)
{
    char id_text[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_journal_load, 1, values, &rows, err))
        return false;
    *n = rows_count(rows);
    *out = arena_alloc(arena, (*n + 1) * sizeof **out);
    for (size_t i = 0; i < *n; i++)
        read_entry(arena, rows, i, &(*out)[i]);
    return true;
}

bool pg_journal_write(struct session *session, int64_t id, const char *step, enum journal_status status,
                      double seconds, struct error *err)
{
    char id_text[NUMBER_SIZE], seconds_text[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    (void)snprintf(seconds_text, sizeof seconds_text, "%.6f", seconds);
    const char *values[] = {id_text, step, words[status], seconds_text};
    return session_query(session, sql_journal_write, SEGUE_COUNT(values), values, NULL, err);
}
