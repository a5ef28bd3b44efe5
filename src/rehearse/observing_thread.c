/* The thread that looks what is locked, who waits, and what takes long. */

#include <string.h>

#include "base/clock.h"
#include "base/compare.h"
#include "rehearse/observing_internal.h"

enum { LOOK_US = 5000, STATEMENTS_EVERY = 8 };

static const struct standing_lock *standing(const struct observing *observing,
                                            const struct observed_lock *lock)
{
    for (size_t i = 0; i < observing->n_standing; i++) {
        const struct standing_lock *other = &observing->standing[i];
        if (other->pid == lock->pid && same_text(other->holding, lock->holding) &&
            same_text(other->relation, lock->relation) && same_text(other->mode, lock->mode))
            return other;
    }
    return NULL;
}

/* What stood before and stands still is held since then; each look has an arena of its own, so that memory does not grow. */
static void see_held(struct observing *observing, const struct observed_lock *lock, int64_t now,
                     struct arena *arena, struct standing_lock **fresh, size_t *n)
{
    const struct standing_lock *known = standing(observing, lock);
    const struct standing_lock now_standing = {.pid = lock->pid,
                                               .holding = lock->holding,
                                               .relation = lock->relation,
                                               .mode = lock->mode,
                                               .since_us = known ? known->since_us : now};
    observing_lock(observing, true, lock->relation, lock->mode, (double)(now - now_standing.since_us) / 1e6,
                   0, false);
    ARENA_PUSH(arena, *fresh, *n, now_standing);
}

static bool see_locks(struct observing *observing, struct error *err)
{
    struct arena *arena = arena_new();
    struct observed_lock *locks = NULL;
    struct standing_lock *fresh = NULL;
    size_t n = 0, n_fresh = 0;
    bool good = observing->inner->observe_locks(observing->session, arena, &locks, &n, err);
    int64_t now = clock_us();
    for (size_t i = 0; good && i < n; i++) {
        if (!locks[i].granted)
            observing_lock(observing, locks[i].own, locks[i].relation, locks[i].mode, 0, locks[i].waited,
                           !locks[i].own);
        else if (locks[i].relation)
            see_held(observing, &locks[i], now, arena, &fresh, &n_fresh);
    }
    arena_free(observing->standing_arena);
    observing->standing_arena = arena;
    observing->standing = fresh;
    observing->n_standing = n_fresh;
    return good;
}

static bool see_statements(struct observing *observing, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct observed_statement *statements = NULL;
    size_t n = 0;
    if (!observing->inner->observe_statements(observing->session, SLOW_SECONDS, arena, &statements, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        observing_statement(observing, statements[i].application, statements[i].text, statements[i].seconds);
    return true;
}

void *observing_thread(void *argument)
{
    struct observing *observing = argument;
    struct error err;
    bool sees = true;
    for (size_t look = 0; sees && !atomic_load(&observing->stop); look++) {
        sees =
            see_locks(observing, &err) && (look % STATEMENTS_EVERY != 0 || see_statements(observing, &err));
        clock_sleep_us(LOOK_US);
    }
    return NULL;
}
