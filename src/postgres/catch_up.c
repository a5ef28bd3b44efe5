/* Into a new table: its lanes, and bringing it up to date. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "postgres/capture.h"
#include "postgres/walk.h"
#include "sql.h"

enum { NUMBER_SIZE = 32, LOCK_TIMEOUT_MS = 1000 };

bool pg_walk_divide(struct session *session, int64_t id, const struct step *step, int wanted, int *n,
                    struct error *err)
{
    char id_text[NUMBER_SIZE], lanes[NUMBER_SIZE], rows[NUMBER_SIZE], count[NUMBER_SIZE];
    bool null;
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    (void)snprintf(lanes, sizeof lanes, "%d", wanted);
    (void)snprintf(rows, sizeof rows, "%.0f", step->walk->rows);
    const char *values[] = {id_text, step->id, step->walk->table, lanes, rows};
    if (!session_query(session, sql_walk_divide, SEGUE_COUNT(values), values, NULL, err) ||
        !session_value(session, sql_walk_lanes, 2, values, count, sizeof count, &null, err))
        return false;
    *n = (int)strtol(count, NULL, 10);
    return true;
}

/* parameter: the query has one, with this value or NULL. */
static bool number(struct session *session, const char *query, size_t n, const char *parameter, double *out,
                   struct error *err)
{
    char value[NUMBER_SIZE];
    bool null;
    if (!session_value(session, query, n, &parameter, value, sizeof value, &null, err))
        return false;
    *out = null ? 0 : strtod(value, NULL);
    return true;
}

/*
 * What is lost with a server that falls down is lost as a whole: the keys are still in the journal then. The table is locked before the
 * snapshot is taken: to one that is older than a TRUNCATE or an ALTER TABLE that writes the rows anew, the table is empty.
 */
static bool begin(struct session *session, const char *table, int jobs, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    text_printf(
        &sql,
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = 0; "
        "SET LOCAL synchronous_commit = off; SET LOCAL jit = off; SET LOCAL parallel_setup_cost = 0; "
        "SET LOCAL parallel_tuple_cost = 0; SET LOCAL max_parallel_workers_per_gather = %d; LOCK TABLE ONLY %s IN ACCESS SHARE MODE",
        LOCK_TIMEOUT_MS, jobs > 1 ? jobs - 1 : 0, table);
    return session_run(session, text_string(&sql), err);
}

/* The transaction's snapshot is taken by its first query. */
static bool begin_captured(struct session *session, const struct catch_up *what, struct error *err)
{
    if (!what->capturer)
        return begin(session, what->table, what->jobs, err);
    if (!pg_capture_hold(what->capturer, err))
        return false;
    bool good = begin(session, what->table, what->jobs, err) &&
                session_query(session, "SELECT pg_catalog.pg_current_snapshot()", 0, NULL, NULL, err) &&
                pg_capture_gather(what->capturer, session, err);
    pg_capture_release(what->capturer);
    return good;
}

static bool attempt(struct session *session, const struct catch_up *what, const char *migration,
                    double *changes, double *count, struct error *err)
{
    bool good = begin_captured(session, what, err) &&
                number(session, what->query, 1, migration, changes, err) &&
                (migration || !what->check || *changes > what->few ||
                 number(session, what->check, 0, NULL, count, err));
    return session_end(session, good, err);
}

static void read_part(const struct rows *rows, struct catch_up_part *part, struct arena *arena)
{
    const char *done = rows_get(rows, 0, 0), *came = rows_get(rows, 0, 1), *next = rows_get(rows, 0, 2),
               *differs = rows_get(rows, 0, 3);
    part->any = done != NULL;
    part->rows = done ? strtod(done, NULL) : 0;
    part->came = came ? strtod(came, NULL) : 0;
    part->next = next ? arena_strdup(arena, next) : NULL;
    part->differs = differs && strcmp(differs, "t") == 0;
}

/* An index is read for each row, whatever the statistics say: nobody has made any yet. */
bool pg_catch_up_part(struct session *session, const struct catch_up *what, const char *parts,
                      struct catch_up_part *part, struct arena *arena, struct error *err)
{
    char wanted[NUMBER_SIZE];
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    (void)snprintf(wanted, sizeof wanted, "%.0f", part->wanted);
    const char *values[] = {part->at, wanted};
    if (!(part->noted ? begin(session, what->table, 1, err) : begin_captured(session, what, err)))
        return session_end(session, false, err);
    int64_t began = clock_us();
    bool good = session_run(session,
                            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; "
                            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off",
                            err) &&
                session_query(session, parts, SEGUE_COUNT(values), values, &rows, err);
    if (good)
        read_part(rows, part, arena);
    good = session_end(session, good, err);
    part->seconds = (double)(clock_us() - began) / 1e6;
    return good;
}

static bool any_left(struct session *session, int64_t id, bool *left, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct stubborn *list;
    size_t n;
    if (!pg_stubborn(session, id, NULL, arena, &list, &n, err))
        return false;
    *left = n > 0;
    return true;
}

/* All at once, as long as no row fails; else row by row, so that those which fail are known and the others are there. */
bool pg_catch_up(struct session *session, const struct catch_up *what, double *changes, double *count,
                 struct error *err)
{
    char id[NUMBER_SIZE];
    bool left;
    *count = 0;
    (void)snprintf(id, sizeof id, "%" PRId64, what->id);
    if (!any_left(session, what->id, &left, err))
        return false;
    if (!left) {
        if (attempt(session, what, NULL, changes, count, err))
            return true;
        if (!session_failed_at_row(err))
            return false;
    }
    if (!attempt(session, what, id, changes, count, err) || !any_left(session, what->id, &left, err))
        return false;
    return left || attempt(session, what, NULL, changes, count, err);
}
