/* Seconds of work, from what script/bench measures on plain hardware (docs/performance.md). */
#include "runbook/forecast.h"

#include <string.h>

/* Seconds. The planner's choice of a strategy rests on the same figures. */
static const double update_row = 5e-6,
                    update_entry = 2.5e-6; /* in place: a new version, an entry of each index */
static const double copy_row = 0.8e-6, copy_byte = 5e-9;
static const double compare_row = 0.5e-6;
static const double join_row = 20e-6; /* a row that is put into another table and kept in step with it */
static const double guessed_indexes = 2;
static const double chunk = 0.005;

const struct table_facts *facts_of(const struct facts *facts, const char *relation)
{
    for (size_t i = 0; facts && i < facts->n_tables; i++)
        if (strcmp(facts->tables[i].relation, relation) == 0)
            return &facts->tables[i];
    return NULL;
}

static const struct table_facts *facts_of_table(const struct forecast *forecast,
                                                const struct plan_table *table)
{
    for (size_t i = 0; forecast->facts && table && i < forecast->facts->n_tables; i++)
        if (table == &forecast->plan->tables[i])
            return &forecast->facts->tables[i];
    return NULL;
}

/* Facts begin with one entry for each table of the plan, in its order. */
struct ground forecast_ground(const struct forecast *forecast, const struct step *step)
{
    const struct plan_table *table = plan_table_of(forecast->plan, step);
    const struct table_facts *facts = step->walk ? facts_of(forecast->facts, step->walk->table) : NULL;
    if (!facts && step->n_locks)
        facts = facts_of(forecast->facts, step->locks[0].relation);
    if (!facts)
        facts = facts_of_table(forecast, table);
    struct ground ground = {.indexes = guessed_indexes};
    if (facts && facts->measured) {
        ground = (struct ground){.rows = facts->rows >= 0 ? facts->rows : facts->live,
                                 .bytes = facts->table_bytes,
                                 .apart = facts->table_bytes - facts->heap_bytes,
                                 .index_bytes = facts->index_bytes,
                                 .indexes = facts->n_indexes,
                                 .counted = true};
    } else if (table) {
        ground.rows = table->rows;
        ground.bytes = table->bytes;
        ground.index_bytes = table->bytes / 4;
    }
    if (step->walk && step->walk->rows > ground.rows)
        ground.rows = step->walk->rows;
    return ground;
}

static bool fills(const struct walk *walk)
{
    return walk->set && !walk->mismatch;
}

const struct measured *forecast_rests_on(const struct forecast *forecast, const struct step *step)
{
    const struct walk *walk = step->walk;
    if (step->kind != STEP_WALK || !walk)
        return NULL;
    if (walk->insert)
        return forecast->copied.n ? &forecast->copied : NULL;
    return fills(walk) && forecast->in_place.n ? &forecast->in_place : NULL;
}

/* Seconds at full speed on the machine that was measured. */
static double walk_seconds(const struct walk *walk, const struct ground *ground)
{
    if (walk->insert)
        return ground->bytes * copy_byte + ground->rows * copy_row;
    if (walk->n_copies)
        return ground->rows * join_row;
    if (fills(walk) || walk->remove)
        return ground->rows * (update_row + update_entry * ground->indexes);
    return ground->rows * compare_row;
}

/* Work that rests while others would suffer. */
static struct range paced(const struct forecast *forecast, double seconds)
{
    struct range full = speed_about(seconds);
    return range_of(full.low / forecast->share.high, full.likely / forecast->share.likely,
                    full.high / forecast->share.low);
}

static struct range walk(const struct forecast *forecast, const struct step *step, const struct walk *walk,
                         const struct ground *ground)
{
    const struct measured *measured = walk == step->walk ? forecast_rests_on(forecast, step) : NULL;
    if (!measured)
        return paced(forecast, walk_seconds(walk, ground));
    return range_of(ground->rows / measured->rows_per_second.high,
                    ground->rows / measured->rows_per_second.likely,
                    ground->rows / measured->rows_per_second.low);
}

static double scan_seconds(const struct ground *ground)
{
    return speed_scan(ground->rows, ground->bytes - ground->apart);
}

static double build_seconds(const struct ground *ground)
{
    return speed_build(ground->rows, ground->bytes - ground->apart);
}

/* What a rehearsal says. False: nothing. */
static bool as_rehearsed(const struct forecast *forecast, const struct step *step, bool back,
                         struct range *out)
{
    const struct rehearsed_step *found = rehearsed_step(forecast->rehearsed, step->id, back);
    if (found)
        *out = range_of(found->low, found->likely, found->high);
    return found != NULL;
}

struct range forecast_step(const struct forecast *forecast, const struct step *step)
{
    struct range rehearsed;
    if (as_rehearsed(forecast, step, false, &rehearsed))
        return rehearsed;
    struct ground ground = forecast_ground(forecast, step);
    switch (step->kind) {
    case STEP_WALK: return step->walk ? walk(forecast, step, step->walk, &ground) : speed_instant();
    case STEP_CHECK: return speed_about(scan_seconds(&ground));
    case STEP_SIDE_BY_SIDE: return speed_about(build_seconds(&ground) * (double)step->n_acts);
    case STEP_VACUUM: return paced(forecast, speed_scan(0, ground.bytes + ground.index_bytes));
    case STEP_CATCH_UP: return range_of(0.01, 0.5, 30);
    case STEP_TRANSACTION:
    case STEP_ALONE: break;
    }
    switch (step->duration) {
    case DURATION_SCAN: return speed_about(scan_seconds(&ground));
    case DURATION_BUILD: return speed_about(build_seconds(&ground));
    case DURATION_HELD:
        return speed_about(
            speed_rewrite(ground.rows, ground.bytes - ground.apart, ground.apart, ground.indexes));
    case DURATION_NONE:
    case DURATION_INSTANT:
    case DURATION_CHUNKS: break;
    }
    return speed_instant();
}

struct range forecast_held(const struct forecast *forecast, const struct step *step)
{
    switch (step->duration) {
    case DURATION_INSTANT: return speed_instant();
    case DURATION_CHUNKS: return range_of(chunk / 5, chunk, chunk * 5);
    case DURATION_NONE:
    case DURATION_SCAN:
    case DURATION_BUILD:
    case DURATION_HELD: break;
    }
    return forecast_step(forecast, step);
}

struct range forecast_undo(const struct forecast *forecast, const struct step *step)
{
    struct ground ground = forecast_ground(forecast, step);
    struct range range = {0};
    if (as_rehearsed(forecast, step, true, &range))
        return range;
    if (step->n_undo)
        range = speed_instant();
    if (step->undo_walk)
        range = range_add(range, walk(forecast, step, step->undo_walk, &ground));
    return range;
}
