/* The life of a migration, lived: transitions between states and the work in each. */

#include <string.h>

#include "run/executor_internal.h"

enum { MOVE_TRIES = 50, MOVE_BELT_MS = 2000 };

static const double BACKOFF_LOW = 0.02, BACKOFF_HIGH = 0.2;

/* The comparison at the end of `start` is a pass of verification: it counts from here on, with the triggers that are in force now. */
static bool record_pass(struct executor *executor, struct error *err)
{
    const struct engine *engine = executor->engine;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct verification known;
    struct compare_result figures = {0};
    int64_t pass;
    if (!engine->verification(executor->session, executor->id, arena, &known, err))
        return false;
    if (!known.known)
        return true; /* state tables of an earlier segue: segue verify brings them up to date */
    for (size_t i = 0; i < executor->plan->n_steps; i++) {
        const struct step *step = &executor->plan->steps[i];
        struct walk_progress walk;
        if (step->phase != PHASE_VERIFY || step->kind != STEP_WALK)
            continue;
        if (!engine->walk_load(executor->session, executor->id, step, arena, &walk, err))
            return false;
        figures.rows += walk.rows_done;
    }
    return engine->pass_begin(executor->session, executor->id, "start", &pass, err) &&
           engine->pass_write(executor->session, executor->id, pass, &figures, true, true, err);
}

static bool move_in_transaction(struct executor *executor, enum life_state from, enum life_state to,
                                struct error *err)
{
    const struct engine *engine = executor->engine;
    const char *from_word = life_row(from)->word, *to_word = life_row(to)->word;
    return engine->state_set(executor->session, executor->id, from_word, to_word, NULL, err) &&
           engine->state_event(executor->session, executor->id, "state", NULL, to_word, err) &&
           (to != LIFE_ACTIVE || record_pass(executor, err)) &&
           (to != LIFE_COMPLETED || engine->switch_version(executor->session, executor->id, err)) &&
           (!life_row(to)->final || engine->drop_versions(executor->session, executor->id, err)) &&
           engine->commit(executor->session, err);
}

static bool try_move(struct executor *executor, enum life_state from, enum life_state to, struct error *err)
{
    struct error ignored;
    if (!executor->engine->begin(executor->session, executor->settings->lock_ceiling_ms, MOVE_BELT_MS, err))
        return false;
    if (move_in_transaction(executor, from, to, err))
        return true;
    if (err->class != ERROR_LOST)
        (void)!executor->engine->rollback(executor->session, &ignored);
    return false;
}

/* Whether the migration is in the state already, because the connection was lost after the server had committed. The lock is
 * ours, so nobody else has moved it; a migration that is live no more reached the final state that we asked for. */
static bool arrived(struct executor *executor, enum life_state to, bool *there, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct state_migration *live;
    size_t n;
    if (!executor->engine->state_live(executor->session, arena, false, &live, &n, err))
        return false;
    *there = true;
    for (size_t i = 0; i < n; i++)
        if (live[i].id == executor->id)
            *there = strcmp(live[i].state, life_row(to)->word) == 0;
    return true;
}

bool executor_move(struct executor *executor, enum life_state from, enum life_state to, struct error *err)
{
    int tries = 0;
    bool there = false;
    while (!there && !try_move(executor, from, to, err)) {
        if (err->class == ERROR_BUSY && ++tries < MOVE_TRIES) {
            executor_sleep(executor_jitter(executor, BACKOFF_LOW, BACKOFF_HIGH));
            continue;
        }
        if (!executor_survive(executor, err))
            return false;
        while (!arrived(executor, to, &there, err))
            if (!executor_survive(executor, err))
                return false;
    }
    executor->reconnects = 0;
    return true;
}

/* What went wrong is kept where `segue status` finds it. */
static void keep_message(struct executor *executor, enum life_state state, const struct error *err)
{
    const char *word = life_row(state)->word;
    struct error ignored;
    if (err->class == ERROR_LOST || err->class == ERROR_INTERRUPTED || !executor->session)
        return;
    (void)!(
        executor->engine->state_set(executor->session, executor->id, word, word, err->message, &ignored) &&
        executor->engine->state_event(executor->session, executor->id, "error", err->where, err->message,
                                      &ignored));
}

static bool work(struct executor *executor, const struct life_row *row, struct error *err)
{
    switch (row->work) {
    case WORK_FORWARD: return executor_forward(executor, row->first, row->last, err);
    case WORK_BACK: return executor_back(executor, err);
    case WORK_NONE: break;
    }
    return true;
}

void executor_take_inventory(struct executor *executor, const char *moment)
{
    struct error ignored;
    (void)!executor->engine->inventory_take(executor->session, executor->id, executor->plan->schema, moment,
                                            &ignored);
}

bool executor_drive(struct executor *executor, enum life_state state, struct error *err)
{
    const struct life_row *row = life_row(state);
    while (row->work != WORK_NONE) {
        enum life_state next = row->next[LIFE_WORK_DONE];
        if (!work(executor, row, err) || !executor_move(executor, state, next, err)) {
            keep_message(executor, state, err);
            return false;
        }
        state = next;
        row = life_row(state);
    }
    if (state == LIFE_COMPLETED)
        executor_take_inventory(executor, "after");
    return true;
}
