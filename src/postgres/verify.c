/* Comparing ranges of rows while both versions write. */

#include "postgres/verify.h"

#include <stdio.h>
#include <stdlib.h>

#include "postgres/format.h"
#include "postgres/walk_internal.h"

enum {
    /* Nothing waits behind a comparison; it waits only for whoever changes the table itself. */
    LOCK_TIMEOUT_MS = 1000,
    STATEMENT_TIMEOUT_MS = 60000,
    IDLE_LIMIT_MS = 10000
};

/* A comparison under way. */
struct compare {
    struct session *session;
    const struct plan_table *table;
    struct walk walk;
    enum mend mend;
    size_t limit;
    struct arena *arena;
    struct compare_result *out;
};

/* A plan of an earlier release has no types of its keys: then the table is gone over by its pages. */
static struct walk walk_of(struct arena *arena, const struct plan_table *table)
{
    bool keyed = table->n_keys && table->key_types;
    return (struct walk){.table = pg_format(arena, "%Q", table->schema, table->name),
                         .keys = table->keys,
                         .key_types = table->key_types,
                         .n_keys = keyed ? table->n_keys : 0,
                         .mismatch = arena_printf(arena, "(%s) IS NOT TRUE", table->agree),
                         .rows = table->rows};
}

/* As in walks: bounds are walked on the key's index whatever the statistics say, and no chunk is worth compiling code for. */
static bool begin(struct session *session, const char *mode, const char *more, struct error *err)
{
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "BEGIN %s; SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d; "
                   "SET LOCAL idle_in_transaction_session_timeout = %d; SET LOCAL enable_seqscan = off; "
                   "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off; SET LOCAL jit = off; "
                   "SET LOCAL max_parallel_workers_per_gather = 0%s",
                   mode, LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS, IDLE_LIMIT_MS, more);
    return session_run(session, sql, err);
}

static bool find_bound(struct session *session, const struct walk *walk, struct walk_chunk *chunk,
                       struct error *err)
{
    return (chunk->next.finish || walk_find_finish(session, walk, chunk, err)) &&
           (!chunk->next.finish || walk_find_bound(session, walk, chunk, err));
}

bool pg_compare_next(struct session *session, const struct plan_table *table, long rows, struct arena *arena,
                     struct walk_progress *at, struct compare_range *out, bool *any, struct error *err)
{
    const struct walk walk = walk_of(arena, table);
    struct walk_chunk chunk = {.arena = arena, .next = *at, .rows_wanted = rows > 0 ? rows : 1};
    if (!begin(session, "READ ONLY", "", err) ||
        !session_end(session, find_bound(session, &walk, &chunk, err), err))
        return false;
    *any = chunk.next.finish != NULL;
    *out = (struct compare_range){.after = at->last,
                                  .n_after = at->n_last,
                                  .upto = chunk.bound,
                                  .n_upto = chunk.n_bound,
                                  .rows = chunk.rows_wanted};
    *at = chunk.next;
    at->last = chunk.bound;
    at->n_last = chunk.n_bound;
    return true;
}

static struct walk_chunk chunk_of(const struct compare *compare, const struct compare_range *range)
{
    return (struct walk_chunk){.arena = compare->arena,
                               .next = {.last = range->after, .n_last = range->n_after},
                               .bound = range->upto,
                               .n_bound = range->n_upto};
}

static bool query(const struct compare *compare, const struct compare_range *range, const char *select,
                  const char *condition, struct rows **rows, struct error *err)
{
    SEGUE_CLEANUP(walk_statement_cleanup) struct walk_statement statement = {0};
    const struct walk_chunk chunk = chunk_of(compare, range);
    text_append(&statement.sql, select);
    walk_append_where(&statement, &compare->walk, &chunk);
    text_append(&statement.sql, condition);
    return walk_run(compare->session, &statement, rows, err);
}

static void list(const struct compare *compare, const struct difference *difference)
{
    struct compare_result *out = compare->out;
    if (out->n_list < compare->limit)
        ARENA_PUSH(compare->arena, out->list, out->n_list, *difference);
}

static const char *keep(struct arena *arena, const char *value)
{
    return value ? arena_strdup(arena, value) : NULL;
}

/* The keys and both shapes of rows that differ. */
static bool name_rows(const struct compare *compare, const struct compare_range *range, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text select = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct plan_table *table = compare->table;
    if (compare->out->n_list >= compare->limit)
        return true;
    text_append(&select, "SELECT ");
    walk_append_label(&compare->walk, &select);
    text_printf(&select, ", %s, %s FROM ONLY %s", table->old_shape ? table->old_shape : "NULL",
                table->new_shape ? table->new_shape : "NULL", compare->walk.table);
    const char *condition = arena_printf(compare->arena, " AND %s LIMIT %zu", compare->walk.mismatch,
                                         compare->limit - compare->out->n_list);
    if (!query(compare, range, text_string(&select), condition, &rows, err))
        return false;
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct difference found = {
            .table = arena_printf(compare->arena, "%s.%s", table->schema, table->name),
            .key = keep(compare->arena, rows_get(rows, i, 0)),
            .old_shape = keep(compare->arena, rows_get(rows, i, 1)),
            .new_shape = keep(compare->arena, rows_get(rows, i, 2))};
        list(compare, &found);
    }
    return true;
}

/* Counts the rows of a range and those that differ; names these when `named`. */
static bool look(const struct compare *compare, const struct compare_range *range, bool named, double *rows,
                 double *differ, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *counts = NULL;
    const char *select =
        arena_printf(compare->arena, "SELECT count(*), count(*) FILTER (WHERE %s) FROM ONLY %s",
                     compare->walk.mismatch, compare->walk.table);
    if (!query(compare, range, select, "", &counts, err))
        return false;
    *rows = strtod(rows_get(counts, 0, 0), NULL);
    *differ = strtod(rows_get(counts, 0, 1), NULL);
    return *differ == 0 || !named || name_rows(compare, range, err);
}

static bool look_once(const struct compare *compare, const struct compare_range *range, bool named,
                      double *rows, double *differ, struct error *err)
{
    return begin(compare->session, "ISOLATION LEVEL REPEATABLE READ, READ ONLY", "", err) &&
           session_end(compare->session, look(compare, range, named, rows, differ, err), err);
}

/* Makes one side from the other in the rows that differ. The sync trigger lets these writes be, and the application's triggers stay quiet
 * where they can be silenced. */
static bool mend(const struct compare *compare, const struct compare_range *range, struct error *err)
{
    const char *set = compare->mend == MEND_OLD ? compare->table->mend_old : compare->table->mend_new;
    if (!set)
        return true;
    const char *update = arena_printf(compare->arena, "UPDATE ONLY %s SET %s", compare->walk.table, set);
    const char *condition = arena_printf(compare->arena, " AND %s", compare->walk.mismatch);
    return begin(compare->session, "",
                 compare->table->silence_triggers
                     ? "; SET LOCAL segue.mending = 'on'; SET LOCAL session_replication_role = replica"
                     : "; SET LOCAL segue.mending = 'on'",
                 err) &&
           session_end(compare->session, query(compare, range, update, condition, NULL, err), err);
}

static bool compare_range(const struct compare *compare, const struct compare_range *range, struct error *err)
{
    struct compare_result *out = compare->out;
    double rows = 0, differ = 0, left;
    size_t first = out->n_list;
    if (!look_once(compare, range, true, &rows, &differ, err))
        return false;
    left = differ;
    if (differ > 0 && compare->mend != MEND_NOTHING &&
        (!mend(compare, range, err) || !look_once(compare, range, false, &rows, &left, err)))
        return false;
    out->rows += rows;
    out->differences += differ;
    out->mended += left < differ ? differ - left : 0;
    for (size_t i = first; left == 0 && i < out->n_list; i++)
        out->list[i].mended = true;
    return true;
}

/* A row at which the comparison fails. */
static bool give_up_row(const struct compare *compare, const struct compare_range *range,
                        const struct error *cause, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text select = {0};
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    text_append(&select, "SELECT ");
    walk_append_label(&compare->walk, &select);
    text_printf(&select, " FROM ONLY %s", compare->walk.table);
    if (!begin(compare->session, "READ ONLY", "", err) ||
        !session_end(compare->session, query(compare, range, text_string(&select), " LIMIT 1", &rows, err),
                     err))
        return false;
    if (!rows_count(rows))
        return true; /* gone meanwhile */
    const struct difference found = {
        .table = arena_printf(compare->arena, "%s.%s", compare->table->schema, compare->table->name),
        .key = keep(compare->arena, rows_get(rows, 0, 0)),
        .error = arena_strdup(compare->arena, cause->message)};
    list(compare, &found);
    compare->out->rows++;
    compare->out->differences++;
    return true;
}

/* Halves a range until what cannot be compared is one row (or one page, where there is no key). */
static bool narrow(const struct compare *compare, const struct compare_range *range, struct error *err)
{
    struct compare_range part = *range;
    bool last = false;
    if (compare_range(compare, range, err))
        return true;
    if (!session_failed_at_row(err))
        return false;
    if (range->rows <= 1) {
        const struct error cause = *err;
        return give_up_row(compare, range, &cause, err);
    }
    while (!last) {
        struct walk_chunk chunk = chunk_of(compare, &part);
        chunk.next.finish = range->upto;
        chunk.next.n_finish = range->n_upto;
        chunk.rows_wanted = range->rows / 2;
        if (!begin(compare->session, "READ ONLY", "", err) ||
            !session_end(compare->session, walk_find_bound(compare->session, &compare->walk, &chunk, err),
                         err))
            return false;
        part.upto = chunk.bound;
        part.n_upto = chunk.n_bound;
        part.rows = chunk.rows_wanted;
        last = chunk.next.finished;
        if (!narrow(compare, &part, err))
            return false;
        part.after = part.upto;
        part.n_after = part.n_upto;
    }
    return true;
}

bool pg_compare_rows(struct session *session, const struct plan_table *table,
                     const struct compare_range *range, enum mend mend_side, size_t limit,
                     struct arena *arena, struct compare_result *out, struct error *err)
{
    *out = (struct compare_result){0};
    const struct compare compare = {.session = session,
                                    .table = table,
                                    .walk = walk_of(arena, table),
                                    .mend = mend_side,
                                    .limit = limit,
                                    .arena = arena,
                                    .out = out};
    return narrow(&compare, range, err);
}
