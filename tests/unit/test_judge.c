/* The breaker's judgement, by numbers alone. */
#include "cmocka_all.h"

#include "gateway/judge.h"

/* n answers that took about so long. */
static void answer(struct metrics_of_version *of, double us, uint64_t n)
{
    of->counts[metrics_behind(us) - 1] += n;
    of->answers += n;
}

static bool errors(uint64_t faults, uint64_t answers, unsigned in_a_row, double current, bool probing)
{
    char reason[JUDGE_REASON];
    const struct judge_errors seen = {faults, answers, in_a_row, current, 0.005, probing};
    return judge_errors(&seen, reason);
}

static void few_errors_count_where_chance_does_not_explain_them(void **state)
{
    (void)state;
    assert_false(errors(2, 2, 2, 0, false));
    assert_true(errors(3, 3, 3, 0, false));
    assert_false(errors(3, 100, 1, 0, false));
    assert_true(errors(4, 2000, 4, 0, false)); /* in a row */
    assert_true(errors(5, 500, 1, 0, false));
    assert_false(errors(5, 2000, 1, 0, false));
}

static void the_current_versions_errors_are_no_reason(void **state)
{
    (void)state;
    assert_false(errors(3, 3, 3, 0.3, false));
    assert_false(errors(30, 100, 3, 0.3, false));
    assert_true(errors(90, 100, 20, 0.3, false));
}

static void a_version_that_is_tried_again_is_left_at_one_error(void **state)
{
    (void)state;
    assert_true(errors(1, 1, 1, 0, true));
    assert_false(errors(1, 1, 1, 0.3, true));
    assert_false(errors(1, 500, 1, 0, true));
}

/* The current version as it is on a quiet day: a thousand answers a second at about 1 ms, one in a hundred at 10 ms. */
static struct judge_times usual(void)
{
    struct judge_times of = {.p95_us = 1000};
    answer(&of.brief, 1000, 990);
    answer(&of.brief, 10000, 10);
    answer(&of.lengthy, 1000, 9900);
    answer(&of.lengthy, 10000, 100);
    answer(&of.life, 1000, 99000);
    answer(&of.life, 10000, 1000);
    return of;
}

static bool times(const struct judge_times *new, const struct judge_times *current)
{
    char reason[JUDGE_REASON];
    return judge_times(new, current, 0.1, reason);
}

static void what_is_in_flight_counts_by_how_long_it_has_waited(void **state)
{
    const struct judge_times current = usual();
    struct judge_times new = {0};
    (void)state;
    answer(&new.waiting, 100000, 1);
    assert_false(times(&new, &current)); /* one may be anything */
    answer(&new.waiting, 100000, 1);
    assert_true(times(&new, &current));
}

static void a_server_that_stalls_stalls_both_versions(void **state)
{
    struct judge_times current = usual();
    struct judge_times new = {.quiet_us = 500000};
    (void)state;
    answer(&new.waiting, 450000, 4);
    current.brief = (struct metrics_of_version){0};
    answer(&current.waiting, 450000, 4);
    assert_false(times(&new, &current));
}

static void one_that_hangs_alone_is_enough(void **state)
{
    const struct judge_times current = usual();
    struct judge_times new = {.quiet_us = 500000};
    (void)state;
    answer(&new.waiting, 450000, 1);
    assert_true(times(&new, &current));
    answer(&new.waiting, 1000, 1); /* another one has just asked */
    assert_false(times(&new, &current));
    new.quiet_us = 0;
    assert_false(times(&new, &current));
}

static void the_first_answers_of_new_backends_are_left_out(void **state)
{
    const struct judge_times current = usual();
    struct judge_times new = {0};
    (void)state;
    answer(&new.brief, 1000, 100);
    answer(&new.brief, 20000, 20);
    new.brief.fresh = 20;
    assert_false(times(&new, &current));
    new.brief.fresh = 0;
    assert_true(times(&new, &current));
}

static bool p99(const struct metrics_of_version *new, const struct metrics_of_version *current)
{
    char reason[JUDGE_REASON];
    const struct judge_times of_new = {.lengthy = *new},
                             of_current = {.lengthy = *current, .p99_us = judge_p99_at_most(current)};
    return judge_p99(&of_new, &of_current, 0.5, reason);
}

/* One in a hundred of the current version's takes 10 ms, and of the new version's 20 ms: ten of a thousand may be chance, a hundred of ten thousand are not. */
static void a_p99_is_longer_where_chance_does_not_explain_it(void **state)
{
    struct metrics_of_version current = {0}, new = {0};
    (void)state;
    answer(&current, 1000, 975);
    answer(&current, 10000, 25);
    answer(&new, 1000, 988);
    answer(&new, 20000, 12);
    assert_false(p99(&new, &current));
    answer(&new, 20000, 12); /* twenty-four of a thousand */
    assert_true(p99(&new, &current));
    answer(&new, 1000, 10000); /* one in four hundred */
    assert_false(p99(&new, &current));
    answer(&new, 20000, 150); /* one in sixty-four */
    assert_true(p99(&new, &current));
    new.fresh = 174; /* of backends that had nothing in their caches */
    assert_false(p99(&new, &current));
}

static void a_p99_of_few_answers_is_not_known(void **state)
{
    struct metrics_of_version current = {0}, new = {0};
    (void)state;
    answer(&current, 1000, 5000);
    answer(&new, 20000, 999);
    assert_false(p99(&new, &current));
    answer(&new, 20000, 1);
    assert_true(p99(&new, &current));
    current = (struct metrics_of_version){0};
    answer(&current, 1000, 999);
    assert_false(p99(&new, &current));
}

/* The same times for both, drawn anew each time: a share of the pairs of windows that would be taken for a difference. */
static void two_windows_of_the_same_are_no_difference(void **state)
{
    uint64_t seed = 20261122;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct metrics_of_version of[2] = {{0}, {0}};
        for (int i = 0; i < 2; i++)
            for (int n = 0; n < 1000; n++) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                double u = ((double)(seed >> 11) + 1) / 9007199254740993.0;
                answer(&of[i], 500 / u, 1); /* a heavy tail: twice as long half as often */
            }
        char reason[JUDGE_REASON];
        const struct judge_times new = {.lengthy = of[0]}, current = {.p99_us = judge_p99_at_most(&of[1])};
        assert_false(judge_p99(&new, &current, 0, reason));
    }
}

static void a_share_grows_when_the_step_is_well_within_the_limits(void **state)
{
    const struct metrics_of_version old = usual().lengthy;
    struct metrics_of_version new = {0};
    (void)state;
    const struct judge_limits limits = {0.005, 0.1, 0};
    answer(&new, 1000, 10);
    assert_int_equal(judge_step(&new, &old, 0, &limits).verdict, JUDGE_FEW);
    answer(&new, 1000, 90);
    assert_int_equal(judge_step(&new, &old, 0, &limits).verdict, JUDGE_WELL);
    new.faults = 1;
    assert_int_equal(judge_step(&new, &old, 0, &limits).verdict, JUDGE_WORSE);
    new.faults = 0;
    answer(&new, 5000, 20);
    assert_int_equal(judge_step(&new, &old, 0, &limits).verdict, JUDGE_WORSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_errors_count_where_chance_does_not_explain_them),
        cmocka_unit_test(the_current_versions_errors_are_no_reason),
        cmocka_unit_test(a_version_that_is_tried_again_is_left_at_one_error),
        cmocka_unit_test(what_is_in_flight_counts_by_how_long_it_has_waited),
        cmocka_unit_test(a_server_that_stalls_stalls_both_versions),
        cmocka_unit_test(one_that_hangs_alone_is_enough),
        cmocka_unit_test(the_first_answers_of_new_backends_are_left_out),
        cmocka_unit_test(a_p99_is_longer_where_chance_does_not_explain_it),
        cmocka_unit_test(a_p99_of_few_answers_is_not_known),
        cmocka_unit_test(two_windows_of_the_same_are_no_difference),
        cmocka_unit_test(a_share_grows_when_the_step_is_well_within_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
