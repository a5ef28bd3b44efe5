#include "postgres/observe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"

static const char *keep(struct arena *arena, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? arena_strdup(arena, value) : NULL;
}

static bool is_true(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value && strcmp(value, "t") == 0;
}

static double number(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? strtod(value, NULL) : 0;
}

bool pg_observe_own(struct session *session, struct arena *arena, struct observed_lock **out, size_t *n,
                    struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_observe_own, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct observed_lock lock = {.own = true,
                                           .relation = keep(arena, rows, i, 0),
                                           .mode = keep(arena, rows, i, 1),
                                           .granted = true};
        ARENA_PUSH(arena, *out, *n, lock);
    }
    return true;
}

bool pg_observe_locks(struct session *session, struct arena *arena, struct observed_lock **out, size_t *n,
                      struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_observe_locks, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct observed_lock lock = {.pid = (int)number(rows, i, 0),
                                           .own = is_true(rows, i, 1),
                                           .holding = keep(arena, rows, i, 2),
                                           .relation = keep(arena, rows, i, 3),
                                           .mode = keep(arena, rows, i, 4),
                                           .granted = is_true(rows, i, 5),
                                           .waited = number(rows, i, 6)};
        ARENA_PUSH(arena, *out, *n, lock);
    }
    return true;
}

bool pg_observe_statements(struct session *session, double seconds, struct arena *arena,
                           struct observed_statement **out, size_t *n, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    char least[40];
    const char *values[] = {least};
    (void)snprintf(least, sizeof least, "%.6f", seconds);
    if (!session_query(session, sql_observe_statements, SEGUE_COUNT(values), values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct observed_statement statement = {.application = keep(arena, rows, i, 0),
                                                     .text = keep(arena, rows, i, 1),
                                                     .seconds = number(rows, i, 2)};
        ARENA_PUSH(arena, *out, *n, statement);
    }
    return true;
}

bool pg_observe_deadlocks(struct session *session, double *out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_observe_deadlocks, 0, NULL, &rows, err))
        return false;
    *out = rows_count(rows) ? number(rows, 0, 0) : 0;
    return true;
}

static bool read_sequence(struct session *session, const char *query, struct observed_sequence *out,
                          struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, query, 0, NULL, &rows, err))
        return false;
    out->used = is_true(rows, 0, 0);
    out->last = out->used ? strtoll(rows_get(rows, 0, 1), NULL, 10) : 0;
    out->any = rows_get(rows, 0, 2) != NULL;
    out->highest = out->any ? strtoll(rows_get(rows, 0, 2), NULL, 10) : 0;
    return true;
}

bool pg_observe_sequences(struct session *session, struct arena *arena, struct observed_sequence **out,
                          size_t *n, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_observe_sequences, 0, NULL, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        struct observed_sequence sequence = {.name = keep(arena, rows, i, 0),
                                             .column = keep(arena, rows, i, 1)};
        if (!read_sequence(session, rows_get(rows, i, 2), &sequence, err))
            return false;
        ARENA_PUSH(arena, *out, *n, sequence);
    }
    return true;
}
