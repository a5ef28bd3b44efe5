/* Words for the enumerations of a plan, and looking a step up. */
#include "plan/plan.h"

#include <string.h>

const char *plan_phase_name(enum plan_phase phase)
{
    static const char *const names[PHASE_COUNT] = {
        [PHASE_CHECK] = "check",   [PHASE_EXPAND] = "expand",     [PHASE_BACKFILL] = "backfill",
        [PHASE_VERIFY] = "verify", [PHASE_ACTIVATE] = "activate", [PHASE_CONTRACT] = "contract",
    };
    return (unsigned)phase < PHASE_COUNT ? names[phase] : "unknown";
}

const char *step_kind_name(enum step_kind kind)
{
    switch (kind) {
    case STEP_TRANSACTION: return "transaction";
    case STEP_ALONE: return "alone";
    case STEP_WALK: return "walk";
    case STEP_CHECK: return "check";
    case STEP_CATCH_UP: return "catch-up";
    case STEP_SIDE_BY_SIDE: return "side by side";
    case STEP_VACUUM: return "vacuum";
    }
    return "unknown";
}

const char *step_duration_name(enum step_duration duration)
{
    switch (duration) {
    case DURATION_NONE: return "none";
    case DURATION_INSTANT: return "instant";
    case DURATION_SCAN: return "scan";
    case DURATION_BUILD: return "build";
    case DURATION_CHUNKS: return "chunks";
    case DURATION_HELD: return "held";
    }
    return "unknown";
}

const struct step *plan_step(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (strcmp(plan->steps[i].id, id) == 0)
            return &plan->steps[i];
    return NULL;
}

const struct plan_table *plan_table_of(const struct plan *plan, const struct step *step)
{
    const char *slash = strchr(step->id, '/');
    const char *name = slash ? strchr(slash + 1, '/') : NULL;
    for (size_t i = 0; name && i < plan->n_tables; i++) {
        size_t length = strlen(plan->tables[i].name);
        if (strncmp(name + 1, plan->tables[i].name, length) == 0 && strchr("/", name[1 + length]))
            return &plan->tables[i];
    }
    return NULL;
}
