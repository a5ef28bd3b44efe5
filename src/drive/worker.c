/* A worker: one thread, one session, prepared once, paced, until it is told to end. */
#include "drive/drive_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

enum { RECONNECT_PAUSE_US = 100000, LONGEST_NAP_US = 50000 };

bool statement_run(struct session *session, const struct statement *statement, const struct row *row,
                   struct rows **out, struct error *err)
{
    const char **values = memory_alloc((statement->n_parameters + 1) * sizeof *values);
    for (size_t i = 0; i < statement->n_parameters; i++)
        values[i] = row->values[statement->parameters[i]];
    rows_free(out ? *out : NULL);
    bool good = session_execute(session, statement->name, statement->n_parameters, values, out, err);
    free(values);
    return good;
}

bool target_prepare(struct session *session, const struct target *target, struct error *err)
{
    for (size_t i = 0; i < target->statements.n; i++) {
        const struct statement *statement = &target->statements.all[i];
        if (statement->set_up && !session_run(session, statement->set_up, err))
            return false;
        if (!session_prepare(session, statement->name, statement->sql, err)) {
            error_detail(err, "%s", statement->sql);
            return false;
        }
    }
    return true;
}

/* --- Life of the session --- */

static bool stopping(const struct worker *worker)
{
    struct crew *crew = worker->crew;
    double seconds = crew->drive->settings.seconds;
    return atomic_load(&crew->stop) || atomic_load(&crew->drive->stop) ||
           (seconds > 0 && drive_elapsed(crew->drive) >= seconds);
}

static bool connect_worker(struct worker *worker, struct error *err)
{
    struct crew *crew = worker->crew;
    session_close(worker->session);
    worker->session = NULL;
    worker->agree_prepared = false;
    if (!crew_open(crew, &worker->session, err))
        return false;
    worker->maker.session = worker->session;
    for (size_t i = 0; i < crew->n_targets; i++)
        if (!target_prepare(worker->session, &crew->targets[i], err))
            return false;
    return true;
}

static void count_error(struct worker *worker, const char *sql, const struct error *err)
{
    struct crew *crew = worker->crew;
    struct sample sample = {.ended_at = clock_us() - crew->drive->began_us, .error = true};
    batch_record(&worker->batch, &crew->series, &sample);
    drive_found(crew->drive, DRIVE_ERROR, crew->version, err->sqlstate, sql, "%s", err->message);
}

/* Until it works or the worker is to end; each failure counts. */
static void reconnect(struct worker *worker)
{
    struct error err;
    while (!connect_worker(worker, &err)) {
        if (err.class != ERROR_INTERRUPTED && !worker_is_over(worker))
            count_error(worker, err.detail[0] ? err.detail : "connect", &err);
        session_close(worker->session);
        worker->session = NULL;
        if (stopping(worker))
            return;
        clock_sleep_us(RECONNECT_PAUSE_US);
    }
}

/* Refusals of a row or a wait leave the session as good as before. */
static bool session_is_fine(const struct error *err)
{
    return err->class != ERROR_LOST &&
           (strncmp(err->sqlstate, "23", 2) == 0 || strncmp(err->sqlstate, "22", 2) == 0 ||
            strncmp(err->sqlstate, "40", 2) == 0 || strncmp(err->sqlstate, "55", 2) == 0 ||
            strncmp(err->sqlstate, "57014", 5) == 0);
}

bool worker_is_over(struct worker *worker)
{
    struct error ignored;
    if (worker->crew->version != DRIVE_NEW || !worker->session)
        return false;
    if (atomic_load(&worker->crew->gone))
        return true;
    if (!version_is_gone(worker->crew->drive, worker->session)) {
        /* In a failed transaction nothing can be asked. */
        if (!worker->failed || !session_run(worker->session, "ROLLBACK", &ignored) ||
            !version_is_gone(worker->crew->drive, worker->session))
            return false;
    }
    atomic_store(&worker->crew->gone, true);
    atomic_store(&worker->crew->stop, true);
    return true;
}

void worker_failed(struct worker *worker, const char *sql, const struct error *err)
{
    worker->failed = true;
    bool over = err->class == ERROR_INTERRUPTED || worker_is_over(worker);
    worker->failed = false;
    if (over)
        return;
    count_error(worker, sql, err);
    if (!session_is_fine(err))
        reconnect(worker);
}

/* --- The loop --- */

/* Sleeps until the next request is due. False: time to end. */
static bool wait_for_turn(struct worker *worker)
{
    if (!worker->interval_us)
        return !stopping(worker);
    worker->next_us += worker->interval_us;
    while (!stopping(worker)) {
        int64_t wait = worker->next_us - clock_us();
        if (wait <= 0)
            return true;
        clock_sleep_us(wait < LONGEST_NAP_US ? wait : LONGEST_NAP_US);
    }
    return false;
}

static void record_request(struct worker *worker)
{
    if (!worker->ended_us)
        return;
    struct sample sample = {
        .ended_at = worker->ended_us - worker->crew->drive->began_us,
        .microseconds = worker->ended_us - worker->began_us,
        .request = true,
    };
    batch_record(&worker->batch, &worker->crew->series, &sample);
}

static void work(struct worker *worker)
{
    struct crew *crew = worker->crew;
    /* Spread over the interval, so that the workers do not all begin at once. */
    worker->next_us =
        clock_us() + worker->interval_us * worker->number / (int64_t)crew->n_workers - worker->interval_us;
    while (worker->session && wait_for_turn(worker)) {
        worker->began_us = worker->interval_us ? worker->next_us : 0;
        worker->ended_us = 0;
        worker_act(worker);
        record_request(worker);
        favour_tend(worker);
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct crew *crew = worker->crew;
    reconnect(worker);
    (void)atomic_fetch_add(&crew->ready, 1);
    work(worker);
    batch_flush(&worker->batch, &crew->series);
    favour_end(worker);
    if (worker->session)
        check_all_own(worker);
    session_close(worker->session);
    worker->session = NULL;
    (void)atomic_fetch_sub(&crew->active, 1);
    return NULL;
}

static void worker_init(struct worker *worker, struct crew *crew, int number)
{
    struct drive *drive = crew->drive;
    *worker = (struct worker){.crew = crew, .number = number};
    worker->own = memory_alloc((crew->n_targets + 1) * sizeof *worker->own);
    worker->maker = (struct maker){
        .state = (drive->run * 64 + (uint64_t)number + 1) * 2654435761u + (crew->version == DRIVE_NEW),
        .counter = &drive->counter,
        .run = drive->run,
        .null_percent = drive->settings.null_percent,
    };
    if (drive->settings.rate > 0)
        worker->interval_us = (int64_t)(1e6 * (double)crew->n_workers / drive->settings.rate);
    batch_init(&worker->batch);
}

void crew_start(struct crew *crew)
{
    crew->began = drive_elapsed(crew->drive);
    atomic_store(&crew->active, (int)crew->n_workers);
    crew->workers = memory_alloc((crew->n_workers + 1) * sizeof *crew->workers);
    for (size_t i = 0; i < crew->n_workers; i++)
        worker_init(&crew->workers[i], crew, (int)i);
    for (size_t i = 0; i < crew->n_workers; i++) {
        if (pthread_create(&crew->workers[i].thread, NULL, worker_main, &crew->workers[i]) == 0)
            continue;
        crew->workers[i].thread = pthread_self();
        (void)atomic_fetch_add(&crew->ready, 1);
        (void)atomic_fetch_sub(&crew->active, 1);
        drive_note(crew->drive, "a worker's thread could not be started");
    }
    atomic_store(&crew->busy, true);
    while (atomic_load(&crew->ready) < (int)crew->n_workers)
        clock_sleep_us(1000);
}

static void worker_free(struct worker *worker)
{
    for (size_t t = 0; t < worker->crew->n_targets; t++) {
        for (size_t i = 0; i < worker->own[t].n; i++)
            row_free(&worker->own[t].rows[i]);
        free(worker->own[t].rows);
    }
    free(worker->own);
}

void crew_join(struct crew *crew)
{
    for (size_t i = 0; i < crew->n_workers && crew->workers; i++) {
        struct worker *worker = &crew->workers[i];
        if (!pthread_equal(worker->thread, pthread_self()))
            (void)pthread_join(worker->thread, NULL);
        batch_flush(&worker->batch, &crew->series);
        worker_free(worker);
    }
}
