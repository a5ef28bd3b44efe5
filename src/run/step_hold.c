/*
 * Gateways hold back what sessions begin while a lock is asked for. They let go at the commit, when they are told to, or when the time is over that
 * stands in the call, whatever becomes of segue.
 */

#include <inttypes.h>
#include <stdio.h>

#include "run/executor_internal.h"

/* Longer than the step is allowed to hold its lock in the usual case; who is told to let go does not wait for it. */
enum { MARGIN_MS = 200 };

bool step_hold(struct executor *executor, int timeout_ms, bool *held, struct error *err)
{
    const struct gateway_engine *gateways = executor->engine->gateway;
    *held = false;
    if (!gateways || executor->id == 0)
        return true;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct gateway_life *lives;
    size_t n;
    if (!gateways->list(executor->session, arena, &lives, &n, err))
        return false;
    if (n == 0)
        return true;
    char argument[64];
    (void)snprintf(argument, sizeof argument, "%" PRId64 " %d", executor->id, timeout_ms + MARGIN_MS);
    *held = gateways->call(executor->session, "hold", argument, err);
    return *held;
}

bool step_release(struct executor *executor, struct error *err)
{
    char argument[32];
    (void)snprintf(argument, sizeof argument, "%" PRId64, executor->id);
    return executor->engine->gateway->call(executor->session, "release", argument, err);
}
