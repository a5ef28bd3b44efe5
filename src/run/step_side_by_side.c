/*
 * A step whose acts may run in any order and at the same time: indexes of one new table. Each is alone in a session of its own and asks
 * first whether it is already there, because a session that was lost may have finished its own.
 */

#include "base/clock.h"
#include "run/executor_internal.h"
#include "run/side_by_side.h"
#include "run/throttling.h"

static bool one_act(struct side_by_side *side, struct session *session, int number, struct error *err)
{
    const struct step *step = side->context;
    return side->executor->engine->run_alone(session, step->acts[number - 1], err);
}

bool step_side_by_side(struct executor *executor, const struct step *step, struct error *err)
{
    struct side_by_side side = {.executor = executor,
                                .n = (int)step->n_acts,
                                .jobs = throttling_jobs(executor),
                                .work = one_act,
                                .context = (void *)step};
    int64_t began = clock_us();
    if (!fault_before(executor, step->id, err) || !side_by_side(&side, err))
        return false;
    return step_end(executor, step->id, step->id, JOURNAL_DONE, began, err);
}
