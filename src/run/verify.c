/* segue verify: a pass over every table, or one after another. */

#include "run/verify.h"

#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "move/progress.h"
#include "run/compare.h"
#include "run/verb_internal.h"

static const double LOOK_SECONDS = 1, NAP_SECONDS = 0.5;

/* A pass under way. */
struct pass_run {
    struct verb *verb;
    const struct verify_settings *verify;
    int64_t id; /* of the pass in the state */
    struct session **sessions;
    size_t n_sessions;
    struct arena *arena;
    struct verify_report report;
    struct progress progress;
    double rows_total;
    double told; /* differences that the state has been told */
    int64_t next_look_us;
};

static bool refuse_state(const struct verb *verb, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s is %s: its two versions are not both live", verb->live->name,
              verb->live->state);
    return error_hint(err, "segue start and segue resume compare the rows themselves before they are");
}

static void close_sessions(struct pass_run *run)
{
    for (size_t i = 0; i < run->n_sessions; i++)
        session_close(run->sessions[i]);
    run->n_sessions = 0;
}

static bool open_sessions(struct pass_run *run, struct error *err)
{
    const struct run_settings *settings = run->verb->settings;
    const struct session_settings session = {.url = settings->url,
                                             .application_name = "segue verify",
                                             .search_path = run->verb->plan->search_path,
                                             .cancel_with_client = true};
    size_t n = (size_t)(run->verify->jobs > 0 ? run->verify->jobs : 1);
    run->sessions = arena_alloc(run->arena, n * sizeof *run->sessions);
    for (; run->n_sessions < n; run->n_sessions++)
        if (!settings->engine->open(&session, &run->sessions[run->n_sessions], err))
            return false;
    return true;
}

static void report_progress(struct pass_run *run, const struct plan_table *table, double rows, long range,
                            bool paused)
{
    const struct run_observer *observer = run->verb->settings->observer;
    double now = (double)clock_us() / 1e6;
    const struct step step = {.id = "verify",
                              .phase = PHASE_VERIFY,
                              .kind = STEP_WALK,
                              .title = arena_printf(run->arena, "compare both shapes of %s", table->name)};
    progress_update(&run->progress, rows, run->rows_total < rows ? rows : run->rows_total, now);
    const struct run_walk seen = {.step = &step,
                                  .rows_done = rows,
                                  .rows_total = run->rows_total < rows ? rows : run->rows_total,
                                  .rows_per_s = run->progress.rate,
                                  .eta_seconds = progress_eta(&run->progress),
                                  .chunk_rows = range,
                                  .waiting_for = paused ? "the end of a pause" : NULL};
    if (observer && observer->walk)
        observer->walk(observer->context, &seen);
}

/* What was found is stored at once: a pass that is cut off does not hide it. */
static bool tell(struct pass_run *run, const struct compare_result *sum, struct error *err)
{
    struct compare_result all = {.rows = run->report.rows + sum->rows,
                                 .differences = run->report.differences + sum->differences,
                                 .mended = run->report.mended + sum->mended};
    if (all.differences == run->told)
        return true;
    run->told = all.differences;
    return run->verb->settings->engine->pass_write(run->verb->session, run->verb->live->id, run->id, &all,
                                                   false, false, err);
}

static bool look_around(void *context, struct comparison *comparison, bool *paused, struct error *err)
{
    struct pass_run *run = context;
    (void)pthread_mutex_lock(&comparison->lock);
    struct compare_result sum = comparison->sum;
    long range = comparison->range_rows;
    (void)pthread_mutex_unlock(&comparison->lock);
    report_progress(run, comparison->table, run->report.rows + sum.rows, range, *paused);
    if (interrupted())
        return error_set(err, ERROR_INTERRUPTED, "stopped by a signal");
    if (!tell(run, &sum, err))
        return false;
    if (clock_us() < run->next_look_us)
        return true;
    run->next_look_us = clock_us() + (int64_t)(LOOK_SECONDS * 1e6);
    struct state_rest rest;
    if (!run->verb->settings->engine->state_paused(run->verb->session, run->verb->live->id, &rest, err))
        return false;
    *paused = rest.paused || rest.held[0];
    return true;
}

static bool compare_one_table(struct pass_run *run, const struct plan_table *table, struct error *err)
{
    struct verify_settings left = *run->verify;
    left.limit = run->verify->limit - run->report.n_list;
    struct comparison comparison = {
        .settings = run->verb->settings, .verify = &left, .table = table, .arena = run->arena};
    bool good = compare_table(&comparison, run->sessions, run->n_sessions, look_around, run, err);
    struct error ignored;
    if (!good)
        (void)!tell(run, &comparison.sum, &ignored);
    run->report.rows += comparison.sum.rows;
    run->report.differences += comparison.sum.differences;
    run->report.mended += comparison.sum.mended;
    for (size_t i = 0; i < comparison.sum.n_list; i++)
        ARENA_PUSH(run->arena, run->report.list, run->report.n_list, comparison.sum.list[i]);
    return good;
}

static bool compare_all(struct pass_run *run, struct error *err)
{
    const struct plan *plan = run->verb->plan;
    for (size_t i = 0; i < plan->n_tables; i++)
        run->rows_total += plan->tables[i].agree ? plan->tables[i].rows : 0;
    progress_init(&run->progress, 0, run->rows_total, (double)clock_us() / 1e6);
    for (size_t i = 0; i < plan->n_tables; i++)
        if (plan->tables[i].agree && !compare_one_table(run, &plan->tables[i], err))
            return false;
    return true;
}

static bool run_pass(struct pass_run *run, struct error *err)
{
    const struct engine *engine = run->verb->settings->engine;
    int64_t began = clock_us();
    if (!open_sessions(run, err) ||
        !engine->pass_begin(run->verb->session, run->verb->live->id, "verify", &run->id, err) ||
        !compare_all(run, err))
        return false;
    const struct compare_result figures = {
        .rows = run->report.rows, .differences = run->report.differences, .mended = run->report.mended};
    run->report.seconds = (double)(clock_us() - began) / 1e6;
    run->report.complete = true;
    return engine->pass_write(run->verb->session, run->verb->live->id, run->id, &figures, true, true, err);
}

static void report_phase_of_pass(const struct verb *verb, bool begin, double seconds)
{
    const struct run_observer *observer = verb->settings->observer;
    if (observer && begin && observer->phase_begin)
        observer->phase_begin(observer->context, PHASE_VERIFY, false);
    if (observer && !begin && observer->phase_end)
        observer->phase_end(observer->context, PHASE_VERIFY, false, seconds);
}

static bool one_pass(struct verb *verb, const struct verify_settings *verify, struct error *err)
{
    struct pass_run run = {.verb = verb, .verify = verify, .arena = arena_new()};
    report_phase_of_pass(verb, true, 0);
    bool good = run_pass(&run, err);
    if (good)
        report_phase_of_pass(verb, false, run.report.seconds);
    close_sessions(&run);
    /* What a pass has found before it was cut off is worth saying. */
    if (verify->pass_done && (good || run.report.n_list))
        verify->pass_done(verify->context, &run.report);
    arena_free(run.arena);
    return good;
}

/* Whether the migration is where it was: both versions live. */
static bool still_live(struct verb *verb, bool *live, struct error *err)
{
    int64_t id = verb->live->id;
    const char *name = verb->live->name;
    *live = false;
    if (!verb_look(verb, err))
        return false;
    for (size_t i = 0; i < verb->n_all; i++)
        if (verb->all[i].id == id) {
            if (!verb_mean(verb, &verb->all[i], err))
                return false;
            *live = verb->state == LIFE_ACTIVE;
        }
    if (!*live)
        verb_message(verb->settings, "%s has moved on: nothing is compared any more", name);
    return true;
}

/* A pass that failed because the migration moved on under it is no failure. */
static bool pass_of_watch(struct verb *verb, const struct verify_settings *verify, bool *live,
                          struct error *err)
{
    struct error ignored;
    if (one_pass(verb, verify, err))
        return still_live(verb, live, err);
    if (err->class == ERROR_INTERRUPTED || err->class == ERROR_LOST || !still_live(verb, live, &ignored))
        return false;
    return !*live;
}

static void nap(double seconds)
{
    for (; seconds > 0 && !interrupted(); seconds -= NAP_SECONDS)
        clock_sleep_us((int64_t)((seconds < NAP_SECONDS ? seconds : NAP_SECONDS) * 1e6));
}

static bool watch(struct verb *verb, const struct verify_settings *verify, struct error *err)
{
    bool live = true;
    while (live && !interrupted()) {
        if (!pass_of_watch(verb, verify, &live, err))
            return err->class == ERROR_INTERRUPTED;
        if (live)
            nap(verify->every_seconds);
    }
    return true;
}

bool run_verify(const struct run_settings *settings, const struct verify_settings *verify, struct error *err)
{
    SEGUE_CLEANUP(verb_close) struct verb verb = {0};
    if (!verb_open(&verb, settings, err) || !verb_needs_live(&verb, err))
        return false;
    if (verb.state != LIFE_ACTIVE)
        return refuse_state(&verb, err);
    /* An earlier segue's state has no passes yet. */
    if (!settings->engine->state_install(verb.session, verb.live->schema, err))
        return false;
    return verify->watch ? watch(&verb, verify, err) : one_pass(&verb, verify, err);
}
