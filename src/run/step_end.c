/* The end of a step whose work is durable by itself. */

#include "base/clock.h"
#include "run/executor_internal.h"

bool step_end(struct executor *executor, const char *point, const char *id, enum journal_status status,
              int64_t began_us, struct error *err)
{
    enum fault_action fault = fault_ending(executor, point);
    if (fault == FAULT_ERROR)
        return fault_error(point, FAULT_AFTER, err);
    if (fault == FAULT_DROP_CONNECTION)
        session_drop(executor->session);
    if (executor->id && !executor->engine->journal_write(executor->session, executor->id, id, status,
                                                         (double)(clock_us() - began_us) / 1e6, err))
        return false;
    fault_after(point);
    return true;
}
