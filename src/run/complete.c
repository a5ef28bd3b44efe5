/* segue complete: the old version is retired. */

#include "run/executor_internal.h"
#include "run/verb_internal.h"

enum { LOOKS = 5 };

static const double LOOK_SECONDS = 0.2;
static const double RECENT_SECONDS = 60;

static bool refuse_state(const struct verb *verb, struct error *err)
{
    error_set(err, ERROR_REFUSED, "%s is %s, not active", verb->live->name, verb->live->state);
    if (verb->state == LIFE_ROLLING_BACK)
        return error_hint(err, "segue rollback ends the rollback");
    return error_hint(err, "segue resume brings it to the point where both versions are live");
}

static bool refuse_users(const struct executor *executor, const char *version,
                         const struct version_user *users, size_t n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    for (size_t i = 0; i < n; i++)
        text_printf(&names, "%sprocess %d (%s, %s%s%s), %.0f s ago", i ? "\n" : "", users[i].pid,
                    users[i].user ? users[i].user : "?", users[i].application ? users[i].application : "",
                    users[i].address ? " from " : "", users[i].address ? users[i].address : "",
                    users[i].seconds_ago);
    error_set(err, ERROR_REFUSED, "%zu session%s used version %s within the last %.0f s", n,
              n == 1 ? "" : "s", version, RECENT_SECONDS);
    error_detail(err, "%s", text_string(&names));
    return error_hint(err, "move them to %s first (segue use, segue url), or --force",
                      executor->plan->new_version);
}

/* The old version's, and those of every version below it that is not there any more but in name: its views are still there. */
static bool look_once(struct executor *executor, struct error *err)
{
    const struct plan *plan = executor->plan;
    for (size_t i = 0; i < plan->n_older_versions; i++)
        if (!executor->engine->sample_users(executor->session, executor->id, plan->older_versions[i], err))
            return false;
    return executor->engine->sample_users(executor->session, executor->id, plan->old_version, err);
}

static bool refuse_if_used(struct executor *executor, const char *version, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct version_user *users;
    size_t n;
    if (!executor->engine->version_users(executor->session, executor->id, version, RECENT_SECONDS, arena,
                                         &users, &n, err))
        return false;
    return n == 0 || refuse_users(executor, version, users, n, err);
}

/* Looks a few times over a second, because a session is seen only while a statement of its runs. */
static bool old_version_is_idle(struct executor *executor, struct error *err)
{
    const struct plan *plan = executor->plan;
    if (executor->settings->force)
        return true;
    for (int look = 0; look < LOOKS; look++) {
        if (look)
            executor_sleep(LOOK_SECONDS);
        if (!executor_checkpoint(executor, err) || !look_once(executor, err))
            return false;
    }
    for (size_t i = 0; i < plan->n_older_versions; i++)
        if (!refuse_if_used(executor, plan->older_versions[i], err))
            return false;
    return refuse_if_used(executor, plan->old_version, err);
}

static bool refuse_unverified(struct error *err)
{
    return error_hint(err, "segue verify compares both shapes of every row; --unverified goes on without");
}

/*
 * What a pass has proved stays true because the triggers keep it so: it counts for as long as they are those that were in force
 * then, and nothing that was looked at later differs.
 */
static bool is_verified(struct executor *executor, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct verification now;
    if (executor->settings->unverified)
        return true;
    if (!executor->engine->verification(executor->session, executor->id, arena, &now, err))
        return false;
    /* Tables of an earlier segue: there are no passes. */
    if (now.disabled)
        error_set(err, ERROR_REFUSED, "what keeps the two shapes in step is switched off: %s", now.disabled);
    else if (now.has_found)
        error_set(err, ERROR_REFUSED, "the two shapes of %.0f rows differed when they were last compared, %s",
                  now.found.differences - now.found.mended, now.found.ended_at);
    else if (!now.has_complete)
        error_set(err, ERROR_REFUSED, "the two shapes of %s have never been compared", executor->plan->name);
    else if (now.moved)
        error_set(err, ERROR_REFUSED,
                  "what keeps the two shapes in step was changed since they were last compared, %s",
                  now.complete.ended_at);
    else
        return true;
    return refuse_unverified(err);
}

static bool may_complete(struct executor *executor, struct error *err)
{
    return is_verified(executor, err) && old_version_is_idle(executor, err);
}

bool run_complete(const struct run_settings *settings, struct error *err)
{
    SEGUE_CLEANUP(verb_close) struct verb verb = {0};
    if (!verb_open(&verb, settings, err) || !verb_needs_live(&verb, err))
        return false;
    if (verb.state != LIFE_ACTIVE && verb.state != LIFE_COMPLETING)
        return refuse_state(&verb, err);
    if (!verb_refuse_turn(&verb, true, err))
        return false;
    verb.unpauses = true;
    if (verb.state == LIFE_COMPLETING)
        return verb_drive(&verb, LIFE_WORK_DONE, NULL, err);
    return verb_drive(&verb, LIFE_COMPLETE, may_complete, err);
}
