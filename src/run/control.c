/* segue pause and segue resume. */

#include "run/verb_internal.h"

bool run_pause(const struct run_settings *settings, struct error *err)
{
    SEGUE_CLEANUP(verb_close) struct verb verb = {0};
    if (!verb_open(&verb, settings, err) || !verb_needs_live(&verb, err))
        return false;
    if (life_row(verb.state)->work == WORK_NONE) {
        error_set(err, ERROR_REFUSED, "%s is %s: there is nothing to pause", verb.live->name,
                  verb.live->state);
        return error_hint(err, "segue complete or segue rollback ends it");
    }
    return settings->engine->state_pause(verb.session, verb.live->id, true, err);
}

bool run_resume(const struct run_settings *settings, struct error *err)
{
    SEGUE_CLEANUP(verb_close) struct verb verb = {0};
    struct state_rest rest;
    int runner = 0;
    if (!verb_open(&verb, settings, err) || !verb_needs_live(&verb, err))
        return false;
    bool was_paused = verb.live->paused;
    if (!verb_unpause(&verb, err) || !settings->engine->runner(verb.session, &runner, err))
        return false;
    if (life_row(verb.state)->work == WORK_NONE) {
        verb_message(settings, "%s is %s: nothing is under way; segue complete or segue rollback ends it",
                     verb.live->name, verb.live->state);
        return true;
    }
    if (!settings->engine->state_paused(verb.session, verb.live->id, &rest, err))
        return false;
    if (rest.held[0])
        verb_message(settings, "%s; it goes on when that is taken back", rest.held);
    if (runner && (was_paused || rest.held[0])) {
        verb_message(settings, "the session that runs %s (server process %d) goes on%s", verb.live->name,
                     runner, rest.held[0] ? " then" : "");
        return true;
    }
    verb_message(settings, "going on with %s, which is %s", verb.live->name, verb.live->state);
    return verb_drive(&verb, LIFE_WORK_DONE, NULL, err);
}
