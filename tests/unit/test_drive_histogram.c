/* Latency histograms: a percentile is never too low, at most 1/32 too high, and no window loses a request. */

#include "cmocka_all.h"
#include "drive/histogram.h"
#include "drive/series.h"

static void every_value_falls_into_a_bucket_that_reaches_it(void **state)
{
    (void)state;
    int last = -1;
    for (int64_t value = 0; value < 3000000; value += value / 500 + 1) {
        int bucket = histogram_bucket(value);
        assert_true(bucket >= last);
        assert_true(bucket < HISTOGRAM_BUCKETS);
        assert_true(histogram_bucket_top(bucket) >= value);
        assert_true(bucket == 0 || histogram_bucket_top(bucket - 1) < value);
        last = bucket;
    }
}

static void values_beyond_the_range_are_kept_in_the_last_bucket(void **state)
{
    (void)state;
    assert_int_equal(histogram_bucket(INT64_MAX), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(-5), 0);
    struct histogram histogram = {0};
    histogram_record(&histogram, INT64_MAX);
    assert_true(histogram_percentile(&histogram, 0.5) == INT64_MAX);
}

static void a_percentile_is_at_most_a_thirtysecond_too_high(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    for (int64_t value = 1; value <= 100000; value++)
        histogram_record(&histogram, value);
    static const double shares[] = {0.01, 0.5, 0.95, 0.99, 0.999};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double exact = shares[i] * 100000;
        double found = (double)histogram_percentile(&histogram, shares[i]);
        assert_true(found >= exact);
        assert_true(found <= exact * (1 + 1.0 / 32));
    }
    assert_int_equal(histogram_percentile(&histogram, 1), 100000);
}

static void an_empty_histogram_has_percentile_zero(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    assert_int_equal(histogram_percentile(&histogram, 0.99), 0);
}

static void merging_is_the_same_as_recording_together(void **state)
{
    (void)state;
    struct histogram one = {0}, two = {0}, both = {0};
    for (int64_t value = 0; value < 5000; value++) {
        histogram_record(value % 3 ? &one : &two, value * 7);
        histogram_record(&both, value * 7);
    }
    histogram_merge(&one, &two);
    assert_memory_equal(&one, &both, sizeof both);
}

static void no_window_loses_a_request_and_late_ones_find_theirs(void **state)
{
    (void)state;
    struct series series;
    struct batch batch;
    series_init(&series);
    batch_init(&batch);
    for (int64_t i = 0; i < 1000; i++) {
        struct sample sample = {
            .ended_at = (i * 7919) % 1000 * 1000, .microseconds = i, .request = true, .error = i % 10 == 0};
        batch_record(&batch, &series, &sample);
    }
    batch_flush(&batch, &series);
    assert_int_equal(series_count(&series), 10);
    struct histogram histogram;
    uint64_t errors = 0;
    for (size_t window = 0; window < 10; window++) {
        series_sum(&series, window, window + 1, &histogram, &errors);
        assert_int_equal(histogram.count, 100);
    }
    series_sum(&series, 0, SIZE_MAX, &histogram, &errors);
    assert_int_equal(histogram.count, 1000);
    assert_int_equal(histogram.max, 999);
    assert_int_equal(errors, 100);
    series_free(&series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_falls_into_a_bucket_that_reaches_it),
        cmocka_unit_test(values_beyond_the_range_are_kept_in_the_last_bucket),
        cmocka_unit_test(a_percentile_is_at_most_a_thirtysecond_too_high),
        cmocka_unit_test(an_empty_histogram_has_percentile_zero),
        cmocka_unit_test(merging_is_the_same_as_recording_together),
        cmocka_unit_test(no_window_loses_a_request_and_late_ones_find_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
