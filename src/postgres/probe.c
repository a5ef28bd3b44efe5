#include "postgres/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "postgres/format.h"
#include "sql.h"

/* Dead rows that are worth a vacuum: at least so many, and that part of the live ones; as autovacuum has it by default. */
static const double DEAD_ROWS = 10000, DEAD_PART = 0.2;
/* A vacuum works for about this long before it has spent vacuum_cost_limit and rests for vacuum_cost_delay, which is 100 ms at
 * most. */
static const double VACUUM_WORK_MS = 2, LONGEST_DELAY_MS = 100;

/* A key lookup must use the index whatever the statistics say, and a probe that takes seconds has told enough. */
static const char SETTINGS[] =
    "DEALLOCATE ALL; SET enable_seqscan = off; SET jit = off; SET statement_timeout = '2s'; "
    "SET lock_timeout = '2s'";

static void append_columns(struct text *sql, const struct walk *walk, const char *suffix)
{
    if (walk->n_keys == 0)
        pg_append(sql, "ctid%s", suffix);
    for (size_t i = 0; i < walk->n_keys; i++)
        pg_append(sql, "%s%s%s", i ? ", " : "", walk->keys[i], suffix);
}

/* Rows of some 40 pages, evenly over the table; where chance finds none, the first ones. */
static bool sample(struct session *session, const struct walk *walk, bool evenly, struct rows **out,
                   struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    const char *values[] = {walk->table};
    pg_append(&sql, "SELECT ");
    append_columns(&sql, walk, "::text");
    pg_append(&sql, " FROM ONLY %s", walk->table);
    if (evenly)
        pg_append(&sql, " TABLESAMPLE SYSTEM (least(100, 4000.0 * current_setting('block_size')::integer "
                        "/ greatest(pg_relation_size($1::regclass), 1))) ORDER BY random()");
    pg_append(&sql, " LIMIT 500");
    return session_query(session, text_string(&sql), evenly ? 1 : 0, values, out, err);
}

static bool prepare_lookup(struct session *session, const struct walk *walk, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, "SELECT ctid FROM ONLY %s WHERE ", walk->table);
    if (walk->n_keys == 0)
        pg_append(&sql, "ctid = $1::tid");
    for (size_t i = 0; i < walk->n_keys; i++)
        pg_append(&sql, "%s%s = $%zu::%s", i ? " AND " : "", walk->keys[i], i + 1, walk->key_types[i]);
    return session_prepare(session, "segue_lookup", text_string(&sql), err);
}

bool pg_probe_prepare(struct session *session, const struct walk *walk, struct arena *arena,
                      struct probes *out, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *out = (struct probes){.n_columns = walk->n_keys ? walk->n_keys : 1};
    if (!session_run(session, SETTINGS, err) ||
        !session_query(session, sql_probe_prepare, 0, NULL, NULL, err) ||
        !session_prepare(session, "segue_write", sql_probe_write, err) ||
        !prepare_lookup(session, walk, err) || !sample(session, walk, true, &rows, err))
        return false;
    if (rows_count(rows) == 0) {
        rows_free(rows);
        rows = NULL;
        if (!sample(session, walk, false, &rows, err))
            return false;
    }
    out->n_keys = rows_count(rows);
    out->keys = arena_alloc(arena, (out->n_keys * out->n_columns + 1) * sizeof *out->keys);
    for (size_t i = 0; i < out->n_keys; i++)
        for (size_t j = 0; j < out->n_columns; j++) {
            const char *value = rows_get(rows, i, j);
            out->keys[i * out->n_columns + j] = value ? arena_strdup(arena, value) : NULL;
        }
    return true;
}

bool pg_probe_lookup(struct session *session, const struct probes *probes, size_t n, struct error *err)
{
    if (probes->n_keys == 0)
        return error_set(err, ERROR_REFUSED, "the table has no row to look up");
    return session_execute(session, "segue_lookup", probes->n_columns,
                           &probes->keys[n % probes->n_keys * probes->n_columns], NULL, err);
}

bool pg_probe_write(struct session *session, struct error *err)
{
    return session_execute(session, "segue_write", 0, NULL, NULL, err);
}

/* The counts come late from other sessions, so that a walk's last chunks may be missing; that is little. */
static bool many_dead_rows(struct session *session, const char *table, bool *many, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const char *values[] = {table};
    if (!session_query(session, sql_table_dead_rows, 1, values, &rows, err))
        return false;
    const char *dead = rows_get(rows, 0, 0), *live = rows_get(rows, 0, 1);
    *many = dead && live && strtod(dead, NULL) >= fmax(DEAD_ROWS, DEAD_PART * strtod(live, NULL));
    return true;
}

bool pg_vacuum(struct session *session, const char *table, double duty, bool *done, struct error *err)
{
    char delay[64];
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    *done = false;
    if (!many_dead_rows(session, table, done, err))
        return false;
    if (!*done)
        return true;
    double rest_ms = duty > 0 ? VACUUM_WORK_MS * (1 - duty) / duty : LONGEST_DELAY_MS;
    (void)snprintf(delay, sizeof delay, "SET vacuum_cost_delay = %.1f", fmin(rest_ms, LONGEST_DELAY_MS));
    /* Giving pages at the end back would lock the table against everyone. */
    pg_append(&sql, "VACUUM (SKIP_LOCKED, TRUNCATE FALSE) %s", table);
    bool good = session_run(session, delay, err) && session_run(session, text_string(&sql), err);
    if (!good && err->class == ERROR_LOST)
        return false;
    struct error after;
    bool reset = session_run(session, "RESET vacuum_cost_delay", &after);
    if (good && !reset)
        *err = after;
    return good && reset;
}
