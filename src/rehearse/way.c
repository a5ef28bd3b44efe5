/* A migration's way on a database, as `segue start`, `rollback` and `complete` go it, with the time that each step takes. */

#include "base/clock.h"
#include "rehearse/rehearse_internal.h"

/* What is shorter says nothing of a rate. */
static const double LEAST_SECONDS = 0.01;

/* How far a walk was at a moment. */
struct point {
    double rows, at;
};

struct watching {
    struct rehearsal *rehearsal;
    struct timed_verb *verb;
    struct arena *arena; /* of the points of the walk that is under way */
    struct point *points;
    size_t n_points;
    double row_seconds; /* as it said last */
};

static void walk_seen(void *context, const struct run_walk *walk)
{
    struct watching *watching = context;
    const struct point point = {.rows = walk->rows_done, .at = (double)clock_us() / 1e6};
    ARENA_PUSH(watching->arena, watching->points, watching->n_points, point);
    watching->row_seconds = walk->row_seconds;
}

/* A walk begins with small chunks, and with what must be looked at first: its first fifth is left out. What comes then belongs to it: indexes
 * that are as densely packed as new ones divide their pages, and have room in the end. */
static double steady_rate(const struct watching *watching)
{
    size_t first = 0;
    if (watching->n_points < 2)
        return 0;
    const struct point *last = &watching->points[watching->n_points - 1];
    while (watching->points[first].rows < last->rows / 5)
        first++;
    double seconds = last->at - watching->points[first].at;
    return seconds > LEAST_SECONDS ? (last->rows - watching->points[first].rows) / seconds : 0;
}

static void step_begin(void *context, const struct step *step, bool back)
{
    struct watching *watching = context;
    (void)step;
    (void)back;
    arena_free(watching->arena);
    watching->arena = arena_new();
    watching->points = NULL;
    watching->n_points = 0;
    watching->row_seconds = 0;
}

static void step_end(void *context, const struct step *step, bool back, double seconds)
{
    struct watching *watching = context;
    struct arena *arena = watching->rehearsal->arena;
    struct timed_step timed = {.id = arena_strdup(arena, step->id),
                               .title = arena_strdup(arena, step->title),
                               .phase = step->phase,
                               .back = back,
                               .seconds = seconds};
    if (watching->n_points) {
        timed.rows = watching->points[watching->n_points - 1].rows;
        timed.row_seconds = watching->row_seconds;
        /* A walk in lanes is looked at now and then; one that goes alone says so after each chunk. */
        timed.rows_per_s = timed.row_seconds > 0 ? 0 : steady_rate(watching);
    }
    ARENA_PUSH(arena, watching->verb->steps, watching->verb->n_steps, timed);
}

/* As segue start does it, so that a walk keeps to the pace that it will have on the target. */
static void init_settings(const struct rehearsal *rehearsal, const struct way *way,
                          const struct run_observer *observer, struct run_settings *out)
{
    const struct rehearse_settings *wish = rehearsal->settings;
    run_settings_init(out, way->engine ? way->engine : wish->engine, place_url(rehearsal, way->database));
    out->schema = wish->schema;
    out->strategy = wish->strategy;
    out->capture = wish->capture;
    out->jobs = wish->jobs;
    if (way->unguarded) {
        /* That the old version was in use a moment ago is no reason to wait: we ended its traffic ourselves. */
        out->force = true;
        out->max_p95_ratio = 0;
        out->pace_percent = 50;
    }
    out->sizes = rehearsal->catalog;
    out->observer = observer;
}

static bool timed(struct rehearsal *rehearsal, struct way *way, struct timed_verb *verb,
                  bool (*run)(struct rehearsal *, const struct run_settings *, struct error *),
                  struct error *err)
{
    struct watching watching = {.rehearsal = rehearsal, .verb = verb, .arena = arena_new()};
    const struct run_observer observer = {
        .context = &watching, .step_begin = step_begin, .step_end = step_end, .walk = walk_seen};
    struct run_settings settings;
    init_settings(rehearsal, way, &observer, &settings);
    int64_t began = clock_us();
    verb->done = run(rehearsal, &settings, err);
    verb->seconds = (double)(clock_us() - began) / 1e6;
    arena_free(watching.arena);
    return verb->done;
}

static bool start(struct rehearsal *rehearsal, const struct run_settings *settings, struct error *err)
{
    return run_start(settings, rehearsal->settings->file, err);
}

static bool back(struct rehearsal *rehearsal, const struct run_settings *settings, struct error *err)
{
    (void)rehearsal;
    return run_rollback(settings, err);
}

static bool complete(struct rehearsal *rehearsal, const struct run_settings *settings, struct error *err)
{
    (void)rehearsal;
    return run_complete(settings, err);
}

bool way_plan(struct rehearsal *rehearsal, const struct way *way, struct error *err)
{
    struct run_settings settings;
    init_settings(rehearsal, way, NULL, &settings);
    return run_plan(&settings, rehearsal->settings->file, rehearsal->arena, NULL, &rehearsal->plan, err);
}

bool way_init(struct rehearsal *rehearsal, const struct way *way, struct error *err)
{
    struct run_settings settings;
    init_settings(rehearsal, way, NULL, &settings);
    return run_init(&settings, err);
}

bool way_start(struct rehearsal *rehearsal, struct way *way, struct timed_verb *out, struct error *err)
{
    return timed(rehearsal, way, out, start, err);
}

bool way_rollback(struct rehearsal *rehearsal, struct way *way, struct error *err)
{
    return timed(rehearsal, way, &way->rollback, back, err);
}

bool way_complete(struct rehearsal *rehearsal, struct way *way, struct error *err)
{
    return timed(rehearsal, way, &way->complete, complete, err);
}

bool way_whole(struct rehearsal *rehearsal, struct way *way, struct error *err)
{
    return way_init(rehearsal, way, err) && way_start(rehearsal, way, &way->start, err) &&
           way_rollback(rehearsal, way, err) && way_start(rehearsal, way, &way->again, err) &&
           way_complete(rehearsal, way, err);
}
