#include "drive/histogram.h"

#include <math.h>

enum { SUB_BITS = 5, LINEAR = 1 << (SUB_BITS + 1), SUB = 1 << SUB_BITS };

int histogram_bucket(int64_t microseconds)
{
    if (microseconds < 0)
        return 0;
    if (microseconds < LINEAR)
        return (int)microseconds;
    int exponent = 63 - __builtin_clzll((unsigned long long)microseconds) - SUB_BITS;
    int bucket = exponent * SUB + (int)(microseconds >> exponent);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

int64_t histogram_bucket_top(int bucket)
{
    if (bucket < LINEAR)
        return bucket;
    int exponent = bucket / SUB - 1;
    int64_t sub = bucket - (int64_t)exponent * SUB;
    return ((sub + 1) << exponent) - 1;
}

void histogram_add(struct histogram *histogram, int bucket, uint64_t count, int64_t max)
{
    histogram->buckets[bucket] += count;
    histogram->count += count;
    if (max > histogram->max)
        histogram->max = max;
}

void histogram_record(struct histogram *histogram, int64_t microseconds)
{
    histogram_add(histogram, histogram_bucket(microseconds), 1, microseconds);
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (int bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++)
        into->buckets[bucket] += from->buckets[bucket];
    into->count += from->count;
    if (from->max > into->max)
        into->max = from->max;
}

int64_t histogram_percentile(const struct histogram *histogram, double share)
{
    if (histogram->count == 0)
        return 0;
    uint64_t rank = (uint64_t)ceil(share * (double)histogram->count);
    uint64_t seen = 0;
    for (int bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen >= rank && seen > 0) {
            int64_t top = histogram_bucket_top(bucket);
            return top < histogram->max && bucket < HISTOGRAM_BUCKETS - 1 ? top : histogram->max;
        }
    }
    return histogram->max;
}
