/* A session of the application that the target's statements are taken from. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "rehearse/replay_internal.h"

/* What changes more rows than that is rolled back: the copy shall stay what it is while it is looked at. */
enum { MOST_CHANGED = 1000, WAIT_US = 200000, UUID_SIZE = 40 };
/* One that takes longer has failed, also where it waits for a lock. */
static const char limits[] = "SET statement_timeout = '10s'";

struct run {
    struct replayed *replayed;
    const char *name;    /* of the prepared statement */
    const char **values; /* of its parameters; fresh ones are this run's own, to be freed */
    char **own;
};

static uint64_t next_random(struct replay_worker *worker)
{
    /* xorshift64, Marsaglia 2003 */
    worker->random ^= worker->random << 13;
    worker->random ^= worker->random >> 7;
    worker->random ^= worker->random << 17;
    return worker->random;
}

/* In proportion to calls. */
static size_t choose(struct replay_worker *worker)
{
    const struct replay *replay = worker->replay;
    double at = (double)(next_random(worker) >> 11) / 9007199254740992.0 * replay->up_to[replay->n_able - 1];
    size_t low = 0, high = replay->n_able - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (replay->up_to[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return replay->able[low];
}

static bool open_session(const struct replay *replay, const char *url, struct session **out,
                         struct error *err)
{
    const struct replay_settings *wish = &replay->settings;
    const struct session_settings settings = {.url = url, .application_name = "segue recorded"};
    return wish->engine->open(&settings, out, err) &&
           wish->engine->enter_version(*out, wish->version, wish->search_path, err) &&
           session_run(*out, limits, err);
}

static char *fresh_value(enum replay_fresh kind, const char *base, unsigned long long count)
{
    base = base ? base : "";
    size_t size = strlen(base) + UUID_SIZE;
    char *value = memory_alloc(size);
    if (kind == FRESH_UUID)
        (void)snprintf(value, size, "%08llx-5e90-4000-8000-%012llx", count >> 32, count & UINT32_MAX);
    else if (kind == FRESH_NUMBER)
        (void)snprintf(value, size, "%llu", strtoull(base, NULL, 10) + count);
    else
        (void)snprintf(value, size, "%llx%s", count, base);
    return value;
}

static const char **any_set(struct replay_worker *worker, const struct replay_statement *statement)
{
    return statement->sets[next_random(worker) % statement->n_sets];
}

/* What is written comes from a set of its own: else a set that has its turn again would write what stands there already. */
static void choose_values(struct replay_worker *worker, struct run *run)
{
    const struct replay_statement *statement = &run->replayed->statement;
    const char **sought = any_set(worker, statement), **written = any_set(worker, statement);
    run->values = memory_alloc((statement->n_parameters + 1) * sizeof *run->values);
    run->own = memory_alloc((statement->n_parameters + 1) * sizeof *run->own);
    for (size_t i = 0; i < statement->n_parameters; i++) {
        const char *value = statement->written[i] ? written[i] : sought[i];
        run->own[i] =
            statement->fresh[i] == FRESH_NOT
                ? NULL
                : fresh_value(statement->fresh[i], value, atomic_fetch_add(&worker->replay->counter, 1));
        run->values[i] = run->own[i] ? run->own[i] : value;
    }
}

static void run_free(struct run *run)
{
    for (size_t i = 0; run->own && i < run->replayed->statement.n_parameters; i++)
        free(run->own[i]);
    free(run->own);
    free((void *)run->values);
}

/* What writes does so in a transaction of its own. */
static bool execute(struct session *session, const struct run *run, bool *rolled_back, struct error *err)
{
    const struct replay_statement *statement = &run->replayed->statement;
    struct error ignored;
    struct rows *rows = NULL;
    *rolled_back = false;
    if (statement->writes && !session_run(session, "BEGIN", err))
        return false;
    bool good = session_execute(session, run->name, statement->n_parameters, run->values, &rows, err);
    *rolled_back = good && statement->writes && (statement->deletes || rows_affected(rows) > MOST_CHANGED);
    rows_free(rows);
    if (!statement->writes)
        return good;
    if (good)
        return session_run(session, *rolled_back ? "ROLLBACK" : "COMMIT", err);
    (void)!session_run(session, "ROLLBACK", &ignored);
    return false;
}

/* Whether the statement fails likewise where nothing was migrated. What cannot be tried is told. */
static bool fails_untouched(struct replay_worker *worker, const struct run *run, const char *sqlstate)
{
    const struct replay_statement *statement = &run->replayed->statement;
    struct error err, ignored;
    if (!worker->untouched &&
        !open_session(worker->replay, worker->replay->settings.untouched, &worker->untouched, &err))
        return false;
    if (!session_run(worker->untouched, "BEGIN", &err))
        return false;
    bool good = session_query(worker->untouched, statement->recorded->text, statement->n_parameters,
                              run->values, NULL, &err);
    (void)!session_run(worker->untouched, "ROLLBACK", &ignored);
    return !good && strcmp(err.sqlstate, sqlstate) == 0;
}

static const char *described(struct arena *arena, const struct error *err)
{
    return arena_printf(arena, "%s%s%s", err->sqlstate, *err->sqlstate ? " " : "", err->message);
}

static void failed(struct replay_worker *worker, const struct run *run, enum replay_moment moment,
                   const struct error *err)
{
    bool own = fails_untouched(worker, run, err->sqlstate);
    struct replay *replay = worker->replay;
    struct replayed *replayed = run->replayed;
    (void)pthread_mutex_lock(&replay->lock);
    replayed->moments[moment].runs++;
    if (own) {
        replayed->own_errors++;
        replayed->own_error = replayed->own_error ? replayed->own_error : described(replay->errors, err);
    } else {
        replayed->moments[moment].errors++;
        if (!replayed->error) {
            replayed->error = described(replay->errors, err);
            replayed->when = moment;
        }
    }
    (void)pthread_mutex_unlock(&replay->lock);
}

static void went_well(struct replay *replay, struct replayed *replayed, enum replay_moment moment,
                      int64_t took_us, bool rolled_back)
{
    (void)pthread_mutex_lock(&replay->lock);
    replayed->moments[moment].runs++;
    histogram_record(&replayed->moments[moment].times, took_us);
    replayed->rolled_back += rolled_back;
    (void)pthread_mutex_unlock(&replay->lock);
}

static bool prepared(struct replay_worker *worker, size_t number, const struct run *run, struct error *err)
{
    if (!worker->prepared[number])
        worker->prepared[number] =
            session_prepare(worker->session, run->name, run->replayed->statement.recorded->text, err);
    return worker->prepared[number];
}

/* False: the session is over. */
static bool run_statement(struct replay_worker *worker, size_t number)
{
    struct replay *replay = worker->replay;
    struct run run = {.replayed = &replay->list[number]};
    struct error err = {0};
    char name[32];
    bool rolled_back = false;
    (void)snprintf(name, sizeof name, "recorded_%zu", number);
    run.name = name;
    choose_values(worker, &run);
    /* A run belongs to the moment that it ends in: what it waited for came with that. */
    int64_t began = clock_us();
    bool good = prepared(worker, number, &run, &err) && execute(worker->session, &run, &rolled_back, &err);
    enum replay_moment moment = (enum replay_moment)atomic_load(&replay->moment);
    if (good)
        went_well(replay, run.replayed, moment, clock_us() - began, rolled_back);
    else if (err.class != ERROR_INTERRUPTED)
        failed(worker, &run, moment, &err);
    run_free(&run);
    return good || (err.class != ERROR_INTERRUPTED && err.class != ERROR_LOST);
}

/* One statement: the next of those that had no turn at this moment, else any. */
static bool turn(struct replay_worker *worker)
{
    struct replay *replay = worker->replay;
    size_t place =
        atomic_load(&replay->round) < replay->n_able ? atomic_fetch_add(&replay->round, 1) : replay->n_able;
    bool first = place < replay->n_able;
    bool good = run_statement(worker, first ? replay->able[place] : choose(worker));
    if (first)
        (void)atomic_fetch_add(&replay->done, 1);
    double rate = first ? REPLAY_MOST : replay->rate;
    worker->next_us += (int64_t)(1e6 * REPLAY_SESSIONS / rate);
    return good;
}

static void work_on(struct replay_worker *worker)
{
    worker->next_us = clock_us();
    while (!atomic_load(&worker->replay->stop)) {
        int64_t ahead = worker->next_us - clock_us();
        if (ahead > 0)
            clock_sleep_us(ahead < WAIT_US ? ahead : WAIT_US);
        else if (!turn(worker))
            return;
        /* What was missed while a statement waited is not made up for. */
        if (worker->next_us < clock_us() - WAIT_US)
            worker->next_us = clock_us();
    }
}

void *replay_work(void *argument)
{
    struct replay_worker *worker = argument;
    struct replay *replay = worker->replay;
    struct error err;
    while (!atomic_load(&replay->stop)) {
        memset(worker->prepared, 0, replay->n * sizeof *worker->prepared);
        if (open_session(replay, replay->settings.url, &worker->session, &err))
            work_on(worker);
        session_close(worker->session);
        worker->session = NULL;
        if (!atomic_load(&replay->stop))
            clock_sleep_us(WAIT_US);
    }
    session_close(worker->untouched);
    return NULL;
}
