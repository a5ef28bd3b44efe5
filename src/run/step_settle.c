/*
 * Before the swap of a rebuild: transactions whose snapshot is older than the copy do not see the rows that were copied since. One that has
 * not touched the table yet holds nothing that the swap would wait for, and would find rows missing afterwards. So they are waited for,
 * without a lock, and what changes meanwhile is copied again at once: to a snapshot that is taken later the copy is the table as
 * of a moment before.
 */

#include <string.h>

#include "base/clock.h"
#include "run/executor_internal.h"

static const double LOOK_SECONDS = 0.3, REPORT_SECONDS = 5;

struct settling {
    struct executor *executor;
    const struct step *step;
    struct arena *arena; /* of those that are waited for */
    struct blocker *readers;
    size_t n;
    int64_t began_us, next_report_us;
};

static void name_readers(const struct settling *settling, struct text *out)
{
    for (size_t i = 0; i < settling->n; i++) {
        const struct blocker *b = &settling->readers[i];
        text_printf(out, "%sprocess %d (%s%s%s, %s), in transaction for %.1f s%s%s", i ? "; " : "", b->pid,
                    b->user, *b->application ? ", " : "", b->application, b->state, b->transaction_seconds,
                    *b->query ? ": " : "", b->query);
    }
}

static bool give_up(const struct settling *settling, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    name_readers(settling, &names);
    error_set(err, ERROR_BUSY,
              "transactions that began before the rows of %s were copied are still open after %.0f s",
              settling->step->locks[0].relation, settling->executor->settings->settle_seconds);
    error_detail(err, "%s", text_string(&names));
    return error_hint(
        err,
        "run the same command again when they have ended; --settle 0 does not wait for them: what "
        "they read of %s afterwards lacks rows",
        settling->step->locks[0].relation);
}

static bool is_among(const struct blocker *one, const struct blocker *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (one->pid == list[i].pid && strcmp(one->snapshot, list[i].snapshot) == 0)
            return true;
    return false;
}

/* Of those that are waited for, the ones that are still there. */
static bool look_again(struct settling *settling, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct executor *executor = settling->executor;
    struct blocker *now;
    size_t n, kept = 0;
    if (!executor->engine->readers(executor->session, arena, &now, &n, err))
        return false;
    for (size_t i = 0; i < settling->n; i++)
        if (is_among(&settling->readers[i], now, n))
            settling->readers[kept++] = settling->readers[i];
    settling->n = kept;
    return true;
}

static void report(struct settling *settling)
{
    SEGUE_CLEANUP(text_free) struct text names = {0};
    if (clock_us() < settling->next_report_us)
        return;
    settling->next_report_us = clock_us() + (int64_t)(REPORT_SECONDS * 1e6);
    name_readers(settling, &names);
    report_message(settling->executor, "waits for transactions that are older than the copy: %s",
                   text_string(&names));
}

static bool settle(struct settling *settling, struct error *err)
{
    struct executor *executor = settling->executor;
    if (executor->settings->settle_seconds <= 0)
        return true;
    if (!executor->engine->readers(executor->session, settling->arena, &settling->readers, &settling->n, err))
        return false;
    for (;;) {
        if (!step_catch_up_once(executor, settling->step, err) || !look_again(settling, err))
            return false;
        if (settling->n == 0)
            return true;
        if ((double)(clock_us() - settling->began_us) / 1e6 > executor->settings->settle_seconds)
            return give_up(settling, err);
        report(settling);
        executor_sleep(LOOK_SECONDS);
    }
}

bool step_settle(struct executor *executor, const struct step *step, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct settling settling = {.executor = executor, .step = step, .arena = arena, .began_us = clock_us()};
    settling.next_report_us = settling.began_us + (int64_t)(REPORT_SECONDS / 5 * 1e6);
    return settle(&settling, err);
}
