/* A server with a throttle before it, as arithmetic: what requests take, with and without work. */
#ifndef SEGUE_TESTS_SIMULATED_SERVER_H
#define SEGUE_TESTS_SIMULATED_SERVER_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

#include "base/text.h"
#include "move/throttle.h"

enum { PROBES_A_READING = 25, BASELINE_PROBES = 200 };
static const double INTERVAL = 0.02; /* between two probes of a kind */

/* A server whose requests take about a millisecond, and longer where they meet a chunk. */
struct server {
    uint64_t random;
    double slower; /* how many times longer a request takes that meets a chunk */
    double busier; /* how many times longer every request takes than in the beginning */
    double stall;  /* seconds that the next request takes; 0: no stall */
    double lock_waits, lag;
    bool quiet;
};

static double uniform(struct server *server)
{
    uint64_t x = server->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    server->random = x;
    return ((double)(x >> 11) + 0.5) / (double)(1ULL << 53);
}

/* Log-normal, as service times are. */
static double request(struct server *server, double duty, bool *met)
{
    double normal = sqrt(-2 * log(uniform(server))) * cos(6.283185307 * uniform(server));
    double seconds = 0.001 * exp(0.3 * normal) * server->busier;
    if (server->stall > 0) {
        seconds = server->stall;
        server->stall = 0;
    }
    *met = uniform(server) < duty;
    return *met ? seconds * server->slower : seconds;
}

struct run {
    struct throttle throttle;
    struct server server;
    double *latencies; /* of all lookups since the work began */
    size_t n_latencies;
    double least, most, sum_log, sum_log2; /* of the duty, since mark() */
    size_t n_duties;
};

static void read_server(struct run *run)
{
    struct throttle_reading readings[SIGNAL_COUNT] = {
        [SIGNAL_LAG] = {.wanted = true, .readable = true, .value = run->server.lag, .ceiling = 10},
        [SIGNAL_LOCKS] = {.wanted = true, .readable = true, .value = run->server.lock_waits},
    };
    throttle_read(&run->throttle, readings, run->server.quiet);
}

static void mark(struct run *run)
{
    run->n_latencies = run->n_duties = 0;
    run->least = 1;
    run->most = run->sum_log = run->sum_log2 = 0;
}

/* Half a second. */
static void turn(struct run *run)
{
    for (int i = 0; i < PROBES_A_READING; i++) {
        double duty = run->throttle.begun ? throttle_duty(&run->throttle) : 0;
        bool met;
        double lookup = request(&run->server, duty, &met);
        throttle_probe(&run->throttle, PROBE_LOOKUP, lookup, INTERVAL, met);
        double write = request(&run->server, duty, &met);
        throttle_probe(&run->throttle, PROBE_WRITE, write, INTERVAL, met);
        run->latencies[run->n_latencies++] = lookup;
        run->least = fmin(run->least, duty);
        run->most = fmax(run->most, duty);
        run->sum_log += duty > 0 ? log(duty) : 0;
        run->sum_log2 += duty > 0 ? log(duty) * log(duty) : 0;
        run->n_duties++;
    }
    read_server(run);
}

static void turns(struct run *run, int n)
{
    for (int i = 0; i < n; i++)
        turn(run);
}

static struct run *start(double slower, uint64_t seed)
{
    struct run *run = calloc(1, sizeof *run);
    assert_non_null(run);
    run->latencies = calloc(4000000, sizeof *run->latencies);
    assert_non_null(run->latencies);
    run->server =
        (struct server){.random = seed * 2654435761u + 88172645463325252u, .slower = slower, .busier = 1};
    throttle_init(&run->throttle, 1, 1.10, 0);
    turns(run, BASELINE_PROBES / PROBES_A_READING);
    throttle_begin(&run->throttle);
    mark(run);
    return run;
}

static void end(struct run *run)
{
    free(run->latencies);
    free(run);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double p95(struct run *run)
{
    qsort(run->latencies, run->n_latencies, sizeof *run->latencies, compare);
    return run->latencies[run->n_latencies * 95 / 100];
}

static double mean_duty(const struct run *run)
{
    return exp(run->sum_log / (double)run->n_duties);
}

static double deviation(const struct run *run)
{
    double n = (double)run->n_duties, mean = run->sum_log / n;
    return sqrt(run->sum_log2 / n - mean * mean);
}

static bool says(const struct run *run, const char *part)
{
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    throttle_reason(&run->throttle, &reason);
    return strstr(text_string(&reason), part) != NULL;
}

#endif
