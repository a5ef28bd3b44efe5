/* The thread: probes fifty times a second of each kind, reads the signals twice a second, and stores what it saw once a second. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "run/throttling_internal.h"

enum { PROBE_US = 10000, READ_US = 500000, STORE_US = 1000000, LONGEST_SLEEP_US = 100000 };
/* What a chunk leaves to be done by others: its log is written, its rows are looked at. */
enum { SPILL_US = 10000 };

static const int64_t BASELINE_US = 4000000, LONG_BASELINE_US = 8000000, LONGEST_BASELINE_US = 30000000;
/* The day's baseline is none for the night. */
static const int64_t LONG_REST_US = 20000000;
static const double PROBE_SECONDS = (double)PROBE_KINDS * PROBE_US / 1e6;
static const double FIRST_CONNECT_SECONDS = 0.5, LAST_CONNECT_SECONDS = 5;

/* A line for the observer. */
static void SEGUE_PRINTF(2, 3) say(struct throttling *throttling, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    (void)pthread_mutex_lock(&throttling->lock);
    text_printf(&throttling->news, "%s\n", line);
    (void)pthread_mutex_unlock(&throttling->lock);
}

/* Makes what the throttle decided known to those who work. */
static void publish(struct throttling *throttling)
{
    const struct throttle *throttle = &throttling->throttle;
    (void)pthread_mutex_lock(&throttling->lock);
    throttling->duty = throttle->begun ? throttle_duty(throttle) : 0;
    throttling->quiet = throttle->quiet;
    throttling->decided_us = clock_us();
    text_clear(&throttling->reason);
    if (throttle->begun)
        throttle_reason(throttle, &throttling->reason);
    else
        text_append(&throttling->reason, "what statements take without it is measured first");
    throttling->ready = throttle->begun && throttling->watched_number == throttling->walk_number;
    (void)pthread_mutex_unlock(&throttling->lock);
}

static void tell_resting(struct throttling *throttling)
{
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    bool resting = throttling->throttle.begun && throttling->throttle.resting;
    if (resting == throttling->was_resting)
        return;
    throttling->was_resting = resting;
    throttle_reason(&throttling->throttle, &reason);
    if (resting) {
        throttling->resting_since_us = clock_us();
        say(throttling, "resting: %s", text_string(&reason));
        return;
    }
    say(throttling, "going on");
    if (throttling->probing && clock_us() - throttling->resting_since_us >= LONG_REST_US) {
        say(throttling, "after so long a rest, what statements take is measured anew");
        throttling->again = true;
    }
}

/* What cannot be seen is told once. */
static void tell_blindness(struct throttling *throttling)
{
    const struct throttle *throttle = &throttling->throttle;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        const struct throttle_reading *reading = &throttle->readings[i];
        if (!reading->wanted || reading->readable || throttling->said[i])
            continue;
        throttling->said[i] = true;
        say(throttling, "%s cannot be read, so segue goes slowly: %s",
            throttle_signal_name((enum throttle_signal)i), reading->why);
    }
    for (int i = 0; i < PROBE_KINDS && throttle->probing; i++) {
        if (throttle->probe_readable[i] || throttling->said_probe[i])
            continue;
        throttling->said_probe[i] = true;
        say(throttling, "%s cannot be timed, so segue goes slowly: %s",
            throttle_probe_name((enum throttle_probe)i), throttle->probe_why[i]);
    }
}

static void tell_baselines(struct throttling *throttling)
{
    for (int i = 0; i < PROBE_KINDS; i++) {
        const struct latency *latency = &throttling->throttle.probes[i];
        if (latency->renewed && !throttling->was_renewed[i])
            say(throttling,
                "%s takes %.2f ms (p95) also while segue rests, no longer %.2f ms: that is the baseline now",
                throttle_probe_name((enum throttle_probe)i), latency->baseline * 1e3,
                latency->first_baseline * 1e3);
        throttling->was_renewed[i] = latency->renewed;
    }
}

static void decide(struct throttling *throttling)
{
    publish(throttling);
    tell_resting(throttling);
    tell_blindness(throttling);
    tell_baselines(throttling);
}

/* Nothing can be seen: everything that was wanted counts as bad. */
static void go_blind(struct throttling *throttling, const char *why)
{
    struct throttle_reading readings[SIGNAL_COUNT];
    bool quiet;
    throttling_readings(throttling, (double)clock_us() / 1e6, readings, &quiet);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        readings[i].readable = false;
        (void)snprintf(readings[i].why, sizeof readings[i].why, "%.199s", why);
    }
    /* The server's clock may be out of sight; that the window is closed must not be forgotten for it. */
    if (throttling->throttle.readings[SIGNAL_WINDOW].readable)
        readings[SIGNAL_WINDOW] = throttling->throttle.readings[SIGNAL_WINDOW];
    for (int i = 0; i < PROBE_KINDS && throttling->throttle.probing; i++)
        throttle_probe_failed(&throttling->throttle, (enum throttle_probe)i, why);
    throttle_read(&throttling->throttle, readings, false);
    if (!throttling->throttle.begun)
        throttle_begin(&throttling->throttle);
    decide(throttling);
}

static void hang_up(struct throttling *throttling, const char *why)
{
    session_close(throttling->session);
    throttling->session = NULL;
    throttling->next_connect_us = clock_us() + (int64_t)(throttling->connect_wait * 1e6);
    throttling->connect_wait = throttling->connect_wait * 2 < LAST_CONNECT_SECONDS
                                   ? throttling->connect_wait * 2
                                   : LAST_CONNECT_SECONDS;
    go_blind(throttling, why);
}

/* After a failure of any statement: without a session nothing goes on. */
static bool survives(struct throttling *throttling, const struct error *err)
{
    if (err->class == ERROR_LOST)
        hang_up(throttling, err->message);
    return err->class != ERROR_LOST;
}

static void begin_walk(struct throttling *throttling)
{
    const struct run_settings *settings = throttling->settings;
    (void)pthread_mutex_lock(&throttling->lock);
    throttling->again = false;
    throttling->watched = throttling->walk;
    throttling->watched_number = throttling->walk_number;
    throttling->probing = throttling->walk_rows >= THROTTLED_ROWS &&
                          (settings->max_p95_ratio > 0 || settings->max_p95_seconds > 0);
    (void)pthread_mutex_unlock(&throttling->lock);
    double percent = settings->pace_percent > 0 ? settings->pace_percent
                     : throttling->probing      ? 100
                                                : FIXED_PACE_PERCENT;
    throttle_init(&throttling->throttle, percent / 100, throttling->probing ? settings->max_p95_ratio : 0,
                  throttling->probing ? settings->max_p95_seconds : 0);
    throttling_observe_init(throttling);
    throttling_statements_init(throttling);
    for (int i = 0; i < PROBE_KINDS; i++)
        throttling->was_renewed[i] = throttling->said_probe[i] = false;
    throttling->was_resting = false;
    throttling->began_us = clock_us();
    throttling->next_read_us = 0;
    publish(throttling);
}

static void prepare(struct throttling *throttling)
{
    struct error err;
    arena_free(throttling->arena);
    throttling->arena = arena_new();
    throttling->probes = (struct probes){0};
    if (!throttling->watched) /* the thread was quicker than who began it */
        return;
    if (throttling->engine->probe_prepare(throttling->session, throttling->watched, throttling->arena,
                                          &throttling->probes, &err) ||
        !survives(throttling, &err))
        return;
    for (int i = 0; i < PROBE_KINDS && throttling->throttle.probing; i++)
        throttle_probe_failed(&throttling->throttle, (enum throttle_probe)i, err.message);
}

static void connect_server(struct throttling *throttling)
{
    struct error err;
    const struct session_settings settings = {.url = throttling->settings->url,
                                              .application_name = "segue",
                                              .search_path = throttling->search_path,
                                              .cancel_with_client = true};
    if (clock_us() < throttling->next_connect_us)
        return;
    if (throttling->engine->open(&settings, &throttling->session, &err)) {
        throttling->connect_wait = FIRST_CONNECT_SECONDS;
        prepare(throttling);
    } else {
        throttling->session = NULL;
        hang_up(throttling, err.message);
    }
}

static bool at_work_since(struct throttling *throttling, int64_t then_us)
{
    return atomic_load(&throttling->working) > 0 || atomic_load(&throttling->worked_until_us) >= then_us;
}

static void probe(struct throttling *throttling)
{
    const struct engine *engine = throttling->engine;
    enum throttle_probe kind = throttling->n_probes % PROBE_KINDS == 0 ? PROBE_LOOKUP : PROBE_WRITE;
    struct error err;
    size_t n = throttling->n_probes++;
    int64_t began = clock_us();
    bool met = at_work_since(throttling, began - SPILL_US);
    throttling->throttle.steady = atomic_load(&throttling->steady);
    /* Knuth's multiplicative hash: the keys in no order. */
    bool good = kind == PROBE_LOOKUP ? engine->probe_lookup(throttling->session, &throttling->probes,
                                                            (size_t)(n * 2654435761U % 65521), &err)
                                     : engine->probe_write(throttling->session, &err);
    double seconds = (double)(clock_us() - began) / 1e6;
    met = met || at_work_since(throttling, began);
    if (good)
        throttle_probe(&throttling->throttle, kind, seconds, PROBE_SECONDS, met);
    else if (survives(throttling, &err))
        throttle_probe_failed(&throttling->throttle, kind, err.message);
    (void)pthread_mutex_lock(&throttling->lock);
    throttling->duty = throttling->throttle.begun ? throttle_duty(&throttling->throttle) : 0;
    throttling->decided_us = clock_us();
    (void)pthread_mutex_unlock(&throttling->lock);
}

/* Four seconds are enough, unless the machine is so crowded that they hold few probes. Where nobody else is at work there is nothing
 * to measure yet. */
static bool is_measured(const struct throttling *throttling)
{
    const struct throttle *throttle = &throttling->throttle;
    int64_t measured = clock_us() - throttling->began_us;
    size_t n = LATENCY_WINDOW;
    bool failing = false;
    for (int i = 0; i < PROBE_KINDS; i++) {
        n = throttle->probes[i].n_samples < n ? throttle->probes[i].n_samples : n;
        failing = failing || !throttle->probe_readable[i];
    }
    return !throttling->probing || throttle->quiet || (measured >= BASELINE_US && n >= LATENCY_WINDOW / 2) ||
           (measured >= LONG_BASELINE_US && (n >= LATENCY_LEAST || failing)) ||
           measured >= LONGEST_BASELINE_US;
}

static void read_signals(struct throttling *throttling)
{
    struct throttle_reading readings[SIGNAL_COUNT];
    struct error err;
    bool quiet;
    if (!throttling->engine->read_signals(throttling->session, throttling->settings->throttle_query,
                                          &throttling->observed.now, &err) ||
        !throttling_statements_read(throttling, &err)) {
        if (survives(throttling, &err))
            go_blind(throttling, err.message);
        return;
    }
    throttling_readings(throttling, (double)clock_us() / 1e6, readings, &quiet);
    throttle_read(&throttling->throttle, readings, quiet);
    if (!throttling->throttle.begun && is_measured(throttling))
        throttle_begin(&throttling->throttle);
    decide(throttling);
}

static void store(struct throttling *throttling)
{
    struct error err;
    char *json = throttling_json(throttling);
    const char *reason = text_string(&throttling->reason); /* which only this thread writes */
    if (!throttling->engine->throttle_store(throttling->session, throttling->id, throttling->duty,
                                            *reason ? reason : NULL, json, &err))
        (void)survives(throttling, &err); /* status then tells less */
    free(json);
}

static bool due(int64_t *next, int64_t every)
{
    int64_t now = clock_us();
    if (now < *next)
        return false;
    *next = *next + every > now ? *next + every : now + every; /* no burst after a stall */
    return true;
}

static void turn(struct throttling *throttling)
{
    if (throttling->session && throttling->throttle.probing && due(&throttling->next_probe_us, PROBE_US))
        probe(throttling);
    if (throttling->session && due(&throttling->next_read_us, READ_US))
        read_signals(throttling);
    if (throttling->session && due(&throttling->next_store_us, STORE_US))
        store(throttling);
    int64_t next = clock_us() + LONGEST_SLEEP_US;
    if (throttling->session && throttling->next_read_us < next)
        next = throttling->next_read_us;
    if (throttling->session && throttling->throttle.probing && throttling->next_probe_us < next)
        next = throttling->next_probe_us;
    int64_t left = next - clock_us();
    if (left > 0)
        clock_sleep_us(left);
}

static bool has_new_walk(struct throttling *throttling)
{
    (void)pthread_mutex_lock(&throttling->lock);
    bool new = throttling->again || throttling->watched_number != throttling->walk_number;
    (void)pthread_mutex_unlock(&throttling->lock);
    return new;
}

void *throttling_thread(void *argument)
{
    struct throttling *throttling = argument;
    struct error err;
    throttling->connect_wait = FIRST_CONNECT_SECONDS;
    while (!atomic_load(&throttling->stop)) {
        if (has_new_walk(throttling)) {
            begin_walk(throttling);
            if (throttling->session)
                prepare(throttling);
        }
        if (!throttling->session)
            connect_server(throttling);
        turn(throttling);
    }
    if (throttling->session)
        (void)!throttling->engine->throttle_end(throttling->session, throttling->id, &err);
    session_close(throttling->session);
    throttling->session = NULL;
    return NULL;
}
