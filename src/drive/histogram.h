/*
 * Latencies in log-linear buckets, as HdrHistogram has them: exact below 64 µs, then 32 buckets an octave, so that a
 * percentile is at most 1/32 too high whatever the range. A fixed array: recording never allocates.
 */
#ifndef SEGUE_DRIVE_HISTOGRAM_H
#define SEGUE_DRIVE_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 1024 }; /* the last one holds everything from 2^36 µs (19 hours) on */

struct histogram {
    uint64_t count;
    int64_t max; /* exact; 0 when empty */
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* The bucket of a value in microseconds (negative counts as 0), and the highest value that falls into a bucket. */
int histogram_bucket(int64_t microseconds);
int64_t histogram_bucket_top(int bucket);

/* Adds `count` values that fell into a bucket, none above max. */
void histogram_add(struct histogram *histogram, int bucket, uint64_t count, int64_t max);
void histogram_record(struct histogram *histogram, int64_t microseconds);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The smallest value that at least `share` (0 to 1) of the values do not exceed, in microseconds, rounded up to its
 * bucket's top but never above the maximum. 0 when empty. */
int64_t histogram_percentile(const struct histogram *histogram, double share);

#endif
