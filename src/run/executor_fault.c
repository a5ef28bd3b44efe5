/* Fault points of the executor (base/fault.h). A connection is dropped once a process at each point, or no retry could pass it. */

#include <stdio.h>
#include <string.h>

#include "run/executor_internal.h"

/* Whether the connection was dropped at the point before; remembers that it is now. */
static bool dropped_before(struct executor *executor, const char *point, const char *moment)
{
    char mark[300];
    (void)snprintf(mark, sizeof mark, "\n%s:%s\n", point, moment);
    if (strstr(text_string(&executor->dropped), mark))
        return true;
    text_append(&executor->dropped, mark);
    return false;
}

bool fault_error(const char *point, enum fault_moment moment, struct error *err)
{
    return error_set(err, ERROR_DATABASE, "fault injected %s %s", moment == FAULT_BEFORE ? "before" : "after",
                     point);
}

bool fault_before(struct executor *executor, const char *point, struct error *err)
{
    enum fault_action action = fault_at(point, FAULT_BEFORE);
    if (action == FAULT_ERROR)
        return fault_error(point, FAULT_BEFORE, err);
    if (action == FAULT_DROP_CONNECTION && !dropped_before(executor, point, "before"))
        session_drop(executor->session);
    return true;
}

enum fault_action fault_ending(struct executor *executor, const char *point)
{
    enum fault_action action = fault_planned(point, FAULT_AFTER);
    if (action == FAULT_KILL)
        return FAULT_NONE;
    if (action == FAULT_DROP_CONNECTION && dropped_before(executor, point, "after"))
        return FAULT_NONE;
    return action;
}

void fault_after(const char *point)
{
    if (fault_planned(point, FAULT_AFTER) == FAULT_KILL)
        (void)fault_at(point, FAULT_AFTER);
}
