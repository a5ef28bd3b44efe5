/* How statements that the target has recorded would be executed: before, while both versions are live, and afterwards. */

#include <string.h>

#include "rehearse/rehearse_internal.h"

enum { MOST_STATEMENTS = 200 };

/* Traffic that is asked for and cannot be is said before anything is made. */
static bool enough_for_traffic(const struct rehearsal *rehearsal, struct error *err)
{
    if (rehearsal->settings->traffic != TRAFFIC_RECORDED || rehearsal->recorded.n > 0)
        return true;
    error_set(err, ERROR_REFUSED, "there are no recorded statements to run: %s", rehearsal->recorded.why);
    return error_hint(
        err, "name a file of them with --statements FILE, or have requests made up: --traffic drive");
}

bool plans_read(struct rehearsal *rehearsal, struct session *target, struct error *err)
{
    const struct rehearse_settings *settings = rehearsal->settings;
    struct recorded_statements *recorded = &rehearsal->recorded;
    bool good =
        settings->statements
            ? settings->engine->statements_in(rehearsal->arena, settings->statements_path,
                                              settings->statements, recorded, err)
            : settings->engine->recorded_statements(target, MOST_STATEMENTS, rehearsal->arena, recorded, err);
    for (size_t i = 0; good && i < recorded->n && rehearsal->n_planned < MOST_STATEMENTS; i++) {
        const struct planned_statement planned = {.recorded = recorded->list[i]};
        if (!planned.recorded.utility)
            ARENA_PUSH(rehearsal->arena, rehearsal->planned, rehearsal->n_planned, planned);
    }
    if (good && recorded->hidden > 0)
        rehearse_remark(
            rehearsal,
            "%.0f recorded statements of other roles could not be seen: GRANT pg_read_all_stats shows them",
            recorded->hidden);
    return good && enough_for_traffic(rehearsal, err);
}

/* A statement that cannot be planned says why in place of its plan. */
static bool look_at(struct rehearsal *rehearsal, struct session *session, enum plan_moment moment,
                    struct planned_statement *planned, struct error *err)
{
    const char *version = moment == MOMENT_BEFORE ? NULL
                          : moment == MOMENT_LIVE ? rehearsal->plan->old_version
                                                  : rehearsal->plan->new_version;
    struct plan_shape *shape = &planned->shapes[moment];
    if (rehearsal->settings->engine->plan_shape(session, version, rehearsal->plan->search_path,
                                                planned->recorded.text, rehearsal->arena, shape, err))
        return true;
    if (err->class == ERROR_LOST || err->class == ERROR_INTERRUPTED)
        return false;
    shape->why_not = arena_strdup(rehearsal->arena, err->message);
    error_clear(err);
    return true;
}

bool plans_look(struct rehearsal *rehearsal, enum plan_moment moment, struct error *err)
{
    const struct session_settings settings = {.url = place_url(rehearsal, rehearsal->quiet.database),
                                              .application_name = "segue rehearse"};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    if (rehearsal->n_planned == 0)
        return true;
    if (!rehearsal->settings->engine->open(&settings, &session, err))
        return false;
    for (size_t i = 0; i < rehearsal->n_planned; i++)
        if (!look_at(rehearsal, session, moment, &rehearsal->planned[i], err))
            return false;
    return true;
}
