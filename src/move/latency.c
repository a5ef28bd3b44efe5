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

double latency_p95(const struct latency *latency)
{
    double sorted[LATENCY_WINDOW];
    size_t n = latency->n_samples;
    if (n == 0)
        return 0;
    memcpy(sorted, latency->samples, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    size_t rank = (size_t)ceil((1 - BEYOND) * (double)n);
    return sorted[rank - 1];
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

/* The baseline where the first one does not hold any more. */
static void renew(struct latency *latency, double duty)
{
    latency->at_least = duty <= 2 * LATENCY_LEAST_DUTY ? latency->at_least + 1 : 0;
    if (++latency->since_new < LATENCY_WINDOW)
        return;
    latency->since_new = 0;
    double now = latency_p95(latency);
    bool without_work = latency->at_least >= LATENCY_WINDOW;
    bool worse = without_work && now > latency_limit(latency);
    bool better = latency->renewed && now < latency->baseline;
    if (!worse && !better)
        return;
    latency->baseline = fmax(latency->first_baseline, fmin(now, MOST_RENEWED * latency->first_baseline));
    latency->renewed = latency->baseline > latency->first_baseline;
}

void latency_probe(struct latency *latency, double seconds, double interval, double duty)
{
    remember(latency, seconds);
    if (latency->baseline <= 0)
        return;
    if (latency->max_seconds <= 0)
        renew(latency, duty);
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
