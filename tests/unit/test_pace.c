/* The pace: chunks come to take the time they should. Progress: a rate and an end. */
#include "cmocka_all.h"

#include "move/pace.h"
#include "move/progress.h"

/* A table in which each row takes this long, after so many chunks. */
static long settle(struct pace *pace, double seconds_a_row, int chunks)
{
    for (int i = 0; i < chunks; i++)
        pace_done(pace, pace->rows, (double)pace->rows * seconds_a_row);
    return pace->rows;
}

static void chunks_settle_at_the_time_they_should_take(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, 0.020);
    assert_in_range(settle(&pace, 0.00001, 20), 1700, 2300);
    assert_in_range(settle(&pace, 0.0001, 20), 170, 230);
    assert_in_range(settle(&pace, 0.5, 30), 1, 2);
    assert_in_range(settle(&pace, 0.00001, 40), 1700, 2300);
}

static void a_new_aim_counts_for_the_next_chunk(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, 0.005);
    assert_in_range(settle(&pace, 0.00001, 20), 430, 570);
    pace_aim(&pace, 0.050);
    assert_in_range(pace.rows, 4300, 5700);
    pace_aim(&pace, 0.005);
    assert_in_range(pace.rows, 430, 570);
}

static void one_odd_chunk_does_not_swing_the_size(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, 0.020);
    long before = settle(&pace, 0.00001, 30);
    pace_done(&pace, pace.rows, 5.0);
    assert_true(pace.rows >= before / 2 - 1);
    pace_done(&pace, 3, 0.000001);
    assert_true(pace.rows <= before);
}

/* As on a machine where every other chunk has to wait for a turn. */
static void waits_that_have_nothing_to_do_with_rows_do_not_shrink_chunks(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, 0.020);
    long before = settle(&pace, 0.0001, 20);
    for (int i = 0; i < 100; i++) {
        pace_done(&pace, pace.rows, 0.5);
        pace_done(&pace, pace.rows, (double)pace.rows * 0.0001);
    }
    assert_true(pace.rows >= before / 2);
}

static void a_busy_chunk_halves_the_next_down_to_one_row(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, 0.020);
    long before = pace.rows;
    pace_busy(&pace);
    assert_int_equal(pace.rows, before / 2);
    for (int i = 0; i < 20; i++)
        pace_busy(&pace);
    assert_int_equal(pace.rows, 1);
}

static void a_chunk_that_was_given_up_says_how_many_rows_the_next_one_has(void **state)
{
    struct pace pace;
    (void)state;
    pace_init(&pace, 0.005);
    assert_true(pace_most(&pace) >= 0.099 && pace_most(&pace) <= 0.101);
    assert_true(settle(&pace, 0.000005, 20) > 800);
    pace_cut(&pace, 3);
    assert_int_equal(pace.rows, 3);
    pace_cut(&pace, 100);
    assert_int_equal(pace.rows, 3);
    assert_true(settle(&pace, 0.000005, 20) > 800);
    pace_init(&pace, 0.050);
    assert_true(pace_most(&pace) >= 0.99 && pace_most(&pace) <= 1.01);
}

static void the_end_is_foretold_from_the_last_seconds(void **state)
{
    struct progress progress;
    (void)state;
    progress_init(&progress, 1000, 100000, 50);
    assert_true(progress_eta(&progress) < 0);
    for (int i = 1; i <= 40; i++)
        progress_update(&progress, 1000 + i * 1000, 100000, 50 + i * 0.1);
    assert_float_equal(progress.rate, 10000, 100);
    assert_float_equal(progress_eta(&progress), 5.9, 0.1);
    assert_float_equal(progress_fraction(&progress), 0.41, 0.001);
    for (int i = 1; i <= 100; i++)
        progress_update(&progress, 41000 + i * 100, 100000, 54 + i * 0.1);
    assert_float_equal(progress.rate, 1000, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_settle_at_the_time_they_should_take),
        cmocka_unit_test(a_new_aim_counts_for_the_next_chunk),
        cmocka_unit_test(one_odd_chunk_does_not_swing_the_size),
        cmocka_unit_test(waits_that_have_nothing_to_do_with_rows_do_not_shrink_chunks),
        cmocka_unit_test(a_busy_chunk_halves_the_next_down_to_one_row),
        cmocka_unit_test(a_chunk_that_was_given_up_says_how_many_rows_the_next_one_has),
        cmocka_unit_test(the_end_is_foretold_from_the_last_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
