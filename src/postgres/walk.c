#include "postgres/walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "postgres/array.h"
#include "postgres/walk_row.h"
#include "sql.h"

enum {
    NUMBER_SIZE = 32,
    /* A chunk that waits for a row holds the rows it has done already, so it waits for no longer than a blink. */
    LOCK_TIMEOUT_MS = 20,
    /* A chunk of one row holds nothing while it waits. */
    SINGLE_LOCK_TIMEOUT_MS = 1000,
    STATEMENT_TIMEOUT_MS = 60000,
    IDLE_LIMIT_MS = 10000,
    /* So many are tried one by one where one of them fails. */
    FEW_ROWS = 16
};

static const char *boolean(bool value)
{
    return value ? "true" : "false";
}

static bool load_keys(struct session *session, const char *const *values, struct arena *arena,
                      struct walk_progress *progress, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!session_query(session, sql_walk_keys, 2, values, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const char *last = rows_get(rows, i, 0), *finish = rows_get(rows, i, 1);
        if (last)
            ARENA_PUSH(arena, progress->last, progress->n_last, arena_strdup(arena, last));
        if (finish)
            ARENA_PUSH(arena, progress->finish, progress->n_finish, arena_strdup(arena, finish));
    }
    return true;
}

bool pg_walk_load(struct session *session, int64_t id, const struct step *step, struct arena *arena,
                  struct walk_progress *progress, struct error *err)
{
    char id_text[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text, step->id};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *progress = (struct walk_progress){.rows_total = step->walk->rows};
    if (!session_query(session, sql_walk_load, 2, values, &rows, err))
        return false;
    if (rows_count(rows) == 0)
        return true;
    progress->rows_done = strtod(rows_get(rows, 0, 0), NULL);
    progress->rows_total = strtod(rows_get(rows, 0, 1), NULL);
    progress->chunks = strtoll(rows_get(rows, 0, 2), NULL, 10);
    progress->finished = strcmp(rows_get(rows, 0, 3), "t") == 0;
    progress->seconds = strtod(rows_get(rows, 0, 4), NULL);
    return load_keys(session, values, arena, progress, err);
}

static bool store(struct session *session, int64_t id, const struct step *step,
                  const struct walk_progress *progress, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text last = {0};
    SEGUE_CLEANUP(text_free) struct text finish = {0};
    char id_text[NUMBER_SIZE], done[NUMBER_SIZE], total[NUMBER_SIZE], chunks[NUMBER_SIZE];
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    (void)snprintf(done, sizeof done, "%.0f", progress->rows_done);
    (void)snprintf(total, sizeof total, "%.0f", progress->rows_total);
    (void)snprintf(chunks, sizeof chunks, "%" PRId64, progress->chunks);
    const char *values[] = {id_text,
                            step->id,
                            progress->last ? pg_array(&last, progress->last, progress->n_last) : NULL,
                            progress->finish ? pg_array(&finish, progress->finish, progress->n_finish) : NULL,
                            done,
                            total,
                            chunks,
                            boolean(progress->finished)};
    return session_query(session, sql_walk_store, SEGUE_COUNT(values), values, NULL, err);
}

/*
 * An updating chunk does not wait until its commit is on disk, and spares the application that much of the disk: its rows and the
 * progress that counts them are one transaction, so that a server crash forgets both, and the journal row that ends the step
 * is flushed with everything before it.
 *
 * Chunk bounds must be walked on the key's index whatever the statistics say (without this, two sequential scans and a sort a
 * chunk were measured), and no chunk is worth compiling code or starting workers for.
 */
bool walk_begin(struct session *session, const struct walk *walk, long rows, double most_seconds,
                struct error *err)
{
    char sql[640];
    int timeout_ms = rows > 1 && most_seconds > 0 ? (int)(most_seconds * 1e3) : STATEMENT_TIMEOUT_MS;
    bool writes = walk->set || walk->remove || walk->n_copies || walk->insert;
    (void)snprintf(sql, sizeof sql,
                   "BEGIN; SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d; "
                   "SET LOCAL idle_in_transaction_session_timeout = %d; SET LOCAL enable_seqscan = off; "
                   "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; SET LOCAL jit = off; "
                   "SET LOCAL max_parallel_workers_per_gather = 0%s%s%s",
                   rows > 1 ? LOCK_TIMEOUT_MS : SINGLE_LOCK_TIMEOUT_MS, timeout_ms, IDLE_LIMIT_MS,
                   writes ? "; SET LOCAL synchronous_commit = off" : "",
                   writes && walk->silence_triggers ? "; SET LOCAL session_replication_role = replica" : "",
                   /* what is copied is not copied back by the triggers that keep two tables in step */
                   walk->n_copies ? "; SET LOCAL segue.copying = 'on'" : "");
    return session_run(session, sql, err);
}

/* COMMIT, with the fault points of the chunk's end around it. */
static bool commit(struct session *session, const struct step *step, int64_t chunk, struct error *err)
{
    char point[256];
    (void)snprintf(point, sizeof point, "%s/chunk-%" PRId64, step->id, chunk);
    enum fault_action fault = fault_planned(point, FAULT_AFTER);
    if (fault == FAULT_ERROR)
        return error_set(err, ERROR_DATABASE, "fault injected after %s", point);
    if (fault == FAULT_DROP_CONNECTION) {
        session_send_and_drop(session, "COMMIT");
        return error_set(err, ERROR_LOST, "connection dropped after %s", point);
    }
    if (!session_run(session, "COMMIT", err))
        return false;
    (void)fault_at(point, FAULT_AFTER); /* a kill comes when the chunk is durable */
    return true;
}

static double seconds_since(int64_t begin_us)
{
    return (double)(clock_us() - begin_us) / 1e6;
}

/*
 * BEGIN has no rows, so it takes what any statement takes on this network and this machine. Fewer rows would not make that less:
 * a pace that counted it would, a few milliseconds away from the server, end at chunks of one row.
 */
static double row_seconds(const struct walk *walk, double begin_seconds, double seconds)
{
    size_t statements = (walk->n_keys ? 1 : 0) + (walk->n_copies ? walk->n_copies : 1);
    double rows = seconds - (double)statements * begin_seconds;
    return rows > 0 ? rows : 0;
}

/*
 * Rows must not be copied twice. The session of a process that was killed, or of a connection that was lost, may still be at its
 * chunk; whoever has the lane's row goes on from where it stands, and the other one finds that it has moved.
 */
static bool own_lane(struct session *session, int64_t id, const struct step *step,
                     const struct walk_progress *progress, struct error *err)
{
    char id_text[NUMBER_SIZE], last[NUMBER_SIZE];
    bool null;
    (void)snprintf(id_text, sizeof id_text, "%" PRId64, id);
    const char *values[] = {id_text, step->id};
    if (!session_value(session, sql_walk_own, 2, values, last, sizeof last, &null, err))
        return false;
    if (!null && progress->last && strcmp(last, progress->last[0]) == 0)
        return true;
    return error_set(err, ERROR_LOST, "another session went on with %s", step->id);
}

static bool run_chunk(struct session *session, int64_t id, const struct step *step, struct walk_chunk *chunk,
                      struct error *err)
{
    struct walk_progress *next = &chunk->next;
    int64_t began = clock_us();
    if (!walk_begin(session, step->walk, chunk->rows_wanted, next->most_seconds, err))
        return false;
    double begin_seconds = seconds_since(began);
    if (step->walk->insert && !own_lane(session, id, step, next, err))
        return false;
    if (!next->finish && !walk_find_finish(session, step->walk, chunk, err))
        return false;
    if (chunk->rows_wanted == 0) {
        next->rows_total = next->finished ? 0 : next->rows_total;
        return store(session, id, step, next, err) && commit(session, step, 0, err);
    }
    began = clock_us();
    if (next->finish && !walk_find_bound(session, step->walk, chunk, err))
        return false;
    if (next->finish && !(chunk->row_by_row ? walk_do_rows(session, id, step, chunk, err)
                                            : walk_do_range(session, step->walk, chunk, err)))
        return false;
    next->row_seconds = row_seconds(step->walk, begin_seconds, seconds_since(began));
    next->chunks++;
    next->last = chunk->bound;
    next->n_last = chunk->n_bound;
    next->rows_done += (double)chunk->rows;
    if (next->finished && chunk->mismatches == 0 && !walk_find_moved(session, step->walk, chunk, err))
        return false;
    if (next->finished || next->rows_total < next->rows_done)
        next->rows_total = next->rows_done;
    /* Durable progress never passes a row whose shapes differ: whoever looks again later must look at it again. */
    if (chunk->mismatches == 0 && !store(session, id, step, next, err))
        return false;
    return commit(session, step, next->chunks, err);
}

/* One try at a chunk; a failed one leaves nothing behind. */
static bool try_chunk(struct session *session, int64_t id, const struct step *step, struct walk_chunk *chunk,
                      struct error *err)
{
    struct error ignored;
    if (run_chunk(session, id, step, chunk, err))
        return true;
    if (err->class != ERROR_LOST)
        (void)!session_run(session, "ROLLBACK", &ignored);
    return false;
}

static bool took_too_long(const struct error *err)
{
    return err->class == ERROR_BUSY && strcmp(err->sqlstate, "57014") == 0;
}

/*
 * A chunk that takes far too long is cut into quarters: the rows here are not like those before. So is a chunk at which a row
 * fails; when few rows are left, they are tried one by one.
 */
static bool cut_smaller(const struct step *step, struct walk_chunk *chunk, const struct error *err)
{
    if (took_too_long(err) && chunk->rows_wanted > 1) {
        chunk->rows_wanted = chunk->rows_wanted > 4 ? chunk->rows_wanted / 4 : 1;
        chunk->cut_to = chunk->rows_wanted;
        return true;
    }
    if (!step->walk->leaves_stubborn || chunk->row_by_row || !session_failed_at_row(err))
        return false;
    chunk->row_by_row = chunk->rows_wanted <= FEW_ROWS;
    if (!chunk->row_by_row)
        chunk->rows_wanted /= 4;
    return true;
}

bool pg_walk_chunk(struct session *session, int64_t id, const struct step *step, long rows,
                   struct arena *arena, struct walk_progress *progress, long *rows_in_chunk,
                   double *mismatches, struct text *sample, struct error *err)
{
    struct walk_chunk chunk = {.rows_wanted = rows > 0 ? rows : 0};
    *rows_in_chunk = 0;
    do {
        chunk = (struct walk_chunk){.arena = arena,
                                    .next = *progress,
                                    .rows_wanted = chunk.rows_wanted,
                                    .row_by_row = chunk.row_by_row,
                                    .cut_to = chunk.cut_to,
                                    .mismatches = *mismatches,
                                    .sample = sample};
        if (try_chunk(session, id, step, &chunk, err))
            break;
        if (!cut_smaller(step, &chunk, err))
            return false;
    } while (true);
    *progress = chunk.next;
    progress->cut_to = chunk.cut_to;
    *rows_in_chunk = chunk.rows;
    *mismatches = chunk.mismatches;
    return true;
}
