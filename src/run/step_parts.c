/*
 * Where others are at work, a copy is brought up to date, and compared, in parts with a rest after each, as the throttle wants it. But what
 * comes in the meantime has to be applied as well: work never falls below twice the speed at which it comes.
 */

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "move/pace.h"
#include "run/executor_internal.h"
#include "run/throttling.h"

enum { MOST_ROUNDS = 10, MOST_TRIES = 10 };
static const double AHEAD = 2;       /* so many times as fast as changes come */
static const double MOST_REST = 0.2; /* between two parts: what comes within is applied with the next one */
static const double LOOK_SECONDS = 0.05, CLEAN_SECONDS = 1, REPORT_SECONDS = 2;
/* What has changed is applied with the first of them, however few are compared. */
static const double LEAST_ROWS = 500;
static const double BACKOFF_LOW = 0.02, BACKOFF_HIGH = 0.1;

struct parts {
    struct executor *executor;
    const struct step *step;
    const struct catch_up *what;
    struct pace pace;
    double rows, worked, came_at_first;
    int64_t began_us, cleaned_us, reported_us;
};

/* The share of the time that work must take so that less and less is left: of the speed at which parts are done, twice what comes. */
static double least_duty(const struct parts *parts, const struct catch_up_part *part)
{
    double elapsed = (double)(clock_us() - parts->began_us) / 1e6, came = part->came - parts->came_at_first;
    if (elapsed <= 0 || parts->worked <= 0 || parts->rows <= 0)
        return 0;
    return fmin(1, AHEAD * came / elapsed / (parts->rows / parts->worked));
}

/* After work of that length. Where work must rest altogether, it does. */
static bool rest(struct parts *parts, const struct catch_up_part *part, struct error *err)
{
    struct executor *executor = parts->executor;
    double least = least_duty(parts, part);
    double most = fmin(MOST_REST, least > 0 ? part->seconds * (1 - least) / least : MOST_REST);
    int64_t began = clock_us();
    for (;;) {
        double rested = (double)(clock_us() - began) / 1e6;
        double left = throttling_left(executor, part->seconds, rested);
        throttling_tell(executor);
        if (isfinite(left))
            left = fmin(left, most - rested);
        if (left <= 0)
            return true;
        executor_sleep(fmin(left, LOOK_SECONDS));
        if (!executor_checkpoint(executor, err))
            return false;
    }
}

/* Applied changes leave dead rows in the journal, through which whoever reads it has to go. */
static bool clean(struct parts *parts, struct error *err)
{
    if ((double)(clock_us() - parts->cleaned_us) / 1e6 < CLEAN_SECONDS)
        return true;
    for (size_t i = 0; i < parts->step->n_clean; i++)
        if (!parts->executor->engine->run_alone(parts->executor->session, parts->step->clean[i], err))
            return false;
    parts->cleaned_us = clock_us();
    return true;
}

static void report(struct parts *parts, bool whole)
{
    if (!whole && (double)(clock_us() - parts->reported_us) / 1e6 < REPORT_SECONDS)
        return;
    report_message(parts->executor, "%.0f %s, in parts", parts->rows,
                   parts->step->check ? "rows compared" : "changes applied");
    parts->reported_us = clock_us();
}

static bool one_part(struct parts *parts, struct catch_up_part *part, struct arena *arena, struct error *err)
{
    struct executor *executor = parts->executor;
    pace_aim(&parts->pace, throttling_chunk_seconds(executor, false));
    part->wanted = fmax((double)parts->pace.rows, parts->step->check ? LEAST_ROWS : 0);
    part->noted = part->at && !parts->step->check;
    throttling_work_begins(executor);
    bool good =
        executor->engine->catch_up_part(executor->session, parts->what, parts->step->parts, part, arena, err);
    throttling_work_ends(executor);
    if (!good)
        return false;
    pace_done(&parts->pace, (long)part->rows, part->seconds);
    parts->rows += part->rows;
    parts->worked += part->seconds;
    executor->reconnects = 0;
    return true;
}

/* From one end to the other, as long as others are at work; *last is the last part. */
static bool one_round(struct parts *parts, struct catch_up_part *last, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct catch_up_part part = {0};
    int tries = 0;
    parts->rows = parts->worked = 0;
    parts->began_us = parts->cleaned_us = parts->reported_us = clock_us();
    do {
        if (!executor_checkpoint(parts->executor, err))
            return false;
        if (!one_part(parts, &part, arena, err)) {
            if (err->class != ERROR_BUSY)
                return false;
            if (++tries > MOST_TRIES) /* whoever waits for longer names those that are in the way */
                return true;
            executor_sleep(executor_jitter(parts->executor, BACKOFF_LOW, BACKOFF_HIGH));
            continue;
        }
        tries = 0;
        *last = part;
        if (part.any)
            report(parts, !part.next);
        if (!part.any || part.differs || !part.next)
            return true;
        if (!part.at)
            parts->came_at_first = part.came;
        part.at = part.next;
        if (!rest(parts, &part, err) || !clean(parts, err))
            return false;
    } while (throttling_guards(parts->executor));
    return true;
}

static bool rounds(struct parts *parts, struct catch_up_part *last, struct error *err)
{
    bool compares = parts->step->check != NULL;
    for (int i = 0; i < MOST_ROUNDS && throttling_guards(parts->executor); i++) {
        if (!one_round(parts, last, err))
            return false;
        if (compares || !last->any || last->next || parts->rows <= parts->what->few)
            break;
        parts->cleaned_us = 0;
        if (!clean(parts, err))
            return false;
    }
    return true;
}

/* A run that goes on after the copy has measured nothing yet. */
static bool watch(struct executor *executor, const struct step *step, struct error *err)
{
    const struct plan *plan = executor->plan;
    for (size_t i = 0; i < plan->n_steps && !executor->throttled; i++) {
        const struct walk *walk = plan->steps[i].walk;
        if (walk && walk->insert && strcmp(walk->table, step->locks[0].relation) == 0)
            return throttling_watch(executor, walk, walk->rows, err);
    }
    return true;
}

bool step_parts(struct executor *executor, const struct step *step, const struct catch_up *what,
                enum parts_outcome *outcome, struct error *err)
{
    struct parts parts = {.executor = executor, .step = step, .what = what};
    struct catch_up_part last = {.next = ""};
    *outcome = PARTS_LEFT;
    if (!step->parts)
        return true;
    if (!watch(executor, step, err))
        return false;
    pace_init(&parts.pace, throttling_chunk_seconds(executor, false));
    if (!rounds(&parts, &last, err)) /* a row that fails is sought, and listed, by whoever does the rest */
        return session_failed_at_row(err);
    if (last.differs)
        *outcome = PARTS_DIFFER;
    else if (last.any && !last.next)
        *outcome = PARTS_DONE;
    return true;
}
