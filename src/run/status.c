/* segue status: how things stand, from what is stored and what the server shows, without any lock of segue's. */

#include <string.h>

#include "run/verb_internal.h"

static const double RECENT_SECONDS = 60;

static bool stands(const struct journal_entry *journal, size_t n, const struct step *step)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(journal[i].step, step->id) == 0)
            return journal[i].status == JOURNAL_DONE;
    return false;
}

/* Counts what is done and finds the step that is under way: the first that is not done, or on the way back the last that is. */
static void read_journal(struct run_status *out, const struct journal_entry *journal, size_t n, bool back)
{
    const struct plan *plan = out->plan;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct step *step = &plan->steps[i];
        if (step->phase == PHASE_CHECK)
            continue;
        bool done = stands(journal, n, step);
        out->steps++;
        out->steps_done += done;
        if (back ? done : !done && !out->step)
            out->step = step;
    }
}

static bool read_walk(const struct verb *verb, struct arena *arena, struct run_status *out, struct error *err)
{
    if (!out->step || out->step->kind != STEP_WALK)
        return true;
    if (!verb->settings->engine->walk_load(verb->session, verb->live->id, out->step, arena, &out->walk, err))
        return false;
    if (out->walk.seconds > 0)
        out->rows_per_s = out->walk.rows_done / out->walk.seconds;
    double left = out->walk.rows_total - out->walk.rows_done;
    if (out->rows_per_s > 0)
        out->eta_seconds = left > 0 ? left / out->rows_per_s : 0;
    return true;
}

static bool listed(const struct run_status *status, int pid)
{
    for (size_t i = 0; i < status->n_blockers; i++)
        if (status->blockers[i].pid == pid)
            return true;
    return false;
}

/* Those that keep the step from its locks, and those that the session at work waits for this very moment. */
static bool read_blockers(const struct verb *verb, struct arena *arena, struct run_status *out,
                          struct error *err)
{
    const struct engine *engine = verb->settings->engine;
    const struct step *step = out->step;
    struct blocker *found = NULL;
    size_t n = 0;
    if (!step || life_row(verb->state)->work == WORK_NONE)
        return true;
    if (step->n_locks && !engine->blockers(verb->session, step->locks, step->n_locks,
                                           verb->settings->lock_ceiling_ms / 1e3, arena, &found, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (found[i].pid != out->runner_pid)
            ARENA_PUSH(arena, out->blockers, out->n_blockers, found[i]);
    if (!out->runner_pid)
        return true;
    if (!engine->waits_for(verb->session, out->runner_pid, arena, &found, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!listed(out, found[i].pid))
            ARENA_PUSH(arena, out->blockers, out->n_blockers, found[i]);
    return true;
}

/* While a session runs the migration it looks once a second; while none does, this is the time to look. A role that may only
 * read the state still gets its answer. */
static bool look_for_users(const struct verb *verb, const struct run_status *out, struct error *err)
{
    const struct engine *engine = verb->settings->engine;
    if (out->runner_pid)
        return true;
    bool good = engine->sample_users(verb->session, verb->live->id, verb->live->old_version, err) &&
                engine->sample_users(verb->session, verb->live->id, verb->live->new_version, err);
    return good || err->class != ERROR_LOST;
}

static bool read_users(const struct verb *verb, struct arena *arena, struct run_status *out,
                       struct error *err)
{
    const struct engine *engine = verb->settings->engine;
    return look_for_users(verb, out, err) &&
           engine->version_users(verb->session, verb->live->id, verb->live->old_version, RECENT_SECONDS,
                                 arena, &out->old_users, &out->n_old_users, err) &&
           engine->version_users(verb->session, verb->live->id, verb->live->new_version, RECENT_SECONDS,
                                 arena, &out->new_users, &out->n_new_users, err);
}

/* A role that may not read it still gets its answer. */
static bool read_verification(const struct verb *verb, struct arena *arena, struct run_status *out,
                              struct error *err)
{
    if (verb->state != LIFE_ACTIVE ||
        verb->settings->engine->verification(verb->session, verb->live->id, arena, &out->verified, err))
        return true;
    out->verified = (struct verification){0};
    return err->class != ERROR_LOST;
}

static bool read_stubborn(const struct verb *verb, struct arena *arena, struct run_status *out,
                          struct error *err)
{
    if (verb->settings->engine->stubborn(verb->session, verb->live->id, NULL, arena, &out->stubborn,
                                         &out->n_stubborn, err))
        return true;
    out->n_stubborn = 0;
    return err->class != ERROR_LOST;
}

/* A role that may not read it still gets the rest of the answer. */
static bool read_rest(const struct verb *verb, struct run_status *out, struct error *err)
{
    return verb->settings->engine->state_paused(verb->session, verb->live->id, &out->rest, err) ||
           err->class != ERROR_LOST;
}

/* Likewise. */
static bool read_throttle(const struct verb *verb, struct arena *arena, struct run_status *out,
                          struct error *err)
{
    if (!out->runner_pid)
        return true;
    return verb->settings->engine->throttle_load(verb->session, verb->live->id, arena, &out->throttle, err) ||
           err->class != ERROR_LOST;
}

/* A slot that nobody reads from fills the disk, so it is told in any case. */
static bool read_slots(struct session *session, const struct run_settings *settings, struct arena *arena,
                       struct run_status *out, struct error *err)
{
    return settings->engine->capture_slots(session, arena, &out->slots, &out->n_slots, err) ||
           err->class != ERROR_LOST;
}

static bool read_live(const struct verb *verb, struct arena *arena, struct run_status *out, struct error *err)
{
    const struct engine *engine = verb->settings->engine;
    struct journal_entry *journal;
    size_t n;
    if (!engine->journal_load(verb->session, verb->live->id, arena, &journal, &n, err) ||
        !engine->runner(verb->session, &out->runner_pid, err))
        return false;
    read_journal(out, journal, n, verb->state == LIFE_ROLLING_BACK);
    return read_rest(verb, out, err) && read_walk(verb, arena, out, err) &&
           read_throttle(verb, arena, out, err) && read_blockers(verb, arena, out, err) &&
           read_users(verb, arena, out, err) && read_verification(verb, arena, out, err) &&
           read_stubborn(verb, arena, out, err);
}

bool run_status(const struct run_settings *settings, struct arena *arena, struct run_status *out,
                struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    *out = (struct run_status){.eta_seconds = -1};
    if (!verb_session(settings, &session, err) ||
        !settings->engine->state_installed(session, &out->installed, err))
        return false;
    if (!out->installed)
        return true;
    if (!read_slots(session, settings, arena, out, err))
        return false;
    struct verb verb = {.settings = settings, .arena = arena, .session = session};
    if (!verb_look(&verb, err))
        return false;
    if (settings->migration && !verb.live && verb.n_all)
        return verb_needs_live(&verb, err);
    if (!verb.live && verb.n_all && !verb_mean(&verb, &verb.all[0], err))
        return false;
    out->all = verb.all;
    out->n_all = verb.n_all;
    out->live = verb.live;
    out->plan = verb.plan;
    return !verb.live || read_live(&verb, arena, out, err);
}
