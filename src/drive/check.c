/* What a worker looks at beyond its own statements' results. */
#include "drive/drive_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

void describe_key(const struct shape *shape, const struct row *row, struct text *out)
{
    for (size_t i = 0; i < shape->n_key; i++) {
        const char *value = row->values[shape->key[i]];
        text_printf(out, "%s%s=%s", i ? ", " : "", shape->columns[shape->key[i]].name, value ? value : "?");
    }
}

/* --- Own writes --- */

static void report_column(struct worker *worker, const struct shape *shape, const struct shape_column *column,
                          const struct statement *check, const struct row *row)
{
    struct text key = {0}, sql = {0};
    char buffer[200] = "";
    bool null = true;
    const char **keys = memory_alloc((shape->n_key + 1) * sizeof *keys);
    text_printf(&sql, "SELECT %s FROM %s", column->quoted, shape->quoted);
    for (size_t i = 0; i < shape->n_key; i++) {
        text_printf(&sql, "%s%s = $%zu", i ? " AND " : " WHERE ", shape->columns[shape->key[i]].quoted,
                    i + 1);
        keys[i] = row->values[shape->key[i]];
    }
    struct error err;
    if (!session_value(worker->session, text_string(&sql), shape->n_key, keys, buffer, sizeof buffer, &null,
                       &err))
        (void)snprintf(buffer, sizeof buffer, "?");
    const char *wrote = row->values[column - shape->columns];
    describe_key(shape, row, &key);
    drive_found(worker->crew->drive, DRIVE_MISMATCH, worker->crew->version, "", check->sql,
                "%s with %s: %s was written as %s and is %s", shape->name, text_string(&key), column->name,
                wrote ? wrote : "NULL", null ? "NULL" : buffer);
    free(keys);
    text_free(&key);
    text_free(&sql);
}

static void compare_columns(struct worker *worker, const struct shape *shape, const struct statement *check,
                            const struct row *row, const struct rows *rows)
{
    for (size_t i = 0; i < rows_columns(rows); i++) {
        const struct shape_column *column = &shape->columns[check->parameters[i]];
        const char *same = rows_get(rows, 0, i);
        if (row->known[check->parameters[i]] && !(same && same[0] == 't') && !worker_is_over(worker))
            report_column(worker, shape, column, check, row);
    }
}

void check_own(struct worker *worker, size_t target, const struct row *row)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct target *at = &worker->crew->targets[target];
    struct drive *drive = worker->crew->drive;
    struct error err;
    if (!at->statements.count[CHECK_OWN] || !worker->session)
        return;
    const struct statement *check = &at->statements.all[at->statements.first[CHECK_OWN]];
    if (!statement_run(worker->session, check, row, &rows, &err)) {
        worker_failed(worker, check->sql, &err);
        return;
    }
    (void)atomic_fetch_add(&drive->own_checks, 1);
    if (rows_count(rows) == 1) {
        compare_columns(worker, at->shape, check, row, rows);
        return;
    }
    if (worker_is_over(worker))
        return;
    struct text key = {0};
    describe_key(at->shape, row, &key);
    drive_found(drive, DRIVE_LOST, worker->crew->version, "", check->sql,
                "%s with %s: %zu rows where there must be one", at->shape->name, text_string(&key),
                rows_count(rows));
    text_free(&key);
}

/* --- Both shapes --- */

/* The comparison reads columns of both versions: when one is gone because the overlap is over, that is no error. */
static void agree_failed(struct worker *worker, const struct statement *agree, const struct error *err)
{
    struct drive *drive = worker->crew->drive;
    bool gone = strncmp(err->sqlstate, "42", 2) == 0;
    if (gone && !state_is_active(drive, worker->session)) {
        atomic_store(&drive->overlap, OVERLAP_AFTER);
        return;
    }
    worker_failed(worker, agree->set_up, err);
}

static bool prepare_agree(struct worker *worker)
{
    const struct crew *crew = worker->crew;
    struct error err;
    for (size_t i = 0; i < crew->n_targets && !worker->agree_prepared; i++) {
        const struct statement *agree = &crew->targets[i].agree;
        if (agree->sql && (!session_run(worker->session, agree->set_up, &err) ||
                           !session_prepare(worker->session, agree->name, agree->sql, &err))) {
            agree_failed(worker, agree, &err);
            return false;
        }
    }
    worker->agree_prepared = true;
    return true;
}

static void report_disagreement(struct worker *worker, const struct target *at, const struct row *row)
{
    struct text key = {0}, sql = {0};
    const struct shape *shape = at->shape;
    char buffer[700] = "";
    bool null = true;
    struct error err;
    const char **keys = memory_alloc((shape->n_key + 1) * sizeof *keys);
    text_printf(&sql, "SELECT to_json(t) FROM %s t", shape->base);
    for (size_t i = 0; i < shape->n_key; i++) {
        text_printf(&sql, "%s%s = $%zu", i ? " AND " : " WHERE ", shape->columns[shape->key[i]].base_quoted,
                    i + 1);
        keys[i] = row->values[shape->key[i]];
    }
    if (!session_value(worker->session, text_string(&sql), shape->n_key, keys, buffer, sizeof buffer, &null,
                       &err))
        (void)snprintf(buffer, sizeof buffer, "?");
    describe_key(shape, row, &key);
    drive_found(worker->crew->drive, DRIVE_MISMATCH, worker->crew->version, "", at->agree.set_up,
                "%s with %s: both shapes do not agree: %s", shape->name, text_string(&key), buffer);
    free(keys);
    text_free(&key);
    text_free(&sql);
}

void check_agree(struct worker *worker, size_t target, const struct row *row)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct target *at = &worker->crew->targets[target];
    struct drive *drive = worker->crew->drive;
    struct error err;
    if (!worker->session || atomic_load(&drive->overlap) != OVERLAP_NOW || !at->agree.sql ||
        !prepare_agree(worker))
        return;
    if (!statement_run(worker->session, &at->agree, row, &rows, &err)) {
        agree_failed(worker, &at->agree, &err);
        return;
    }
    (void)atomic_fetch_add(&drive->agree_checks, 1);
    if (strcmp(rows_get(rows, 0, 0), "0") != 0)
        report_disagreement(worker, at, row);
}

/* --- At the end --- */

/* After a rollback the version's views are gone: its rows must still be in the table. */
static void count_in_base(struct worker *worker, const struct target *at, const struct row *row)
{
    const struct shape *shape = at->shape;
    struct text sql = {0}, key = {0};
    char buffer[32];
    bool null;
    struct error err;
    const char **keys = memory_alloc((shape->n_key + 1) * sizeof *keys);
    text_printf(&sql, "SELECT count(*) FROM %s", shape->base);
    for (size_t i = 0; i < shape->n_key; i++) {
        text_printf(&sql, "%s%s = $%zu", i ? " AND " : " WHERE ", shape->columns[shape->key[i]].base_quoted,
                    i + 1);
        keys[i] = row->values[shape->key[i]];
    }
    /* A table or a key that the version brought with it is gone for good. */
    if (session_value(worker->session, text_string(&sql), shape->n_key, keys, buffer, sizeof buffer, &null,
                      &err)) {
        (void)atomic_fetch_add(&worker->crew->drive->counted_rows, 1);
        describe_key(shape, row, &key);
        if (strcmp(buffer, "1") != 0)
            drive_found(worker->crew->drive, DRIVE_LOST, worker->crew->version, "", text_string(&sql),
                        "%s with %s: %s rows where there must be one", shape->name, text_string(&key),
                        buffer);
    }
    free(keys);
    text_free(&sql);
    text_free(&key);
}

void check_all_own(struct worker *worker)
{
    const struct crew *crew = worker->crew;
    bool gone = worker_is_over(worker);
    for (size_t t = 0; t < crew->n_targets; t++) {
        for (size_t i = 0; i < worker->own[t].n && worker->session; i++) {
            if (gone) {
                count_in_base(worker, &crew->targets[t], &worker->own[t].rows[i]);
                continue;
            }
            check_own(worker, t, &worker->own[t].rows[i]);
            check_agree(worker, t, &worker->own[t].rows[i]);
            (void)atomic_fetch_add(&crew->drive->counted_rows, 1);
        }
    }
}

/* All rows of a table in one snapshot. */
static void sweep_table(struct drive *drive, const struct plan_table *table)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct text sql = {0};
    struct error err;
    const char *schema = shape_quote(drive->plan_arena, table->schema);
    const char *name = shape_quote(drive->plan_arena, table->name);
    text_printf(&sql,
                "SELECT count(*), count(*) FILTER (WHERE NOT fine), min(t) FILTER (WHERE NOT fine) "
                "FROM (SELECT (%s) IS TRUE AS fine, left(to_json(%s)::text, 600) AS t FROM %s.%s) AS row",
                table->agree, name, schema, name);
    bool good = session_query(drive->session, text_string(&sql), 0, NULL, &rows, &err);
    if (good) {
        (void)atomic_fetch_add(&drive->swept_rows, strtoull(rows_get(rows, 0, 0), NULL, 10));
        if (strcmp(rows_get(rows, 0, 1), "0") != 0)
            drive_found(drive, DRIVE_MISMATCH, DRIVE_NEW, "", text_string(&sql),
                        "%s: both shapes do not agree in %s of %s rows, such as %s", table->name,
                        rows_get(rows, 0, 1), rows_get(rows, 0, 0), rows_get(rows, 0, 2));
    } else if (state_is_active(drive, drive->session)) {
        drive_found(drive, DRIVE_ERROR, DRIVE_NEW, err.sqlstate, text_string(&sql), "%s", err.message);
    } else {
        drive_note(drive, "%s: the overlap ended before all rows could be compared", table->name);
    }
    text_free(&sql);
}

/* The condition means what it says on the plan's search path. */
static bool set_path(struct drive *drive)
{
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    struct error err;
    const char *path = drive->plan->search_path;
    text_printf(&sql, "SET search_path = %s", path && *path ? path : drive->path_bare);
    if (session_run(drive->session, text_string(&sql), &err))
        return true;
    drive_note(drive, "the tables could not be compared at the end: %s", err.message);
    return false;
}

void check_sweep(struct drive *drive)
{
    if (atomic_load(&drive->overlap) != OVERLAP_NOW || !drive->plan || !set_path(drive))
        return;
    for (size_t i = 0; i < drive->plan->n_tables; i++)
        if (drive->plan->tables[i].agree)
            sweep_table(drive, &drive->plan->tables[i]);
}
