#include "move/throttle.h"

#include <math.h>
#include <stdio.h>

static const double UNREADABLE_DUTY = 0.01;
static const double BAND_BEGINS = 0.5; /* of the ceiling */
static const double RISE = 2;          /* a reading */

/* What the server does by itself must not count as ours: a ceiling is at least that much above the baseline. */
static const struct {
    const char *name, *key;
    double times, plus;
    bool matters_when_quiet;
    bool rests;
} signals[SIGNAL_COUNT] = {
    [SIGNAL_LAG] = {"replication lag", "lag", 0, 0, true, true},
    [SIGNAL_STANDBYS] = {"standbys gone", "standbys_gone", 0, 0, true, false},
    [SIGNAL_SESSIONS] = {"active sessions", "sessions", 3, 0, true, false},
    [SIGNAL_LOCKS] = {"lock waits", "lock_waits", 1, 1, true, false},
    [SIGNAL_WAL] = {"WAL rate", "wal_bytes_per_s", 2, 0, false, false},
    [SIGNAL_CHECKPOINTS] = {"forced checkpoints", "checkpoints_per_min", 2, 0, false, false},
    [SIGNAL_STATEMENTS] = {"application statements", "statements", 0, 0, true, false},
    [SIGNAL_QUERY] = {"--throttle-query", "query", 0, 0, true, true},
    [SIGNAL_WINDOW] = {"--window", "window", 0, 0, true, true},
};

const char *throttle_signal_name(enum throttle_signal signal)
{
    return signals[signal].name;
}

const char *throttle_signal_key(enum throttle_signal signal)
{
    return signals[signal].key;
}

const char *throttle_probe_name(enum throttle_probe kind)
{
    return kind == PROBE_LOOKUP ? "looking up a row" : "writing a row";
}

const char *throttle_probe_key(enum throttle_probe kind)
{
    return kind == PROBE_LOOKUP ? "lookup" : "write";
}

/* Somebody came after work had begun without a baseline. */
static bool is_measuring(const struct throttle *throttle)
{
    bool missing = false;
    for (int i = 0; i < PROBE_KINDS && throttle->probing; i++)
        missing = missing || throttle->probes[i].baseline <= 0;
    return throttle->begun && !throttle->quiet && missing;
}

/* A moment without work, to see what the server does by itself. */
static bool wants_rest(const struct throttle *throttle)
{
    bool wants = false;
    for (int i = 0; i < PROBE_KINDS && throttle->probing; i++)
        wants = wants || latency_wants_rest(&throttle->probes[i]);
    return wants && throttle->begun && !throttle->quiet && !throttle->steady;
}

/* The least of all bounds, and which it is. */
static void decide(struct throttle *throttle)
{
    double least = throttle->pace, probes = 1;
    int slowest = 0;
    bool unreadable = false;
    throttle->bound = BOUND_PACE;
    for (int i = 0; i < PROBE_KINDS && throttle->probing; i++) {
        unreadable = unreadable || !throttle->probe_readable[i];
        if (latency_duty(&throttle->probes[i]) < probes) {
            probes = latency_duty(&throttle->probes[i]);
            slowest = i;
        }
    }
    if (throttle->quiet)
        probes = fmax(probes, throttle->quiet_duty);
    if (unreadable && UNREADABLE_DUTY < fmin(probes, least)) {
        least = UNREADABLE_DUTY;
        throttle->bound = BOUND_PROBES_UNREADABLE;
    } else if (is_measuring(throttle) && UNREADABLE_DUTY < fmin(probes, least)) {
        least = UNREADABLE_DUTY;
        throttle->bound = BOUND_BASELINE;
    } else if (probes < least) {
        least = probes;
        throttle->bound = BOUND_PROBE;
        throttle->binding = slowest;
    }
    if (throttle->braking >= 0 && (throttle->resting || throttle->brake < least)) {
        least = throttle->brake;
        throttle->bound = BOUND_SIGNAL;
        throttle->binding = throttle->braking;
    }
    throttle->duty = throttle->resting ? 0 : fmax(least, LATENCY_LEAST_DUTY);
    if (!throttle->resting && !unreadable && wants_rest(throttle)) {
        throttle->duty = 0;
        throttle->bound = BOUND_CONTROL;
    }
}

double throttle_duty(const struct throttle *throttle)
{
    return throttle->duty;
}

void throttle_init(struct throttle *throttle, double pace, double max_ratio, double max_seconds)
{
    *throttle = (struct throttle){.pace = fmin(fmax(pace, LATENCY_LEAST_DUTY), 1),
                                  .probing = max_ratio > 0 || max_seconds > 0,
                                  .quiet_duty = LATENCY_FIRST_DUTY,
                                  .brake = 1,
                                  .braking = -1};
    for (int i = 0; i < PROBE_KINDS; i++) {
        latency_init(&throttle->probes[i], max_ratio, max_seconds);
        throttle->probe_readable[i] = true;
    }
    decide(throttle);
}

void throttle_begin(struct throttle *throttle)
{
    throttle->begun = true;
    if (throttle->quiet)
        throttle->quiet_duty = 1;
    for (int i = 0; i < PROBE_KINDS && throttle->probing; i++)
        if (!latency_begin(&throttle->probes[i]) && throttle->probe_readable[i] && !throttle->quiet)
            throttle_probe_failed(throttle, (enum throttle_probe)i, "too few probes before the work began");
    decide(throttle);
}

void throttle_probe(struct throttle *throttle, enum throttle_probe kind, double seconds, double interval,
                    bool met)
{
    struct latency *latency = &throttle->probes[kind];
    double duty = throttle->begun ? throttle_duty(throttle) : 0;
    throttle->probe_readable[kind] = true;
    /* What work at full pace does to a probe is no baseline. */
    if (throttle->begun && throttle->quiet && latency->baseline <= 0)
        return;
    latency_probe(latency, seconds, interval, duty, met);
    /* One that began late has its baseline from what it meets while the work is slow for its sake. */
    if (throttle->begun && latency->baseline <= 0 && latency->n_samples == LATENCY_WINDOW)
        (void)latency_begin(latency);
    decide(throttle);
}

void throttle_probe_failed(struct throttle *throttle, enum throttle_probe kind, const char *why)
{
    throttle->probe_readable[kind] = false;
    (void)snprintf(throttle->probe_why[kind], sizeof throttle->probe_why[kind], "%.199s", why);
    decide(throttle);
}

/* What one reading allows; *rest: nothing at all. */
static double allowed(const struct throttle *throttle, enum throttle_signal signal, bool *rest)
{
    const struct throttle_reading *reading = &throttle->readings[signal];
    if (!reading->wanted || (throttle->quiet && !signals[signal].matters_when_quiet))
        return 1;
    if (!reading->readable) {
        *rest = signal == SIGNAL_QUERY;
        return UNREADABLE_DUTY;
    }
    double part = reading->ceiling > 0 ? reading->value / reading->ceiling : reading->value > 0 ? 1 : 0;
    *rest = signals[signal].rests && part >= 1;
    if (part <= BAND_BEGINS)
        return 1;
    return pow(LATENCY_LEAST_DUTY, fmin((part - BAND_BEGINS) / (1 - BAND_BEGINS), 1));
}

static void raise_ceilings(struct throttle *throttle)
{
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        struct throttle_reading *reading = &throttle->readings[i];
        if (!throttle->begun && reading->readable)
            throttle->baselines[i] = fmax(throttle->baselines[i], reading->value);
        if (signals[i].times > 0 && !reading->given)
            reading->ceiling =
                fmax(reading->ceiling, signals[i].times * throttle->baselines[i] + signals[i].plus);
    }
}

void throttle_read(struct throttle *throttle, const struct throttle_reading *readings, bool quiet)
{
    double least = 1;
    int worst = -1;
    throttle->quiet = quiet;
    throttle->quiet_duty = quiet ? fmin(throttle->quiet_duty * RISE, 1) : LATENCY_FIRST_DUTY;
    throttle->resting = false;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        throttle->readings[i] = readings[i];
    raise_ceilings(throttle);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        bool rest = false;
        double duty = allowed(throttle, (enum throttle_signal)i, &rest);
        bool first = rest && !throttle->resting;
        if (first || (rest == throttle->resting && duty < least)) {
            least = duty;
            worst = i;
        }
        throttle->resting = throttle->resting || rest;
    }
    if (throttle->resting)
        least = LATENCY_LEAST_DUTY;
    throttle->easing = worst < 0 || least > throttle->brake * RISE;
    throttle->brake = fmin(throttle->brake * RISE, least);
    if (!throttle->easing || throttle->brake >= 1)
        throttle->braking = worst;
    decide(throttle);
}

static void milliseconds(struct text *out, double seconds)
{
    text_printf(out, seconds < 0.01 ? "%.2f ms" : "%.0f ms", seconds * 1e3);
}

static void probe_reason(const struct throttle *throttle, struct text *out)
{
    const struct latency *latency = &throttle->probes[throttle->binding];
    text_printf(out, "%s takes ", throttle_probe_name((enum throttle_probe)throttle->binding));
    milliseconds(out, latency_p95(latency));
    text_append(out, " (p95); at most ");
    milliseconds(out, latency_limit(latency));
}

static void signal_reason(const struct throttle *throttle, struct text *out)
{
    const struct throttle_reading *reading = &throttle->readings[throttle->binding];
    const char *name = signals[throttle->binding].name;
    if (reading->wanted && !reading->readable) {
        text_printf(out, "%s cannot be read: %s", name, reading->why);
        return;
    }
    if (throttle->easing) {
        text_printf(out, "%s: better again, going on little by little", name);
        return;
    }
    switch ((enum throttle_signal)throttle->binding) {
    case SIGNAL_LAG:
        text_printf(out, "a standby is %.1f s behind; at most %.1f s", reading->value, reading->ceiling);
        break;
    case SIGNAL_STANDBYS: text_printf(out, "%.0f standby that was there is gone", reading->value); break;
    case SIGNAL_SESSIONS:
        text_printf(out, "%.0f sessions run statements; at most %.0f", reading->value, reading->ceiling);
        break;
    case SIGNAL_LOCKS:
        text_printf(out, "%.0f sessions wait for locks; fewer than %.0f", reading->value, reading->ceiling);
        break;
    case SIGNAL_WAL:
        text_printf(out, "%.1f MB of WAL a second; at most %.1f", reading->value / 1e6,
                    reading->ceiling / 1e6);
        break;
    case SIGNAL_CHECKPOINTS:
        text_printf(out, "%.1f checkpoints a minute forced by WAL; at most %.1f", reading->value,
                    reading->ceiling);
        break;
    case SIGNAL_STATEMENTS:
        text_printf(out, "statements on the table take %.2f times what they took before (mean); below %.2f",
                    reading->value, reading->ceiling);
        break;
    case SIGNAL_QUERY: text_printf(out, "--throttle-query says %g", reading->value); break;
    case SIGNAL_WINDOW:
        text_printf(out, "the window opens in %d:%02d hours", (int)reading->value / 60,
                    (int)reading->value % 60);
        break;
    case SIGNAL_COUNT: break;
    }
}

void throttle_reason(const struct throttle *throttle, struct text *out)
{
    switch (throttle->bound) {
    case BOUND_PACE: break;
    case BOUND_PROBE: probe_reason(throttle, out); break;
    case BOUND_BASELINE:
        text_append(out, "others are at work now: what their statements take is measured first");
        break;
    case BOUND_CONTROL: text_append(out, "what statements take without it is looked at for a moment"); break;
    case BOUND_SIGNAL: signal_reason(throttle, out); break;
    case BOUND_PROBES_UNREADABLE:
        for (int i = 0; i < PROBE_KINDS; i++)
            if (!throttle->probe_readable[i]) {
                text_printf(out, "%s cannot be timed: %s", throttle_probe_name((enum throttle_probe)i),
                            throttle->probe_why[i]);
                break;
            }
    }
}
