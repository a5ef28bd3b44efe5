#include "postgres/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "postgres/format.h"
#include "sql.h"

/* A vacuum works for about this long before it has spent that limit, the usual one, and rests for vacuum_cost_delay, which is 100 ms at
 * most; then the limit must be lower. */
static const double VACUUM_WORK_MS = 2, VACUUM_COST_LIMIT = 200, LONGEST_DELAY_MS = 100;
/* Slower than that it would hold the migration up for longer than it is worth. */
static const double LEAST_VACUUM_DUTY = 0.01;

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
    pg_append(&sql, " FROM ONLY %s AS _segue_probe", walk->table);
    if (evenly)
        pg_append(&sql, " TABLESAMPLE SYSTEM (least(100, 4000.0 * current_setting('block_size')::integer "
                        "/ greatest(pg_relation_size($1::regclass), 1))) ORDER BY random()");
    pg_append(&sql, " LIMIT 500");
    return session_query(session, text_string(&sql), evenly ? 1 : 0, values, out, err);
}

static bool prepare_lookup(struct session *session, const struct walk *walk, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    pg_append(&sql, "SELECT ctid FROM ONLY %s AS _segue_probe WHERE ", walk->table);
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

bool pg_vacuum(struct session *session, const char *sql, double duty, struct error *err)
{
    char settings[96];
    double rest_ms = VACUUM_WORK_MS * (1 - duty) / fmax(duty, LEAST_VACUUM_DUTY);
    double delay_ms = fmin(rest_ms, LONGEST_DELAY_MS);
    double limit = rest_ms > delay_ms ? VACUUM_COST_LIMIT * delay_ms / rest_ms : VACUUM_COST_LIMIT;
    (void)snprintf(settings, sizeof settings, "SET vacuum_cost_delay = %.1f; SET vacuum_cost_limit = %.0f",
                   delay_ms, limit);
    return session_run(session, settings, err) && session_run(session, sql, err);
}
