#include "move/latency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double LATENCY_LEAST_DUTY = 0.001, LATENCY_FIRST_DUTY = 0.02;

static const double BEYOND = 0.05; /* the share of probes that may take longer than the limit */
static const double GAIN = 0.25;
/* A stall stands for the probes that it kept from being sent, but one event must not decide for minutes. */
static const double MOST_FOR_ONE = 10;
/* How far the duty may rise above what work really takes: what was not tried is not known. */
static const double AHEAD = 4;
static const double MOST_RENEWED = 2;
/* Of so many probes, as many at least shall have met no work; else work rests until as many have. */
enum { CONTROL_EVERY = 500, CONTROL_LEAST = 50 };
/* So much above the first baseline is worth telling. */
static const double NOTEWORTHY = 1.25;

void latency_init(struct latency *latency, double max_ratio, double max_seconds)
{
    *latency = (struct latency){
        .max_ratio = max_ratio, .max_seconds = max_seconds, .log_duty = log(LATENCY_FIRST_DUTY)};
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double p95(const double *samples, size_t n)
{
    double sorted[LATENCY_CONTROL];
    if (n == 0)
        return 0;
    memcpy(sorted, samples, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    size_t rank = (size_t)ceil((1 - BEYOND) * (double)n);
    return sorted[rank - 1];
}

double latency_p95(const struct latency *latency)
{
    return p95(latency->samples, latency->n_samples);
}

static void ring_add(struct latency_ring *ring, double seconds)
{
    ring->seconds[ring->next] = seconds;
    ring->next = (ring->next + 1) % LATENCY_CONTROL;
    if (ring->n < LATENCY_CONTROL)
        ring->n++;
}

bool latency_begin(struct latency *latency)
{
    if (latency->n_samples < LATENCY_LEAST && latency->max_seconds <= 0)
        return false;
    if (latency->n_samples == 0) {
        latency->baseline = latency->first_baseline = latency->max_seconds;
        return true;
    }
    latency->baseline = latency->first_baseline = latency_p95(latency);
    for (size_t i = 0; i < latency->n_samples; i++)
        ring_add(&latency->control, latency->samples[i]);
    return true;
}

double latency_limit(const struct latency *latency)
{
    return latency->max_seconds > 0 ? latency->max_seconds : latency->max_ratio * latency->baseline;
}

static void remember(struct latency *latency, double seconds)
{
    latency->samples[latency->next_sample] = seconds;
    latency->next_sample = (latency->next_sample + 1) % LATENCY_WINDOW;
    if (latency->n_samples < LATENCY_WINDOW)
        latency->n_samples++;
}

/* The baseline follows what the server does by itself. */
static void renew(struct latency *latency, double seconds, bool met)
{
    latency->n_since++;
    if (!met) {
        ring_add(&latency->control, seconds);
        if (++latency->n_control_since >= CONTROL_LEAST)
            latency->wants_rest = false;
    }
    if (latency->n_since < CONTROL_EVERY || latency->wants_rest)
        return;
    latency->wants_rest = latency->n_control_since < CONTROL_LEAST;
    latency->n_since = latency->n_control_since = 0;
    latency->baseline =
        fmin(p95(latency->control.seconds, latency->control.n), MOST_RENEWED * latency->first_baseline);
    latency->renewed = latency->baseline > NOTEWORTHY * latency->first_baseline;
}

bool latency_wants_rest(const struct latency *latency)
{
    return latency->wants_rest;
}

void latency_probe(struct latency *latency, double seconds, double interval, double duty, bool met)
{
    remember(latency, seconds);
    if (latency->baseline <= 0)
        return;
    if (latency->max_seconds <= 0)
        renew(latency, seconds, met);
    double limit = latency_limit(latency);
    if (seconds > limit) {
        double stands_for = interval > 0 ? 1 + floor((seconds - limit) / interval) : 1;
        latency->log_duty -= GAIN * (1 - BEYOND) * fmin(stands_for, MOST_FOR_ONE);
    } else {
        double most = duty > 0 ? fmin(log(duty * AHEAD), 0) : latency->log_duty;
        /* What is above already stays: it falls by evidence, not by being unused. */
        latency->log_duty = fmax(latency->log_duty, fmin(latency->log_duty + GAIN * BEYOND, most));
    }
    latency->log_duty = fmax(latency->log_duty, log(LATENCY_LEAST_DUTY));
}

double latency_duty(const struct latency *latency)
{
    return exp(latency->log_duty);
}
