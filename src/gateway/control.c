#include "gateway/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/breaker_rows.h"
#include "gateway/census.h"
#include "gateway/event.h"
#include "gateway/hold.h"
#include "gateway/replicas.h"
#include "gateway/worker.h"

enum { BEAT_MS = 1000, MOVES_MS = 1200, HOLD_MAX_MS = 10000 };

struct control {
    struct shared *shared;
    pthread_t thread;
    struct session *session;
    char id[24];
    char place[256];
    int64_t held_until_us; /* sessions wait for segue; 0: they do not */
    int64_t turn;          /* of the shares that are followed */
    uint64_t seen;         /* fingerprint of what the routes were made of */
    bool checked;          /* sessions get the search path with which they begin */
    bool installed;        /* the state is there: the gateway may say that it is at work */
    bool told;             /* why versions cannot be followed */
    atomic_bool stop;
};

void shared_look(struct shared *shared)
{
    for (unsigned i = 0; i < shared->n_workers; i++)
        worker_look(&shared->workers[i]);
}

void shared_wake(struct shared *shared)
{
    const uint64_t one = 1;
    (void)!write(shared->wake, &one, sizeof one); /* full: it is awake */
}

void shared_set_routes(struct shared *shared, struct routes *routes)
{
    (void)pthread_mutex_lock(&shared->lock);
    struct routes *old = shared->routes;
    shared->routes = routes;
    (void)pthread_mutex_unlock(&shared->lock);
    routes_release(old);
    shared_look(shared);
}

/* Of everything that routes are made of: as long as it is the same, nobody has to look at anything. */
static uint64_t fingerprint(const struct gateway_view *view)
{
    uint64_t h = HASH_BEGUN;
    for (size_t i = 0; i < view->n_versions; i++) {
        h = hash_string(h, view->versions[i].name);
        h = hash_bytes(h, &view->versions[i].share, sizeof view->versions[i].share);
        h = hash_bytes(h, &view->versions[i].reads, sizeof view->versions[i].reads);
    }
    for (size_t i = 0; i < view->n_paths; i++) {
        h = hash_string(h, view->paths[i].role);
        h = hash_string(h, view->paths[i].version);
        h = hash_string(h, view->paths[i].path);
    }
    return h;
}

/* Routes are made of what was seen, and of what else has to be known where statements are looked at. */
static bool make_routes(struct control *control, struct arena *arena, const struct gateway_view *view,
                        struct error *err)
{
    const struct gateway_settings *settings = control->shared->settings;
    const char **steady = NULL;
    size_t n = 0;
    bool reads = false;
    for (size_t i = 0; i < view->n_versions; i++)
        reads = reads || view->versions[i].reads > 0;
    if ((control->shared->watched || reads) &&
        !settings->engine->gateway->steady(control->session, arena, &steady, &n, err))
        return false;
    shared_set_routes(control->shared,
                      routes_new(control->shared->versions, settings->server.database, view, steady, n));
    return true;
}

/*
 * Whether a session has the search path with which it begins. Behind a pooler it may not, unseen: versions would be put on paths that nobody
 * looks at.
 */
static bool check_paths(const struct control *control, struct error *err)
{
    bool kept;
    if (!control->shared->settings->engine->gateway->keeps_path(control->session, &kept, err))
        return false;
    if (kept)
        return true;
    error_set(err, ERROR_REFUSED,
              "there are versions, and sessions do not get the search path with which they begin");
    return error_hint(
        err, "is --url a pooler's? Give the gateway the server itself, and put the pooler in front of it");
}

static bool follow(struct control *control, struct error *err)
{
    const struct gateway_settings *settings = control->shared->settings;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct gateway_view view;
    if (!settings->engine->gateway->view(control->session, settings->schema, arena, &view, err))
        return false;
    control->installed = view.n_versions > 0;
    if (control->installed && !control->checked && !check_paths(control, err))
        return false;
    control->checked = control->installed;
    if (!breaker_rows_follow(control->shared, control->session, &view, err))
        return false;
    uint64_t now = fingerprint(&view);
    if (now != control->seen && !make_routes(control, arena, &view, err))
        return false;
    control->seen = now;
    control->turn = view.turn;
    return true;
}

static bool beat(struct control *control, struct error *err)
{
    if (!control->installed)
        return true;
    SEGUE_CLEANUP(text_free) struct text sessions = {0};
    census_write(control->shared, &sessions);
    const struct gateway_life life = {.id = control->id,
                                      .place = control->place,
                                      .sessions = text_string(&sessions),
                                      .turn = control->turn};
    return control->shared->settings->engine->gateway->beat(control->session, &life, err);
}

/* "ID MS": those that begin something wait, at most so long. */
static void hold(struct control *control, const char *argument)
{
    const char *space = strchr(argument, ' ');
    long ms = space ? strtol(space + 1, NULL, 10) : 0;
    if (ms <= 0)
        return;
    control->held_until_us = clock_us() + (ms < HOLD_MAX_MS ? ms : HOLD_MAX_MS) * 1000LL;
    hold_until(control->shared, HOLD_OF_SEGUE, control->held_until_us);
}

static void obey(struct control *control, const struct gateway_call *call)
{
    if (strcmp(call->what, "hold") == 0) {
        hold(control, call->argument);
    } else if (strcmp(call->what, "release") == 0) {
        control->held_until_us = 0;
        hold_until(control->shared, HOLD_OF_SEGUE, 0);
    }
}

static bool open_session(struct control *control, struct error *err)
{
    control->checked = false;
    const struct gateway_settings *settings = control->shared->settings;
    const struct session_settings how = {.url = settings->url, .application_name = "segue gateway"};
    return settings->engine->open(&how, &control->session, err) &&
           settings->engine->gateway->listen(control->session, err);
}

/* It was woken. Whoever woke it has left a note before, which is read afterwards. */
static void calm(const struct control *control)
{
    uint64_t n;
    if (read(control->shared->wake, &n, sizeof n) < 0)
        return; /* it was not */
}

/* One look, and what others want until the next. */
static bool turn(struct control *control, struct error *err)
{
    const struct gateway_engine *engine = control->shared->settings->engine->gateway;
    int64_t turn_before = control->turn;
    if (!control->session && !open_session(control, err))
        return false;
    if (!follow(control, err))
        return false;
    /* That sessions are where they are to be is said when they have had the time to move. */
    bool moves = control->turn != turn_before;
    if (!replicas_look(control->shared, control->session, err))
        return false;
    if (!moves && !beat(control, err))
        return false;
    int64_t until = clock_us() + (moves ? MOVES_MS : BEAT_MS) * 1000LL;
    while (!atomic_load(&control->stop)) {
        struct gateway_call call;
        int64_t now = clock_us();
        int64_t held_until = control->held_until_us;
        if (held_until < now && (!breaker_rows_write(control->shared, control->session, err) ||
                                 !verifiers_fetch(control->shared, control->session, err)))
            return false;
        /* While sessions wait for segue, nothing is asked: the word that lets them go would come behind the answer. */
        int64_t left = (held_until > until ? held_until : until) - now;
        if (left <= 0)
            break;
        if (!engine->hear(control->session, (int)(left / 1000 + 1), control->shared->wake, &call, err))
            return false;
        calm(control);
        obey(control, &call);
        if (strcmp(call.what, "ramp") == 0)
            break;
    }
    return true;
}

/* That the server cannot be reached is seen elsewhere. What is to be mended by somebody is told, once. */
static void tell_refused(struct control *control, const struct error *err)
{
    struct event event;
    if (err->class != ERROR_REFUSED || control->told)
        return;
    control->told = true;
    event_begin(&event, &control->shared->settings->events, EVENT_ERROR, "no_versions");
    event_text(&event, "reason", err->message);
    event_end(&event);
}

static void *run(void *argument)
{
    struct control *control = argument;
    while (!atomic_load(&control->stop)) {
        struct error err = {0};
        if (turn(control, &err))
            continue;
        tell_refused(control, &err);
        session_close(control->session);
        control->session = NULL;
        clock_sleep_us(BEAT_MS * 1000LL);
    }
    return NULL;
}

bool control_start(struct shared *shared, const char *place, struct control **out, struct error *err)
{
    struct control *control = memory_alloc(sizeof *control);
    uint64_t random = 0;
    *out = control;
    control->shared = shared;
    (void)getrandom(&random, sizeof random, 0);
    (void)snprintf(control->id, sizeof control->id, "%016" PRIx64, random);
    (void)snprintf(control->place, sizeof control->place, "%s", place);
    if (!open_session(control, err) || !follow(control, err) || !beat(control, err))
        return false;
    int failed = pthread_create(&control->thread, NULL, run, control);
    return !failed || error_set(err, ERROR_RESOURCE, "no thread: %s", strerror(failed));
}

void control_stop(struct control *control)
{
    struct error err = {0};
    if (!control)
        return;
    atomic_store(&control->stop, true);
    shared_wake(control->shared);
    if (control->thread)
        (void)pthread_join(control->thread, NULL);
    if (control->session && control->installed)
        (void)control->shared->settings->engine->gateway->end(control->session, control->id, &err);
    session_close(control->session);
    free(control);
}
