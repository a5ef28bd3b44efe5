/*
 * Latencies over time: windows of 100 ms, each a sparse histogram (a window sees some hundred requests that fall into a few
 * dozen buckets, so an hour of them costs little). Workers hand in batches; one mutex, taken a few times a second a worker.
 */
#ifndef SEGUE_DRIVE_SERIES_H
#define SEGUE_DRIVE_SERIES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drive/histogram.h"

enum { SERIES_WINDOW_US = 100000, BATCH_SIZE = 256 };

/* How one request went. */
struct sample {
    int64_t ended_at;     /* microseconds since the beginning of the series */
    int64_t microseconds; /* from when it should have begun to its end */
    bool request;         /* counts as a request with this latency */
    bool error;           /* counts as an error */
};

/* A worker's samples that no reader has seen yet. Its own lock, so that a reader can take them from a worker that waits. */
struct batch {
    pthread_mutex_t lock;
    size_t count;
    struct sample samples[BATCH_SIZE];
};

struct series_window;

struct series {
    pthread_mutex_t lock;
    struct series_window *windows;
    size_t count, capacity;
};

void batch_init(struct batch *batch);
/* Adds a sample, and empties the batch into the series when it is full. */
void batch_record(struct batch *batch, struct series *series, const struct sample *sample);
/* Moves what the batch holds to the series. */
void batch_flush(struct batch *batch, struct series *series);

void series_init(struct series *series);
void series_free(struct series *series);
/* The windows begun so far. */
size_t series_count(struct series *series);
/* Adds up windows [first, end) into a cleared histogram, with their requests and errors. */
void series_sum(struct series *series, size_t first, size_t end, struct histogram *out, uint64_t *errors);

#endif
