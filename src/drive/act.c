/* The mix: what a worker does in one request, and which checks follow. */
#include "drive/act.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

enum { HOT_IN_TRANSACTION = 2, PICKS = 6 };

/* Returns false when the table does not allow it; then nothing was sent. */
typedef bool act_fn(struct worker *worker, size_t target);

static bool one_in(struct worker *worker, uint64_t n)
{
    return maker_random(&worker->maker, n) == 0;
}

/* A statement of the kind, any of those there are; NULL: none. */
static const struct statement *pick(struct worker *worker, size_t target, enum statement_kind kind)
{
    const struct statements *statements = &act_target(worker, target)->statements;
    if (!statements->count[kind])
        return NULL;
    return &statements->all[statements->first[kind] + maker_random(&worker->maker, statements->count[kind])];
}

/* --- A worker's own rows --- */

static struct row *own_row(struct worker *worker, size_t target)
{
    struct holding *own = &worker->own[target];
    return own->n ? &own->rows[maker_random(&worker->maker, own->n)] : NULL;
}

static void keep(struct worker *worker, size_t target, struct row row)
{
    struct holding *own = &worker->own[target];
    if (!own->rows)
        own->rows = memory_alloc((OWN_ROWS + 1) * sizeof *own->rows);
    own->rows[own->n++] = row;
}

static void drop(struct worker *worker, size_t target, struct row *row)
{
    struct holding *own = &worker->own[target];
    row_free(row);
    *row = own->rows[--own->n];
}

static const struct row *stable_row(struct worker *worker, size_t target)
{
    const struct target *at = act_target(worker, target);
    return at->n_stable ? &at->stable[maker_random(&worker->maker, at->n_stable)] : NULL;
}

/* Apart, each version has every second of the hot rows for itself. */
static bool may_fight(const struct worker *worker, size_t number)
{
    return !worker->crew->drive->settings.hot_apart || number % DRIVE_VERSIONS == worker->crew->version;
}

static const struct row *hot_row(struct worker *worker, size_t target)
{
    const struct target *at = act_target(worker, target);
    if (!at->n_hot)
        return NULL;
    size_t chosen = maker_random(&worker->maker, at->n_hot);
    return may_fight(worker, chosen) ? at->hot[chosen] : NULL;
}

/* After a write: is it seen, do both shapes agree. Not every time, so that the checks do not become the traffic. */
static void check_sometimes(struct worker *worker, size_t target, const struct row *row)
{
    if (!worker->session)
        return;
    if (one_in(worker, 2))
        check_own(worker, target, row);
    if (worker->session && one_in(worker, 3))
        check_agree(worker, target, row);
}

/* --- The acts --- */

static bool act_select(struct worker *worker, size_t target)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct statement *statement =
        pick(worker, target, one_in(worker, 2) ? SELECT_STAR : SELECT_COLUMNS);
    const struct row *row = one_in(worker, 2) ? own_row(worker, target) : NULL;
    if (!row)
        row = stable_row(worker, target);
    if (!statement || !row)
        return false;
    if (!act_timed(worker, statement, row, &rows))
        return true;
    const struct shape *shape = act_target(worker, target)->shape;
    if (rows_count(rows) != 1)
        act_report_rows(worker, target, statement, row, rows_count(rows));
    bool same = rows_columns(rows) == shape->n_columns;
    for (size_t i = 0; i < shape->n_columns && same; i++)
        same = strcmp(rows_name(rows, i), shape->columns[i].name) == 0;
    if (!same && !worker_is_over(worker))
        drive_found(worker->crew->drive, DRIVE_MISMATCH, worker->crew->version, "", statement->sql,
                    "the columns of %s are no longer those of the version", shape->name);
    return true;
}

static bool act_insert(struct worker *worker, size_t target)
{
    struct row row;
    const struct statement *statement =
        pick(worker, target, one_in(worker, 3) ? INSERT_DEFAULTS : INSERT_FULL);
    if (!statement || worker->own[target].n >= OWN_ROWS)
        return false;
    if (!act_insert_row(worker, target, statement, &row))
        return true;
    if (!act_target(worker, target)->shape->n_key) {
        row_free(&row);
        return true;
    }
    keep(worker, target, row);
    check_sometimes(worker, target, &row);
    return true;
}

static bool write_own(struct worker *worker, size_t target, enum statement_kind kind)
{
    const struct statement *statement = pick(worker, target, kind);
    struct row *row = own_row(worker, target);
    struct row next;
    if (!statement || !row)
        return false;
    if (!act_rewrite(worker, target, statement, row, &next))
        return true;
    row_free(row);
    *row = next;
    check_sometimes(worker, target, row);
    return true;
}

static bool act_update_one(struct worker *worker, size_t target)
{
    return write_own(worker, target, UPDATE_ONE);
}

static bool act_update_some(struct worker *worker, size_t target)
{
    return write_own(worker, target, UPDATE_SOME);
}

static bool act_update_past_views(struct worker *worker, size_t target)
{
    return write_own(worker, target, one_in(worker, 2) ? UPDATE_QUALIFIED : UPDATE_FUNCTION);
}

/* A row fought over: one statement, so that no lock is held while another is waited for. */
static bool write_hot(struct worker *worker, size_t target, enum statement_kind kind, const struct row *row)
{
    const struct statement *statement = pick(worker, target, kind);
    struct row next;
    if (!statement || statement->cold_only || !row)
        return false;
    if (!act_rewrite(worker, target, statement, row, &next))
        return true;
    if (worker->session && one_in(worker, 2))
        check_agree(worker, target, &next);
    row_free(&next);
    return true;
}

static bool act_hot(struct worker *worker, size_t target)
{
    static const enum statement_kind kinds[] = {UPDATE_ONE, UPDATE_ONE,       UPDATE_SOME,
                                                UPSERT,     UPDATE_QUALIFIED, UPDATE_FUNCTION};
    enum statement_kind kind = kinds[maker_random(&worker->maker, SEGUE_COUNT(kinds))];
    return write_hot(worker, target, kind, hot_row(worker, target));
}

/* Key is there already: the row becomes what was proposed. Where the key is the application's own, also with a new one. */
static bool act_upsert(struct worker *worker, size_t target)
{
    const struct statement *statement = pick(worker, target, UPSERT);
    const struct shape *shape = act_target(worker, target)->shape;
    struct row row;
    if (!statement || shape->columns[shape->key[0]].automatic || one_in(worker, 2) ||
        worker->own[target].n >= OWN_ROWS)
        return write_own(worker, target, UPSERT);
    if (act_insert_row(worker, target, statement, &row)) {
        keep(worker, target, row);
        check_sometimes(worker, target, &row);
    }
    return true;
}

static bool act_delete(struct worker *worker, size_t target)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    const struct statement *statement = pick(worker, target, DELETE_ROW);
    struct row *row = own_row(worker, target);
    if (!statement || !row || worker->own[target].n < OWN_ROWS / 4)
        return false;
    bool good = act_timed(worker, statement, row, &rows);
    if (good && rows_affected(rows) != 1)
        act_report_rows(worker, target, statement, row, rows_affected(rows));
    if (good)
        drop(worker, target, row);
    return true;
}

void act_update_lent(struct worker *worker, size_t target, const struct statement *statement, struct row *row)
{
    struct row next;
    if (act_rewrite(worker, target, statement, row, &next))
        row_free(&next);
}

static bool act_favour(struct worker *worker, size_t target)
{
    (void)target;
    return favour_do(worker);
}

/* --- Transactions --- */

/* Rows that others want too, first and in the order of their keys, so that two transactions cannot wait for one another. */
static bool change_hot_in_order(struct worker *worker, size_t target)
{
    const struct target *at = act_target(worker, target);
    size_t n = at->n_hot;
    size_t from = n ? maker_random(&worker->maker, n) : 0;
    for (size_t i = 0; i < HOT_IN_TRANSACTION && from + i < n; i++) {
        const struct statement *statement = pick(worker, target, UPDATE_ONE);
        struct row next;
        if (!statement || statement->cold_only || !may_fight(worker, from + i))
            continue;
        if (!act_rewrite(worker, target, statement, at->hot[from + i], &next))
            return false;
        row_free(&next);
    }
    return true;
}

/* Adds a row and changes it. */
static bool add_and_change(struct worker *worker, size_t target, struct row *row, bool *added)
{
    const struct statement *add = pick(worker, target, INSERT_FULL),
                           *update = pick(worker, target, UPDATE_ONE);
    struct row next;
    *added = false;
    if (!add || !act_target(worker, target)->shape->n_key)
        return true;
    if (!act_insert_row(worker, target, add, row))
        return false;
    *added = true;
    if (!update)
        return true;
    if (!act_rewrite(worker, target, update, row, &next))
        return false;
    row_free(row);
    *row = next;
    return true;
}

/* The statement that failed was counted; the rest of the transaction is not. */
static void abandon(struct worker *worker)
{
    struct error ignored;
    if (worker->session && !session_run(worker->session, "ROLLBACK", &ignored) && ignored.class == ERROR_LOST)
        worker_failed(worker, "ROLLBACK", &ignored);
}

static bool act_transaction(struct worker *worker, size_t target)
{
    struct row row = {0};
    bool added = false;
    if (!pick(worker, target, INSERT_FULL) || worker->own[target].n >= OWN_ROWS)
        return false;
    if (!act_run(worker, "BEGIN"))
        return true;
    bool good = (one_in(worker, 2) || change_hot_in_order(worker, target)) &&
                add_and_change(worker, target, &row, &added);
    if (good && added)
        check_own(worker, target, &row);
    if (!good) {
        abandon(worker);
    } else if (one_in(worker, 8)) {
        (void)act_run(worker, "ROLLBACK");
        good = false;
    } else {
        good = act_run(worker, "COMMIT");
    }
    if (good && added) {
        keep(worker, target, row);
        check_sometimes(worker, target, &row);
    } else if (row.values) {
        row_free(&row);
    }
    return true;
}

/* --- The mix --- */

static const struct {
    uint64_t weight;
    act_fn *act;
} mix[] = {
    {34, act_select},     {12, act_insert},     {8, act_upsert},
    {14, act_update_one}, {6, act_update_some}, {4, act_update_past_views},
    {8, act_delete},      {8, act_transaction}, {6, act_favour},
    {6, act_hot},
};

static act_fn *pick_act(struct worker *worker)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < SEGUE_COUNT(mix); i++)
        sum += mix[i].weight;
    uint64_t at = maker_random(&worker->maker, sum);
    size_t i = 0;
    while (at >= mix[i].weight)
        at -= mix[i++].weight;
    return mix[i].act;
}

void worker_act(struct worker *worker)
{
    size_t n = worker->crew->n_targets;
    for (int i = 0; i < PICKS && n; i++)
        if (pick_act(worker)(worker, maker_random(&worker->maker, n)))
            return;
    for (size_t target = 0; target < n; target++)
        if (act_select(worker, target) || act_insert(worker, target))
            return;
    /* Nothing can be done here at all: do not spin. */
    clock_sleep_us(10000);
}
