/* The room of the rows that an updating walk has replaced, made free for new ones. */
#include "postgres/format.h"
#include "postgres/planner/steps.h"

/* Smaller tables are left to autovacuum: what they waste is little. */
static const double LEAST_ROWS = 10000;

/* SKIP_LOCKED: who holds the table is not waited for. TRUNCATE: giving pages at the end back would lock the table against everyone.
 * PARALLEL: workers would take more than the share of one. */
void steps_vacuum(struct steps *steps, const struct model_table *table, enum plan_phase phase)
{
    struct arena *arena = steps->arena;
    if (table->origin->rows < LEAST_ROWS)
        return;
    struct step *step =
        step_begin(steps, phase, STEP_VACUUM, table->origin->name, "vacuum",
                   arena_printf(arena, "vacuum what the old rows of %s left", table->origin->name));
    step->duration = DURATION_SCAN;
    step_act(steps, pg_format(arena, "VACUUM (SKIP_LOCKED, TRUNCATE FALSE, PARALLEL 0) %s", table->real));
    /* The server's counts of dead rows come late from the sessions that made them, and where there are none, a vacuum costs little. */
    step->probe = pg_format(
        arena,
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks AS l WHERE l.relation = %L::pg_catalog.regclass AND "
        "l.mode = 'ShareUpdateExclusiveLock' AND l.granted AND l.database = (SELECT d.oid FROM "
        "pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database()))",
        table->real);
    step_lock(steps, table->real, "SHARE UPDATE EXCLUSIVE");
    step_why(
        steps,
        "paced as the walk was; it gives way to whoever waits for the table, and is left to autovacuum where that "
        "is at it already");
}
