/*
 * What the target will take, from what the copy took. A step is measured three times: on tables without rows, where all that it takes is
 * what it takes anyhow, and twice on the copy. What is above the first grows with the rows; an index grows as sorting does. A step that
 * touches no row takes what it took.
 */

#include <math.h>
#include <string.h>

#include "base/compare.h"
#include "base/must.h"
#include "rehearse/rehearse_internal.h"

/* One run is not the next, on one machine and one table: measured, docs/rehearse.md. */
static const double LEAST_SPREAD = 1.25;
/* What was measured in less than that says little of what takes long. */
static const double SHORT_SECONDS = 0.2, SHORT_SPREAD = 1.4;
static const double FAR_FACTOR = 20, FAR_SPREAD = 1.3;
/* Below that two times are alike, whatever their ratio. */
static const double SAME_SECONDS = 0.25;

static const struct sample_table *table_named(const struct rehearsal *rehearsal, const char *relation)
{
    for (size_t i = 0; relation && i < rehearsal->sample->n_tables; i++)
        if (same_text(rehearsal->sample->tables[i].relation, relation))
            return &rehearsal->sample->tables[i];
    return NULL;
}

static const struct sample_table *table_of_plan(const struct rehearsal *rehearsal,
                                                const struct plan_table *named)
{
    for (size_t i = 0; named && i < rehearsal->sample->n_tables; i++)
        if (same_text(rehearsal->sample->tables[i].schema, named->schema) &&
            same_text(rehearsal->sample->tables[i].name, named->name))
            return &rehearsal->sample->tables[i];
    return NULL;
}

static const struct sample_table *table_of(const struct rehearsal *rehearsal, const struct step *step)
{
    const struct sample_table *table = table_named(rehearsal, step->walk ? step->walk->table : NULL);
    for (size_t i = 0; !table && i < step->n_locks; i++)
        table = table_named(rehearsal, step->locks[i].relation);
    return table ? table : table_of_plan(rehearsal, plan_table_of(rehearsal->plan, step));
}

/* A table that the migration makes is filled from another: it grows as the one does of which most is missing here. */
static double most_factor(const struct rehearsal *rehearsal)
{
    double most = 1;
    for (size_t i = 0; i < rehearsal->plan->n_tables; i++) {
        const struct sample_table *table = table_of_plan(rehearsal, &rehearsal->plan->tables[i]);
        if (table && table->copied >= 1)
            most = fmax(most, table->rows / table->copied);
    }
    return most;
}

static bool builds_index(const struct step *step)
{
    return step->duration == DURATION_BUILD || step->kind == STEP_SIDE_BY_SIDE;
}

/* ANALYZE looks at so many rows at most, with the default statistics target; each takes about so long (docs/rehearse.md). */
static const double MOST_ANALYZED = 30000, ANALYZED_ROW = 3e-6;

static bool analyzes(const struct step *step)
{
    return step->n_acts > 0 && strstr(step->acts[step->n_acts - 1], "ANALYZE") != NULL;
}

/* Of what a step takes above its fixed part, what does not grow with a table that is large already. */
static double saturated(const struct sample_table *table, const struct step *step, double above)
{
    return table && analyzes(step) && table->copied >= MOST_ANALYZED / 3
               ? fmin(above, fmin(table->copied, MOST_ANALYZED) * ANALYZED_ROW)
               : 0;
}

/* How much more there is to do than in the copy. */
static double factor(const struct rehearsal *rehearsal, const struct sample_table *table,
                     const struct step *step)
{
    if (!table && step->walk)
        return most_factor(rehearsal);
    if (!table || table->copied < 1 || table->rows <= table->copied)
        return 1;
    double times = table->rows / table->copied;
    return builds_index(step) && table->copied > 1 ? times * log2(table->rows) / log2(table->copied) : times;
}

static bool is_instant(const struct step *step)
{
    return (step->kind == STEP_TRANSACTION || step->kind == STEP_ALONE) &&
           (step->duration == DURATION_NONE || step->duration == DURATION_INSTANT);
}

/* Seconds of a step in a verb; below 0: it was not among its steps. */
static double seconds_of(const struct timed_verb *verb, const char *id, bool back)
{
    for (size_t i = 0; i < verb->n_steps; i++)
        if (verb->steps[i].back == back && strcmp(verb->steps[i].id, id) == 0)
            return verb->steps[i].seconds;
    return -1;
}

static double spread_of(const struct step_forecast *forecast, double another)
{
    double spread = LEAST_SPREAD, above = forecast->sample - forecast->empty;
    double more = fmax(forecast->sample, another), less = fmin(forecast->sample, another);
    if (another >= 0 && more - less > SAME_SECONDS && more / less > spread)
        spread = more / less;
    if (forecast->factor > 2 && above < SHORT_SECONDS)
        spread *= SHORT_SPREAD;
    if (forecast->factor > FAR_FACTOR)
        spread *= FAR_SPREAD;
    return spread;
}

/* A walk goes on as it went in its second half, over the rows that are there besides; with one that was not seen for long enough, as with
 * everything else, what is above the fixed part grows. */
static double more_work(const struct step_forecast *forecast, double rows, double above)
{
    double more = forecast->factor - 1;
    return forecast->rows_per_s > 0 ? rows * more / forecast->rows_per_s : above * more;
}

static struct range times(const struct rehearsal *rehearsal, struct step_forecast *forecast, double rows,
                          double another)
{
    const struct step *step = forecast->step;
    const struct sample_table *table = table_of(rehearsal, step);
    double fixed = fmin(forecast->empty, forecast->sample);
    forecast->factor = is_instant(step) ? 1 : factor(rehearsal, table, step);
    double above = forecast->sample - fixed, same = saturated(table, step, above);
    double likely = forecast->sample + more_work(forecast, rows, above - same);
    double spread = spread_of(forecast, another);
    return range_of(likely / spread, likely, likely * spread);
}

/* Steps of one verb, in their order; how long all of it takes. */
static struct range verb_forecast(struct rehearsal *rehearsal, const struct timed_verb *empty,
                                  const struct timed_verb *sample, const struct timed_verb *another,
                                  bool back)
{
    struct range sum = {0};
    double in_steps = 0;
    for (size_t i = 0; i < sample->n_steps; i++) {
        const struct timed_step *timed = &sample->steps[i];
        const struct step *step = plan_step(rehearsal->plan, timed->id);
        double fixed = seconds_of(empty, timed->id, back);
        in_steps += timed->seconds;
        if (!step)
            continue;
        struct step_forecast forecast = {.step = step,
                                         .back = back,
                                         .empty = fixed < 0 ? 0 : fixed,
                                         .sample = timed->seconds,
                                         .rows_per_s = timed->rows_per_s};
        forecast.seconds =
            times(rehearsal, &forecast, timed->rows, another ? seconds_of(another, timed->id, back) : -1);
        ARENA_PUSH(rehearsal->arena, rehearsal->forecasts, rehearsal->n_forecasts, forecast);
        sum = range_add(sum, forecast.seconds);
    }
    double rest = fmax(sample->seconds - in_steps, 0);
    return range_add(sum, range_of(rest / LEAST_SPREAD, rest, rest * LEAST_SPREAD));
}

void estimate(struct rehearsal *rehearsal)
{
    const struct way *empty = &rehearsal->empty, *quiet = &rehearsal->quiet;
    rehearsal->start = verb_forecast(rehearsal, &empty->start, &quiet->start, &quiet->again, false);
    rehearsal->rollback = verb_forecast(rehearsal, &empty->rollback, &quiet->rollback, NULL, true);
    rehearsal->complete = verb_forecast(rehearsal, &empty->complete, &quiet->complete, NULL, false);
}
