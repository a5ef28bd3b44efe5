/* Facts of a server for people, and how busy it is: two looks at what it counts. */
#include "postgres/facts_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "postgres/array.h"
#include "postgres/format.h"
#include "sql.h"

/* Seconds; what was counted for less is no average: a table may just have been filled. */
static const double least_counted = 60;

/* What has been counted of one table. Columns as in sql/facts_counts.sql. */
struct counts {
    double at, position, scans, rows_read, inserts, updates, deletes;
};

double facts_number(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? strtod(value, NULL) : 0;
}

const char *facts_text(const struct facts_run *run, const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value ? arena_strdup(run->arena, value) : NULL;
}

bool facts_true(const struct rows *rows, size_t row, size_t column)
{
    const char *value = rows_get(rows, row, column);
    return value && strcmp(value, "t") == 0;
}

void facts_blind(struct facts_run *run, const char *what, const char *why)
{
    const struct blind_spot spot = {.what = what, .why = arena_strdup(run->arena, why)};
    ARENA_PUSH(run->arena, run->facts->blind, run->facts->n_blind, spot);
}

bool facts_ask(struct facts_run *run, const char *sql, const char *parameter, const char *what,
               struct rows **rows, struct error *err)
{
    *rows = NULL;
    if (session_query(run->session, sql, parameter ? 1 : 0, &parameter, rows, err))
        return true;
    if (err->class == ERROR_LOST || err->class == ERROR_INTERRUPTED)
        return false;
    facts_blind(run, what, err->message);
    error_clear(err);
    return true;
}

static bool read_server(struct facts_run *run, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct server_facts *out = &run->facts->server;
    out->wal_per_second = -1;
    if (!facts_ask(run, sql_facts_server, NULL, "the server", &rows, err))
        return false;
    if (!rows || rows_count(rows) == 0)
        return true;
    const char **texts[] = {&out->version, &out->database, &out->user, &out->address, &out->at};
    for (size_t i = 0; i < SEGUE_COUNT(texts); i++)
        *texts[i] = facts_text(run, rows, 0, i);
    out->known = true;
    out->counted_seconds = facts_number(rows, 0, 5);
    out->counted_since = facts_text(run, rows, 0, 6);
    out->wal_level = facts_text(run, rows, 0, 7);
    out->max_wal_bytes = facts_number(rows, 0, 8);
    out->standbys = (int)facts_number(rows, 0, 9);
    out->slots = (int)facts_number(rows, 0, 10);
    out->slot_bytes = facts_number(rows, 0, 11);
    out->sessions = (int)facts_number(rows, 0, 12);
    out->at_work = (int)facts_number(rows, 0, 13);
    out->hidden = (int)facts_number(rows, 0, 14);
    if (out->hidden)
        facts_blind(
            run, "what other roles do and since when",
            arena_printf(
                run->arena,
                "%d session%s hidden from this role; GRANT pg_read_all_stats (or pg_monitor) shows them",
                out->hidden, out->hidden == 1 ? " is" : "s are"));
    return true;
}

/* *list: for each table; NULL when the server does not tell. */
static bool read_counts(struct facts_run *run, struct counts **list, struct error *err)
{
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    *list = NULL;
    if (!facts_ask(run, sql_facts_counts, run->relations, "reads and writes", &rows, err))
        return false;
    if (!rows || rows_count(rows) != run->facts->n_tables)
        return true;
    *list = arena_alloc(run->arena, (run->facts->n_tables + 1) * sizeof **list);
    for (size_t i = 0; i < run->facts->n_tables; i++)
        (*list)[i] = (struct counts){.at = facts_number(rows, i, 0),
                                     .position = facts_number(rows, i, 1),
                                     .scans = facts_number(rows, i, 2),
                                     .rows_read = facts_number(rows, i, 3),
                                     .inserts = facts_number(rows, i, 4),
                                     .updates = facts_number(rows, i, 5),
                                     .deletes = facts_number(rows, i, 6)};
    return true;
}

/* Counters that were reset in between would run backwards. */
static double per_second(double first, double second, double seconds)
{
    return second > first ? (second - first) / seconds : 0;
}

static struct table_rates rates(const struct counts *first, const struct counts *second, double seconds)
{
    if (!(seconds > 0))
        return (struct table_rates){0};
    return (struct table_rates){.known = true,
                                .seconds = seconds,
                                .scans = per_second(first->scans, second->scans, seconds),
                                .rows_read = per_second(first->rows_read, second->rows_read, seconds),
                                .inserts = per_second(first->inserts, second->inserts, seconds),
                                .updates = per_second(first->updates, second->updates, seconds),
                                .deletes = per_second(first->deletes, second->deletes, seconds)};
}

static void rate_since(struct facts_run *run, const struct counts *first)
{
    static const struct counts nothing = {0};
    const struct server_facts *server = &run->facts->server;
    if (!server->known || server->counted_seconds < least_counted)
        return;
    for (size_t i = 0; first && i < run->facts->n_tables; i++)
        if (run->facts->tables[i].there)
            run->facts->tables[i].since = rates(&nothing, &first[i], server->counted_seconds);
}

/* Sleeps in pieces, so that a signal is heard. */
static bool wait_until(int64_t deadline, struct error *err)
{
    while (clock_us() < deadline && !interrupted())
        clock_sleep_us(deadline - clock_us());
    return !interrupted() || error_set(err, ERROR_INTERRUPTED, "interrupted");
}

static bool rate_now(struct facts_run *run, const struct counts *first, int64_t since, double seconds,
                     struct error *err)
{
    struct counts *second;
    if (!first || seconds <= 0 || !run->facts->n_tables)
        return true;
    if (!wait_until(since + (int64_t)(seconds * 1e6), err) || !read_counts(run, &second, err))
        return false;
    if (!second)
        return true;
    double apart = second[0].at - first[0].at;
    for (size_t i = 0; i < run->facts->n_tables; i++)
        if (run->facts->tables[i].there)
            run->facts->tables[i].now = rates(&first[i], &second[i], apart);
    double passed = (double)(clock_us() - since) / 1e6;
    run->facts->server.wal_per_second = per_second(first[0].position, second[0].position, passed);
    return true;
}

/* The first look is taken before everything else, the second after it, so that the time between is used. */
static bool read_all(struct facts_run *run, double seconds, struct error *err)
{
    struct counts *first;
    int64_t since = clock_us();
    if (!read_counts(run, &first, err) || !read_server(run, err) || !facts_read_tables(run, err) ||
        !facts_read_columns(run, err) || !facts_read_parts(run, err) || !facts_read_transactions(run, err) ||
        !facts_read_holders(run, err) || !facts_read_walks(run, err))
        return false;
    rate_since(run, first);
    return rate_now(run, first, since, seconds, err);
}

/* The tables of the plan as they are called now; one that the file makes has no such name yet. */
static const char *names_of_tables(struct facts_run *run, const struct plan *plan)
{
    SEGUE_CLEANUP(text_free) struct text array = {0};
    run->facts->n_tables = plan->n_tables;
    run->facts->tables = arena_alloc(run->arena, (plan->n_tables + 1) * sizeof *run->facts->tables);
    for (size_t i = 0; i < plan->n_tables; i++) {
        const char *schema = plan->tables[i].schema ? plan->tables[i].schema : plan->schema;
        const char *name = pg_format(run->arena, "%Q", schema, plan->tables[i].name);
        run->facts->tables[i] = (struct table_facts){.relation = name, .rows = -1, .free_bytes = -1};
        pg_array_add(&array, name);
    }
    return arena_strdup(run->arena, pg_array_end(&array));
}

static const char *names_of_locked(struct facts_run *run, const struct plan *plan)
{
    SEGUE_CLEANUP(text_free) struct text array = {0};
    for (size_t i = 0; i < plan->n_steps; i++)
        for (size_t lock = 0; lock < plan->steps[i].n_locks; lock++)
            pg_array_add(&array, plan->steps[i].locks[lock].relation);
    return arena_strdup(run->arena, pg_array_end(&array));
}

bool pg_facts(struct session *session, const struct plan *plan, double seconds, struct arena *arena,
              struct facts *out, struct error *err)
{
    struct facts_run run = {.session = session, .arena = arena, .facts = out};
    *out = (struct facts){0};
    run.relations = names_of_tables(&run, plan);
    run.locked = names_of_locked(&run, plan);
    /* Sizes are asked for under a lock that anybody may have to wait for who alters the table; this must not wait for them. */
    return session_run(session, "SET lock_timeout = '500ms'; SET statement_timeout = '10s'; SET jit = off",
                       err) &&
           read_all(&run, seconds, err) &&
           session_run(session, "RESET lock_timeout; RESET statement_timeout; RESET jit", err);
}
