/*
 * What the target will take, from what the copy took. A step is measured three times: on tables without rows, where all that it takes is
 * what it takes anyhow, and twice on the copy. What is above the first grows with the rows; an index grows as sorting does. A step that
 * touches no row takes what it took.
 */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
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

/* All tables that a step locks, as one: a foreign key is validated by the rows that have it and by those that are pointed to. */
static const struct sample_table *locked_tables(const struct rehearsal *rehearsal, const struct step *step)
{
    struct sample_table *all = NULL;
    for (size_t i = 0; i < step->n_locks; i++) {
        const struct sample_table *table = table_named(rehearsal, step->locks[i].relation);
        if (!table)
            continue;
        if (!all)
            all = arena_alloc(rehearsal->arena, sizeof *all);
        all->rows += table->rows;
        all->bytes += table->bytes;
        all->copied += table->copied;
        all->copied_bytes += table->copied_bytes;
    }
    return all;
}

static const struct sample_table *table_of(const struct rehearsal *rehearsal, const struct step *step)
{
    const struct sample_table *table = table_named(rehearsal, step->walk ? step->walk->table : NULL);
    if (!table)
        table = locked_tables(rehearsal, step);
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

/*
 * Work that grows as sorting does: an index of a new table, or one that is looked through for each row that is written anew. An index that is
 * built concurrently reads the table twice and sorts once, so that most of it grows with the rows: measured, docs/rehearse.md.
 */
static bool sorts(const struct step *step, size_t indexes)
{
    return step->kind == STEP_SIDE_BY_SIDE || indexes > 0;
}

/* ANALYZE looks at so many rows at most, with the default statistics target, and at all that lies on their pages; VACUUM before it looks at
 * every page. A page takes about so long (docs/rehearse.md). */
static const double MOST_ANALYZED = 30000, PAGE_BYTES = 8192, PAGE_SECONDS = 10e-6;

static bool analyzes(const struct step *step)
{
    return step->n_acts > 0 && strstr(step->acts[step->n_acts - 1], "ANALYZE") != NULL;
}

/* Seconds that ANALYZE takes longer on the target, of `above` that it takes on the copy: its rows, until they are enough, and pages. */
static double more_analyzed(const struct sample_table *table, double times, double above)
{
    double pages = fmin(above, table->copied_bytes / PAGE_BYTES * PAGE_SECONDS);
    double rows = fmin(table->copied * times, MOST_ANALYZED) / fmin(table->copied, MOST_ANALYZED);
    return pages * (times - 1) + (above - pages) * (rows - 1);
}

/* How much more there is to do than in the copy. */
static double factor(const struct rehearsal *rehearsal, const struct sample_table *table,
                     const struct step *step, size_t indexes)
{
    if (!table && step->walk)
        return most_factor(rehearsal);
    if (!table || table->copied < 1 || table->rows <= table->copied)
        return 1;
    double times = table->rows / table->copied;
    return sorts(step, indexes) && table->copied > 1 ? times * log2(table->rows) / log2(table->copied)
                                                     : times;
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

/* An UPDATE of every row gives each index a new entry for it. How the server makes room for them (it deletes old entries from the bottom
 * up, which costs time with each page that fills) depends on how the values lie, and a sample's lie otherwise: measured, docs/rehearse.md. */
static const double UPKEEP_SPREAD = 2.2;

static size_t indexes_kept(const struct rehearsal *rehearsal, const struct step *step)
{
    const struct sample_table *sampled = table_of(rehearsal, step);
    if (!step->walk || !step->walk->set || !sampled)
        return 0;
    const struct table *table = catalog_table(rehearsal->catalog, sampled->name);
    return table && same_text(table->schema, sampled->schema) && table->n_indexes > 1 ? table->n_indexes - 1
                                                                                      : 0;
}

/* What a forecast is made of. */
struct estimating {
    const struct rehearsal *rehearsal;
    struct step_forecast *forecast;
    const struct sample_table *table; /* that grows; NULL: none */
    double rows;                      /* of the walk in the copy */
    double row_seconds;               /* what they took there, where it was told */
    double another;                   /* seconds of the second run; below 0: there was none */
    size_t indexes;                   /* whose upkeep a sample does not show */
    bool same_work;                   /* it does not grow with rows */
};

static void because(struct estimating *estimating, const char *format, ...) SEGUE_PRINTF(2, 3);

static void because(struct estimating *estimating, const char *format, ...)
{
    char line[300];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    const char *before = estimating->forecast->rests_on;
    estimating->forecast->rests_on =
        arena_printf(estimating->rehearsal->arena, "%s%s%s", before ? before : "", before ? "; " : "", line);
}

static void explain_growth(struct estimating *estimating)
{
    const struct step_forecast *forecast = estimating->forecast;
    if (estimating->same_work)
        because(estimating, "touches no rows: takes what it took");
    else if (forecast->factor <= 1)
        because(estimating, "measured with as many rows as there are");
    else if (estimating->row_seconds > 0)
        because(estimating, "%.1f times what the copy's rows took, what each lane of the walk takes left out",
                forecast->factor);
    else if (forecast->rows_per_s > 0)
        because(estimating, "%.1f times the work of the copy, at the %.0f rows a second of its walk",
                forecast->factor, forecast->rows_per_s);
    else
        because(estimating, "%.1f times what it takes more with the copy's rows than without",
                forecast->factor);
}

/* The factor around the likely time, on both sides. */
static double spread_of(struct estimating *estimating)
{
    const struct step_forecast *forecast = estimating->forecast;
    double spread = LEAST_SPREAD, above = forecast->sample - forecast->empty;
    double more = fmax(forecast->sample, estimating->another),
           less = fmin(forecast->sample, estimating->another);
    if (estimating->another < 0) {
        because(estimating, "measured once");
    } else if (more - less > SAME_SECONDS && more / less > spread) {
        spread = more / less;
        because(estimating, "two runs took %.1f s and %.1f s", forecast->sample, estimating->another);
    }
    if (forecast->factor > 2 && above < SHORT_SECONDS) {
        spread *= SHORT_SPREAD;
        because(estimating, "what is stretched took %.2f s only", fmax(above, 0));
    }
    if (forecast->factor > FAR_FACTOR) {
        spread *= FAR_SPREAD;
        because(estimating, "stretched far");
    }
    return spread;
}

/*
 * A walk in lanes takes for its rows what they took, and has no more lanes. Another goes on as it went but for its beginning, over the rows that
 * are there besides; with one that was not seen for long enough, as with everything else, what is above the fixed part grows.
 */
static double more_work(const struct estimating *estimating, double above)
{
    const struct step_forecast *forecast = estimating->forecast;
    double more = forecast->factor - 1;
    if (estimating->row_seconds > 0)
        return fmin(estimating->row_seconds, above) * more;
    if (forecast->rows_per_s > 0)
        return estimating->rows * more / forecast->rows_per_s;
    if (estimating->table && estimating->table->copied >= 1 && analyzes(forecast->step))
        return more_analyzed(estimating->table, forecast->factor, above);
    return above * more;
}

static void forecast_step_seconds(struct estimating *estimating)
{
    struct step_forecast *forecast = estimating->forecast;
    double fixed = fmin(forecast->empty, forecast->sample);
    explain_growth(estimating);
    double likely = forecast->sample + more_work(estimating, forecast->sample - fixed);
    double spread = spread_of(estimating), high = spread;
    if (estimating->indexes && forecast->factor > 2) {
        high *= UPKEEP_SPREAD;
        because(estimating,
                "rows are written anew under %zu other index%s, whose upkeep a sample shows in part",
                estimating->indexes, estimating->indexes > 1 ? "es" : "");
    }
    forecast->seconds = range_of(likely / spread, likely, likely * high);
}

static struct step_forecast step_forecast(struct rehearsal *rehearsal, const struct step *step,
                                          const struct timed_step *timed, double fixed, double another)
{
    struct step_forecast forecast = {.step = step,
                                     .back = timed->back,
                                     .empty = fixed < 0 ? 0 : fixed,
                                     .sample = timed->seconds,
                                     .rows_per_s = timed->rows_per_s};
    struct estimating estimating = {.rehearsal = rehearsal,
                                    .forecast = &forecast,
                                    .table = table_of(rehearsal, step),
                                    .rows = timed->rows,
                                    .row_seconds = timed->row_seconds,
                                    .another = another,
                                    .indexes = indexes_kept(rehearsal, step),
                                    .same_work = is_instant(step)};
    forecast.factor =
        estimating.same_work ? 1 : factor(rehearsal, estimating.table, step, estimating.indexes);
    forecast_step_seconds(&estimating);
    return forecast;
}

/* The part of a verb that makes most of its upper end, and on what that rests. */
static const char *why(struct rehearsal *rehearsal, struct range sum, size_t first)
{
    const struct step_forecast *largest = NULL;
    for (size_t i = first; i < rehearsal->n_forecasts; i++)
        if (!largest || rehearsal->forecasts[i].seconds.high > largest->seconds.high)
            largest = &rehearsal->forecasts[i];
    if (!largest)
        return "the whole of it was measured";
    return arena_printf(rehearsal->arena, "%.0f %% of it is \"%s\": %s",
                        sum.likely > 0 ? 100 * largest->seconds.likely / sum.likely : 0, largest->step->title,
                        largest->rests_on);
}

/* Steps of one verb, in their order; how long all of it takes, and why. */
static struct range verb_forecast(struct rehearsal *rehearsal, const struct timed_verb *empty,
                                  const struct timed_verb *sample, const struct timed_verb *another,
                                  bool back, const char **reason)
{
    struct range sum = {0};
    double in_steps = 0;
    size_t first = rehearsal->n_forecasts;
    for (size_t i = 0; i < sample->n_steps; i++) {
        const struct timed_step *timed = &sample->steps[i];
        const struct step *step = plan_step(rehearsal->plan, timed->id);
        in_steps += timed->seconds;
        if (!step)
            continue;
        const struct step_forecast forecast =
            step_forecast(rehearsal, step, timed, seconds_of(empty, timed->id, back),
                          another ? seconds_of(another, timed->id, back) : -1);
        ARENA_PUSH(rehearsal->arena, rehearsal->forecasts, rehearsal->n_forecasts, forecast);
        sum = range_add(sum, forecast.seconds);
    }
    double rest = fmax(sample->seconds - in_steps, 0);
    sum = range_add(sum, range_of(rest / LEAST_SPREAD, rest, rest * LEAST_SPREAD));
    *reason = why(rehearsal, sum, first);
    return sum;
}

void estimate(struct rehearsal *rehearsal)
{
    const struct way *empty = &rehearsal->empty, *quiet = &rehearsal->quiet;
    rehearsal->start =
        verb_forecast(rehearsal, &empty->start, &quiet->start, &quiet->again, false, &rehearsal->why_start);
    rehearsal->rollback =
        verb_forecast(rehearsal, &empty->rollback, &quiet->rollback, NULL, true, &rehearsal->why_rollback);
    rehearsal->complete =
        verb_forecast(rehearsal, &empty->complete, &quiet->complete, NULL, false, &rehearsal->why_complete);
}
