/*
 * What a worker counts. Each counter is written by its worker alone, by a load and a store without a lock, and read by whoever sums them up: a sum
 * may lag behind, and never goes back.
 */
#ifndef SEGUE_GATEWAY_METRICS_H
#define SEGUE_GATEWAY_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/text.h"
#include "gateway/routes.h"

enum {
    METRICS_BUCKETS = 20, /* of a histogram: up to 64 µs, 128 µs, … 34 s; what is longer is beyond */
    METRICS_FINE =
        185, /* as they are kept: eight for each doubling, so that a percentile is known to a few percent */
    METRICS_CLASSES = 64, /* of SQLSTATE; PostgreSQL has 43 */
    METRICS_STATES = 5,
    METRICS_MANY = 1000 /* answers: enough for a p95 that is compared closely */
};

struct histogram {
    atomic_ullong counts[METRICS_FINE];
    atomic_ullong sum_us;
    atomic_ullong answers; /* the sum of counts */
    atomic_ullong fresh;   /* the first of a backend, whose caches were empty */
};

struct metrics {
    atomic_ullong bytes_in, bytes_out;  /* from clients, to clients */
    atomic_ullong retries;              /* requests that were made again */
    atomic_ullong begun;                /* sessions that there have been */
    atomic_uint states[METRICS_STATES]; /* of sessions, as of the last tick: by enum metrics_state */
    struct {
        char name[2];
        atomic_ullong n;
    } classes[METRICS_CLASSES];
    atomic_uint n_classes;
    struct histogram
        latency[VERSIONS_MAX + 1]; /* from a request to ReadyForQuery, by version; the last: of none */
    atomic_ullong
        faults[VERSIONS_MAX + 1]; /* errors that a version of the schema may be the cause of, likewise */
    struct {
        uint64_t answers; /* that there had been at the last one */
        unsigned n;
    } in_a_row[VERSIONS_MAX + 1]; /* of those errors; the worker's own */
    struct {
        atomic_uint counts[METRICS_FINE];
    } waiting[VERSIONS_MAX + 1]; /* requests in flight, by how long they have waited, as of the last look */
};

struct shared;

enum metrics_state { STATE_STARTING, STATE_IDLE, STATE_ACTIVE, STATE_IN_TRANSACTION, STATE_LEAVING };

static inline void metrics_add(atomic_ullong *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

/* version may be NULL. fresh: the first of its backend. */
void metrics_answered(struct metrics *metrics, const struct version *version, int64_t us, bool fresh);
/* The server said so; sqlstate has five characters. How many errors that a version can cause came in a row; 0: this is none. */
unsigned metrics_error(struct metrics *metrics, const struct version *version, const char *sqlstate);
/* Looks anew at what is in flight: forgets all, then takes one after the other. */
void metrics_forget_waiting(struct metrics *metrics);
void metrics_waits(struct metrics *metrics, const struct version *version, int64_t us);

/* What all workers have counted of one version. */
struct metrics_of_version {
    uint64_t answers, faults, fresh;
    uint64_t counts[METRICS_FINE];
};

/* The answers and faults alone. */
void metrics_tally(const struct shared *shared, const struct version *version,
                   struct metrics_of_version *out);
/* What is in flight, as if it had been answered when it was looked at. */
void metrics_sum_waiting(const struct shared *shared, const struct version *version,
                         struct metrics_of_version *out);
void metrics_sum(const struct shared *shared, const struct version *version, struct metrics_of_version *out);
/* The time in microseconds that a share of the answers was not longer than; between two buckets it is taken to grow evenly. */
double metrics_percentile(const struct metrics_of_version *of, double share);
/* The first bucket whose answers all took longer, and how many of them there are. */
size_t metrics_behind(double us);
uint64_t metrics_longer(const struct metrics_of_version *of, double us);

/* What all workers have counted of all sessions. */
struct metrics_of_all {
    uint64_t sessions[METRICS_STATES]; /* by enum metrics_state */
    uint64_t begun, bytes_in, bytes_out, errors;
};

void metrics_sum_all(const struct shared *shared, struct metrics_of_all *out);

/* All of it, summed, in Prometheus' text format 0.0.4. From any thread while the workers live. */
void metrics_write(const struct shared *shared, struct text *out);

#endif
