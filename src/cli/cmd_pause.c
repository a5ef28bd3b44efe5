/* segue pause: lets a running migration stop at the next safe place. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/state.h"

static bool run(struct invocation *call, struct error *err)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct state_migration *live = NULL;
    if (!call_open(call, "segue pause", true, &session, err) ||
        !state_live_required(call, session, false, &live, err) ||
        !call->engine->state_pause(session, live->id, true, err))
        return false;
    live->paused = true;
    if (call->json)
        json_print(state_json(live));
    else
        printf("%s is paused. Go on with: segue resume\n", live->name);
    return true;
}

static const char *const description[] = {
    "Asks the migration that is under way to stop after the chunk or step that it is doing. Applications are not affected, "
    "and what was done stays. segue resume goes on; segue rollback works as well.",
    NULL,
};

const struct command command_pause = {
    .name = "pause",
    .summary = "stop the running migration at the next safe place",
    .description = description,
    .run = run,
};
