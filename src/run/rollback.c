/* segue rollback: everything as before `start`. */

#include "run/verb_internal.h"

static bool way_is_open(struct executor *executor, struct error *err)
{
    const struct step *gone = executor_no_return(executor);
    if (!gone)
        return true;
    error_set(err, ERROR_REFUSED, "the way back is gone: \"%s\" is done", gone->title);
    error_where(err, "%s", gone->id);
    return error_hint(err, "segue complete goes on to the end");
}

bool run_rollback(const struct run_settings *settings, struct error *err)
{
    SEGUE_CLEANUP(verb_close) struct verb verb = {0};
    if (!verb_open(&verb, settings, err) || !verb_needs_live(&verb, err) ||
        !verb_refuse_turn(&verb, false, err))
        return false;
    verb.unpauses = true;
    if (verb.state == LIFE_ROLLING_BACK)
        return verb_drive(&verb, LIFE_WORK_DONE, NULL, err);
    return verb_drive(&verb, LIFE_ROLLBACK, way_is_open, err);
}
