#include "drive/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bucket {
    uint16_t number;
    uint32_t count;
};

struct series_window {
    uint32_t errors;
    uint32_t n_buckets, capacity;
    int64_t max;
    struct bucket *buckets; /* in order of their number */
};

static void *must_resize(void *memory, size_t count, size_t size)
{
    void *larger = reallocarray(memory, count, size);
    if (!larger) {
        (void)fputs("segue: out of memory\n", stderr);
        abort();
    }
    return larger;
}

static void window_add(struct series_window *window, int64_t microseconds)
{
    uint16_t number = (uint16_t)histogram_bucket(microseconds);
    uint32_t low = 0, high = window->n_buckets;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (window->buckets[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (microseconds > window->max)
        window->max = microseconds;
    if (low < window->n_buckets && window->buckets[low].number == number) {
        window->buckets[low].count++;
        return;
    }
    if (window->n_buckets == window->capacity) {
        window->capacity = window->capacity ? window->capacity * 2 : 16;
        window->buckets = must_resize(window->buckets, window->capacity, sizeof *window->buckets);
    }
    memmove(&window->buckets[low + 1], &window->buckets[low],
            (window->n_buckets - low) * sizeof *window->buckets);
    window->buckets[low] = (struct bucket){.number = number, .count = 1};
    window->n_buckets++;
}

/* The window of that number; those before it that nobody wrote to begin empty. */
static struct series_window *window_at(struct series *series, size_t number)
{
    if (number >= series->capacity) {
        size_t capacity = series->capacity ? series->capacity : 128;
        while (capacity <= number)
            capacity *= 2;
        series->windows = must_resize(series->windows, capacity, sizeof *series->windows);
        series->capacity = capacity;
    }
    while (series->count <= number)
        series->windows[series->count++] = (struct series_window){0};
    return &series->windows[number];
}

static void series_add(struct series *series, const struct sample *sample)
{
    int64_t at = sample->ended_at < 0 ? 0 : sample->ended_at;
    struct series_window *window = window_at(series, (size_t)(at / SERIES_WINDOW_US));
    if (sample->request)
        window_add(window, sample->microseconds);
    if (sample->error)
        window->errors++;
}

void batch_init(struct batch *batch)
{
    (void)pthread_mutex_init(&batch->lock, NULL);
    batch->count = 0;
}

/* The caller holds the batch's lock: a lock order of batch, then series. */
static void empty(struct batch *batch, struct series *series)
{
    (void)pthread_mutex_lock(&series->lock);
    for (size_t i = 0; i < batch->count; i++)
        series_add(series, &batch->samples[i]);
    (void)pthread_mutex_unlock(&series->lock);
    batch->count = 0;
}

void batch_record(struct batch *batch, struct series *series, const struct sample *sample)
{
    (void)pthread_mutex_lock(&batch->lock);
    batch->samples[batch->count++] = *sample;
    if (batch->count == BATCH_SIZE)
        empty(batch, series);
    (void)pthread_mutex_unlock(&batch->lock);
}

void batch_flush(struct batch *batch, struct series *series)
{
    (void)pthread_mutex_lock(&batch->lock);
    empty(batch, series);
    (void)pthread_mutex_unlock(&batch->lock);
}

void series_init(struct series *series)
{
    *series = (struct series){0};
    (void)pthread_mutex_init(&series->lock, NULL);
}

void series_free(struct series *series)
{
    for (size_t i = 0; i < series->count; i++)
        free(series->windows[i].buckets);
    free(series->windows);
    (void)pthread_mutex_destroy(&series->lock);
    *series = (struct series){0};
}

size_t series_count(struct series *series)
{
    (void)pthread_mutex_lock(&series->lock);
    size_t count = series->count;
    (void)pthread_mutex_unlock(&series->lock);
    return count;
}

void series_sum(struct series *series, size_t first, size_t end, struct histogram *out, uint64_t *errors)
{
    *out = (struct histogram){0};
    *errors = 0;
    (void)pthread_mutex_lock(&series->lock);
    for (size_t i = first; i < end && i < series->count; i++) {
        const struct series_window *window = &series->windows[i];
        for (uint32_t b = 0; b < window->n_buckets; b++)
            histogram_add(out, window->buckets[b].number, window->buckets[b].count, window->max);
        *errors += window->errors;
    }
    (void)pthread_mutex_unlock(&series->lock);
}
