/* Facts of tables: how large they are, what is in their columns, which partitions are written. */
#include "postgres/facts_internal.h"

#include "postgres/disk.h"
#include "sql.h"

static void take_table(struct facts_run *run, const struct rows *rows, size_t i)
{
    struct table_facts *out = &run->facts->tables[i];
    if (!rows_get(rows, i, 0)) {
        out->why = "there is no table of that name yet";
        return;
    }
    out->there = out->measured = true;
    out->rows = facts_number(rows, i, 1);
    out->live = facts_number(rows, i, 2);
    out->dead = facts_number(rows, i, 3);
    out->table_bytes = facts_number(rows, i, 4);
    out->index_bytes = facts_number(rows, i, 5);
    out->total_bytes = facts_number(rows, i, 6);
    out->heap_bytes = facts_number(rows, i, 10);
    out->n_indexes = (int)facts_number(rows, i, 7);
    out->analyzed_at = facts_text(run, rows, i, 8);
    out->free_bytes = (double)pg_free_bytes(run->session, rows_get(rows, i, 9));
}

bool facts_read_tables(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!facts_ask(run, sql_facts_tables, run->relations, "sizes of tables", &rows, err))
        return false;
    if (!rows || rows_count(rows) != run->facts->n_tables) {
        for (size_t i = 0; i < run->facts->n_tables; i++)
            run->facts->tables[i].why = "the server did not tell";
        return true;
    }
    for (size_t i = 0; i < run->facts->n_tables; i++)
        take_table(run, rows, i);
    return true;
}

/* The table that a row speaks of: its first column counts from 1. */
static struct table_facts *table_of(struct facts_run *run, const struct rows *rows, size_t row)
{
    size_t place = (size_t)facts_number(rows, row, 0);
    return place && place <= run->facts->n_tables ? &run->facts->tables[place - 1] : NULL;
}

bool facts_read_columns(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!facts_ask(run, sql_facts_columns, run->relations, "columns", &rows, err))
        return false;
    for (size_t i = 0; rows && i < rows_count(rows); i++) {
        struct table_facts *table = table_of(run, rows, i);
        if (!table)
            continue;
        const struct column_facts column = {.name = facts_text(run, rows, i, 1),
                                            .type = facts_text(run, rows, i, 2),
                                            .analyzed = facts_true(rows, i, 3),
                                            .null_share = facts_number(rows, i, 4),
                                            .distinct = facts_number(rows, i, 5),
                                            .key = facts_true(rows, i, 6),
                                            .hot_share = facts_number(rows, i, 7),
                                            .hot = facts_text(run, rows, i, 8)};
        ARENA_PUSH(run->arena, table->columns, table->n_columns, column);
    }
    return true;
}

bool facts_read_parts(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!facts_ask(run, sql_facts_parts, run->relations, "partitions", &rows, err))
        return false;
    double seconds = run->facts->server.known ? run->facts->server.counted_seconds : 1;
    for (size_t i = 0; rows && i < rows_count(rows); i++) {
        struct table_facts *table = table_of(run, rows, i);
        if (!table)
            continue;
        const struct part_facts part = {.name = facts_text(run, rows, i, 1),
                                        .rows = facts_number(rows, i, 2),
                                        .bytes = facts_number(rows, i, 3),
                                        .writes = facts_number(rows, i, 4) / seconds,
                                        .scans = facts_number(rows, i, 5) / seconds};
        ARENA_PUSH(run->arena, table->parts, table->n_parts, part);
    }
    return true;
}
