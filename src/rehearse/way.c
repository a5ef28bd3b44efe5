/* A migration's way on a database, as `segue start`, `rollback` and `complete` go it, with the time that each step takes. */

#include "base/clock.h"
#include "rehearse/rehearse_internal.h"

struct watching {
    struct rehearsal *rehearsal;
    struct timed_verb *verb;
};

static void step_end(void *context, const struct step *step, bool back, double seconds)
{
    struct watching *watching = context;
    struct arena *arena = watching->rehearsal->arena;
    const struct timed_step timed = {.id = arena_strdup(arena, step->id),
                                     .title = arena_strdup(arena, step->title),
                                     .phase = step->phase,
                                     .back = back,
                                     .seconds = seconds};
    ARENA_PUSH(arena, watching->verb->steps, watching->verb->n_steps, timed);
}

/* At full speed: on the copy nobody has to be spared, and few rows of it may be many rows of the target, where walks do not keep to the
 * fixed pace of small tables. */
static void init_settings(const struct rehearsal *rehearsal, const struct way *way,
                          const struct run_observer *observer, struct run_settings *out)
{
    const struct rehearse_settings *wish = rehearsal->settings;
    run_settings_init(out, way->engine ? way->engine : wish->engine, place_url(rehearsal, way->database));
    out->schema = wish->schema;
    out->strategy = wish->strategy;
    out->capture = wish->capture;
    out->jobs = wish->jobs;
    out->pace_percent = 100;
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
    struct watching watching = {.rehearsal = rehearsal, .verb = verb};
    const struct run_observer observer = {.context = &watching, .step_end = step_end};
    struct run_settings settings;
    init_settings(rehearsal, way, &observer, &settings);
    int64_t began = clock_us();
    verb->done = run(rehearsal, &settings, err);
    verb->seconds = (double)(clock_us() - began) / 1e6;
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
