/* One statement of a request: sent under the clock, its failure reported, its count of rows looked at. */
#include "drive/act.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

const struct target *act_target(const struct worker *worker, size_t target)
{
    return &worker->crew->targets[target];
}

static void start_clock(struct worker *worker)
{
    if (!worker->began_us)
        worker->began_us = clock_us();
}

bool act_timed(struct worker *worker, const struct statement *statement, const struct row *row,
               struct rows **rows)
{
    struct error err;
    if (!worker->session)
        return false;
    start_clock(worker);
    bool good = statement_run(worker->session, statement, row, rows, &err);
    worker->ended_us = clock_us();
    if (!good)
        worker_failed(worker, statement->sql, &err);
    return good;
}

bool act_run(struct worker *worker, const char *sql)
{
    struct error err;
    if (!worker->session)
        return false;
    start_clock(worker);
    bool good = session_run(worker->session, sql, &err);
    worker->ended_us = clock_us();
    if (!good)
        worker_failed(worker, sql, &err);
    return good;
}

/* New values for what the statement changes, without those of the key when keep_key. */
static bool fill(struct worker *worker, size_t target, const struct statement *statement, bool keep_key,
                 struct row *row)
{
    struct error err;
    const struct shape *shape = act_target(worker, target)->shape;
    int *columns = memory_alloc((statement->n_changes + 1) * sizeof *columns);
    size_t n = 0;
    for (size_t i = 0; i < statement->n_changes; i++)
        if (!keep_key || !shape->columns[statement->changes[i]].key)
            columns[n++] = statement->changes[i];
    bool good = maker_fill(&worker->maker, shape, columns, n, row, &err);
    free(columns);
    if (!good)
        worker_failed(worker, "--set", &err);
    return good;
}

void act_report_rows(struct worker *worker, size_t target, const struct statement *statement,
                     const struct row *row, size_t found)
{
    struct text key = {0};
    const struct shape *shape = act_target(worker, target)->shape;
    if (worker_is_over(worker))
        return;
    describe_key(shape, row, &key);
    drive_found(worker->crew->drive, DRIVE_LOST, worker->crew->version, "", statement->sql,
                "%s with %s: %zu rows where there must be one", shape->name, text_string(&key), found);
    text_free(&key);
}

bool act_insert_row(struct worker *worker, size_t target, const struct statement *statement, struct row *row)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct shape *shape = act_target(worker, target)->shape;
    *row = row_new(shape->n_columns);
    if (!fill(worker, target, statement, false, row) || !act_timed(worker, statement, row, &rows)) {
        row_free(row);
        return false;
    }
    if (shape->n_key && rows_count(rows) != 1) {
        act_report_rows(worker, target, statement, row, rows_count(rows));
        row_free(row);
        return false;
    }
    for (size_t i = 0; i < shape->n_key; i++)
        row_set(row, (size_t)shape->key[i], value_copy(rows_get(rows, 0, i)));
    return true;
}

/* How many rows a write touched; a function says so itself. */
static size_t touched(const struct statement *statement, const struct rows *rows)
{
    if (statement->kind == UPDATE_FUNCTION)
        return rows_count(rows) && rows_get(rows, 0, 0) && rows_get(rows, 0, 0)[0] == '1' ? 1 : 0;
    return statement->kind == UPSERT ? rows_count(rows) : rows_affected(rows);
}

bool act_rewrite(struct worker *worker, size_t target, const struct statement *statement,
                 const struct row *row, struct row *next)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *next = row_copy(row);
    bool good = fill(worker, target, statement, true, next) && act_timed(worker, statement, next, &rows);
    if (good && touched(statement, rows) != 1) {
        act_report_rows(worker, target, statement, row, touched(statement, rows));
        good = false;
    }
    if (!good)
        row_free(next);
    return good;
}
