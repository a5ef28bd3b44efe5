/* Facts of what goes on: transactions, locks, and how fast earlier backfills went. */
#include "postgres/facts_internal.h"

#include "postgres/state.h"
#include "sql.h"

static void take_sessions(struct facts_run *run, const struct rows *rows, struct session_facts **list,
                          size_t *n)
{
    for (size_t i = 0; i < rows_count(rows); i++) {
        const struct session_facts session = {
            .pid = (int)facts_number(rows, i, 0),
            .seconds = rows_get(rows, i, 1) ? facts_number(rows, i, 1) : -1,
            .user = facts_text(run, rows, i, 2),
            .application = facts_text(run, rows, i, 3),
            .state = facts_text(run, rows, i, 4),
            .query = facts_text(run, rows, i, 5),
            .relation = facts_text(run, rows, i, 6),
            .mode = facts_text(run, rows, i, 7),
            .granted = facts_true(rows, i, 8),
        };
        ARENA_PUSH(run->arena, *list, *n, session);
    }
}

bool facts_read_transactions(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!facts_ask(run, sql_facts_transactions, NULL, "long transactions", &rows, err))
        return false;
    run->facts->transactions_known = rows;
    if (rows)
        take_sessions(run, rows, &run->facts->transactions, &run->facts->n_transactions);
    return true;
}

bool facts_read_holders(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    if (!facts_ask(run, sql_facts_holders, run->locked, "who holds locks", &rows, err))
        return false;
    run->facts->holders_known = rows;
    if (rows)
        take_sessions(run, rows, &run->facts->holders, &run->facts->n_holders);
    return true;
}

bool facts_read_walks(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    bool installed;
    if (!pg_state_installed(run->session, &installed, err))
        return false;
    if (!installed)
        return true;
    if (!facts_ask(run, sql_facts_walks, NULL, "how long earlier backfills took", &rows, err))
        return false;
    for (size_t i = 0; rows && i < rows_count(rows); i++) {
        const struct walk_facts walk = {.migration = facts_text(run, rows, i, 0),
                                        .step = facts_text(run, rows, i, 1),
                                        .copied = facts_true(rows, i, 2),
                                        .rows = facts_number(rows, i, 3),
                                        .seconds = facts_number(rows, i, 4)};
        ARENA_PUSH(run->arena, run->facts->walks, run->facts->n_walks, walk);
    }
    return true;
}
