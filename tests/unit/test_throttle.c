/* The throttle before simulated servers: it keeps the p95, is fast where nobody is hurt, does not swing, and says why it is slow. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/text.h"
#include "move/lag.h"
#include "move/statements.h"
#include "move/throttle.h"
#include "move/window.h"

#include "simulated_server.h"

static const double TRUE_P95 = 0.001638; /* of the log-normal above, without chunks */

static void work_that_nobody_is_there_to_see_begins_at_once_and_measures_when_somebody_comes(void **state)
{
    (void)state;
    struct run *run = start(10, 21);
    throttle_init(&run->throttle, 1, 1.10, 0);
    run->server.quiet = true;
    read_server(run);
    throttle_begin(&run->throttle);
    assert_float_equal(throttle_duty(&run->throttle), 1, 1e-9);
    turns(run, 60);
    assert_float_equal(throttle_duty(&run->throttle), 1, 1e-9);
    run->server.quiet = false;
    read_server(run);
    assert_float_equal(throttle_duty(&run->throttle), 0.01, 1e-9);
    assert_true(says(run, "is measured first"));
    turns(run, 10);
    assert_false(says(run, "is measured first"));
    /* Probes that met work at full pace would have made it ten times as long. */
    assert_true(run->throttle.probes[PROBE_LOOKUP].baseline < 1.25 * TRUE_P95);
    mark(run);
    turns(run, 600);
    assert_true(p95(run) < 1.25 * TRUE_P95);
    end(run);
}

static void a_quiet_server_gets_all_within_seconds(void **state)
{
    (void)state;
    struct run *run = start(10, 1);
    run->server.quiet = true;
    turns(run, 8);
    assert_float_equal(throttle_duty(&run->throttle), 1, 1e-9);
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    throttle_reason(&run->throttle, &reason);
    assert_string_equal(text_string(&reason), "");
    /* What it did to the probes meanwhile is not forgotten when others come. */
    run->server.quiet = false;
    turn(run);
    assert_true(throttle_duty(&run->throttle) < 0.05);
    end(run);
}

/* Whatever a chunk does to a request, and however the baseline came out. */
static void the_p95_of_the_whole_run_stays_within_the_limit(void **state)
{
    (void)state;
    static const double slower[] = {1.05, 1.3, 2, 5, 30};
    for (size_t i = 0; i < SEGUE_COUNT(slower); i++) {
        double worst = 0, sum = 0;
        for (uint64_t seed = 1; seed <= 10; seed++) {
            struct run *run = start(slower[i], seed);
            turns(run, 600);
            double ratio = p95(run) / TRUE_P95;
            worst = fmax(worst, ratio);
            sum += ratio / 10;
            /* By as much as a baseline of 200 probes may be off. */
            assert_true(ratio < 1.10 * 1.10);
            end(run);
        }
        assert_true(sum < 1.10);
        if (getenv("SEGUE_SIMULATION"))
            print_message("slower %5.2f: p95 ratio %.3f, at worst %.3f\n", slower[i], sum, worst);
    }
}

static void harmless_chunks_take_most_of_the_time_beside_traffic(void **state)
{
    (void)state;
    double sum = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct run *run = start(1, seed);
        turns(run, 240);
        mark(run);
        turns(run, 240);
        sum += mean_duty(run) / 10;
        end(run);
    }
    assert_true(sum > 0.3);
}

static void it_settles_and_does_not_swing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct run *run = start(5, seed);
        turns(run, 240);
        mark(run);
        turns(run, 1200);
        if (getenv("SEGUE_SIMULATION"))
            print_message("duty %.4f, least %.4f, most %.4f, deviation of its logarithm %.2f\n",
                          mean_duty(run), run->least, run->most, deviation(run));
        assert_true(run->most < 0.20);
        assert_true(deviation(run) < 1.2);
        end(run);
    }
}

/* No window of 400 requests (8 s) has a p95 that shows a swing. */
static void no_window_shows_a_swing(void **state)
{
    (void)state;
    struct run *run = start(5, 3);
    turns(run, 240);
    int bad = 0;
    for (int i = 0; i < 100; i++) {
        mark(run);
        turns(run, 16);
        bad += p95(run) > 1.5 * TRUE_P95;
    }
    /* The 5 % that may be beyond the limit come to more than 7 % in a window of 400 by chance in 3 of 100. */
    assert_true(bad <= 10);
    end(run);
}

static void probes_beyond_the_limit_are_bounded_whatever_the_server_does(void **state)
{
    (void)state;
    struct latency latency;
    struct server server = {.random = 12345};
    latency_init(&latency, 0, 0.001);
    for (int i = 0; i < 30; i++)
        latency_probe(&latency, 0.0005, INTERVAL, 0, false);
    assert_true(latency_begin(&latency));
    double beyond = 0, n = 0;
    while (n < 20000) {
        /* The worst of servers: chunks slow whatever there is, as soon as the duty is above 1 %. */
        bool slow = latency_duty(&latency) > 0.01 ? uniform(&server) < 0.9 : false;
        latency_probe(&latency, slow ? 0.0019 : 0.0005, INTERVAL, latency_duty(&latency), slow);
        beyond += slow;
        n++;
        assert_true(beyond <= 0.05 * n + (log(0.02 / 0.001) + 0.25) / 0.25);
    }
}

static void a_stall_counts_for_the_requests_that_it_kept_waiting(void **state)
{
    (void)state;
    struct run *run = start(1, 4);
    turns(run, 240);
    double before = latency_duty(&run->throttle.probes[PROBE_LOOKUP]);
    throttle_probe(&run->throttle, PROBE_LOOKUP, 0.5, INTERVAL, true);
    assert_true(latency_duty(&run->throttle.probes[PROBE_LOOKUP]) < before / 5);
    end(run);
}

static void a_server_that_became_slower_by_itself_is_measured_anew_up_to_twice(void **state)
{
    (void)state;
    struct run *run = start(3, 5);
    run->server.busier = 1.5;
    turns(run, 20);
    assert_true(throttle_duty(&run->throttle) <= 0.002);
    assert_true(says(run, "takes"));
    turns(run, 240);
    assert_true(run->throttle.probes[PROBE_LOOKUP].renewed);
    assert_true(throttle_duty(&run->throttle) > 0.002);
    run->server.busier = 10;
    turns(run, 240);
    assert_true(throttle_duty(&run->throttle) <= 0.002);
    run->server.busier = 1;
    turns(run, 240);
    assert_true(latency_limit(&run->throttle.probes[PROBE_LOOKUP]) < 1.35 * TRUE_P95);
    end(run);
}

/* As servers do: for ten seconds slower, for ten seconds faster. */
static void what_a_server_does_by_itself_does_not_bring_the_work_to_its_least(void **state)
{
    (void)state;
    static const double slower[] = {1.5, 5};
    for (size_t i = 0; i < SEGUE_COUNT(slower); i++) {
        double sum = 0, ratio = 0;
        for (uint64_t seed = 1; seed <= 10; seed++) {
            struct run *run = start(slower[i], seed), *alone = start(1, seed);
            for (int period = 0; period < 60; period++) {
                run->server.busier = alone->server.busier = period % 2 ? 1.15 : 0.9;
                if (period == 5) {
                    mark(run);
                    mark(alone);
                }
                turns(run, 20);
                turns(alone, 20);
            }
            sum += mean_duty(run) / 10;
            ratio += p95(run) / p95(alone) / 10;
            end(run);
            end(alone);
        }
        if (getenv("SEGUE_SIMULATION"))
            print_message("slower %5.2f: duty %.4f, p95 ratio %.3f\n", slower[i], sum, ratio);
        assert_true(sum > 0.008);
        assert_true(ratio < 1.10);
    }
}

static void a_bad_signal_brakes_at_once_and_is_left_little_by_little(void **state)
{
    (void)state;
    struct run *run = start(1, 6);
    run->server.quiet = true;
    turns(run, 10);
    run->server.lock_waits = 3;
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 0.001, 1e-9);
    assert_true(says(run, "3 sessions wait for locks"));
    run->server.lock_waits = 0;
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 0.002, 1e-9);
    assert_true(says(run, "better again"));
    turns(run, 10);
    assert_float_equal(throttle_duty(&run->throttle), 1, 1e-9);
    end(run);
}

static void lag_slows_from_half_its_ceiling_and_rests_at_it(void **state)
{
    (void)state;
    struct run *run = start(1, 7);
    run->server.quiet = true;
    turns(run, 10);
    run->server.lag = 4;
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 1, 1e-9);
    run->server.lag = 7.5;
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 0.0316, 0.001);
    assert_true(says(run, "a standby is 7.5 s behind"));
    run->server.lag = 10;
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 0, 1e-9);
    run->server.lag = 1;
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 0.002, 1e-9);
    end(run);
}

static void a_signal_that_cannot_be_read_slows_and_says_so(void **state)
{
    (void)state;
    struct run *run = start(1, 8);
    struct throttle_reading readings[SIGNAL_COUNT] = {
        [SIGNAL_LAG] = {.wanted = true, .why = "permission denied for view pg_stat_replication"},
    };
    for (int i = 0; i < 20; i++)
        throttle_read(&run->throttle, readings, true);
    assert_float_equal(throttle_duty(&run->throttle), 0.01, 1e-9);
    assert_true(says(run, "replication lag cannot be read: permission denied"));
    readings[SIGNAL_QUERY] = (struct throttle_reading){.wanted = true, .why = "no such table"};
    throttle_read(&run->throttle, readings, true);
    assert_float_equal(throttle_duty(&run->throttle), 0, 1e-9);
    assert_true(says(run, "--throttle-query cannot be read: no such table"));
    end(run);
}

static void probes_that_fail_slow_and_say_so(void **state)
{
    (void)state;
    struct run *run = start(1, 9);
    run->server.quiet = true;
    turns(run, 10);
    throttle_probe_failed(&run->throttle, PROBE_WRITE, "permission denied for table probes");
    assert_float_equal(throttle_duty(&run->throttle), 0.01, 1e-9);
    assert_true(says(run, "writing a row cannot be timed: permission denied"));
    turn(run);
    assert_float_equal(throttle_duty(&run->throttle), 1, 1e-9);
    end(run);
}

static void the_query_and_the_window_rest_and_the_pace_bounds(void **state)
{
    (void)state;
    struct throttle throttle;
    struct throttle_reading readings[SIGNAL_COUNT] = {
        [SIGNAL_QUERY] = {.wanted = true, .readable = true},
        [SIGNAL_WINDOW] = {.wanted = true, .readable = true},
    };
    throttle_init(&throttle, 0.25, 0, 0);
    throttle_begin(&throttle);
    throttle_read(&throttle, readings, false);
    assert_float_equal(throttle_duty(&throttle), 0.25, 1e-9);
    readings[SIGNAL_QUERY].value = 0.5;
    throttle_read(&throttle, readings, true);
    assert_float_equal(throttle_duty(&throttle), 0, 1e-9);
    readings[SIGNAL_QUERY].value = -1;
    readings[SIGNAL_WINDOW].value = 61;
    throttle_read(&throttle, readings, true);
    assert_float_equal(throttle_duty(&throttle), 0, 1e-9);
    SEGUE_CLEANUP(text_free) struct text reason = {0};
    throttle_reason(&throttle, &reason);
    assert_string_equal(text_string(&reason), "the window opens in 1:01 hours");
}

static void lag_is_told_from_positions_alone(void **state)
{
    (void)state;
    struct lag lag;
    lag_init(&lag, 10);
    for (int i = 0; i <= 100; i++)
        lag_mark(&lag, 1000 + 10 * i, i * 0.5);
    assert_float_equal(lag_seconds(&lag, 2000, 50), 0, 1e-9);
    assert_float_equal(lag_seconds(&lag, 1900, 50), 4.5, 0.51);
    /* A standby that stopped grows older while nothing is written. */
    lag_mark(&lag, 2000, 80);
    assert_float_equal(lag_seconds(&lag, 1900, 80), 34.5, 0.51);
    for (int i = 0; i < 1000; i++)
        lag_mark(&lag, 2000 + 10 * i, 80 + i * 0.5);
    assert_true(lag_seconds(&lag, 1000, 580) > 10);
}

/* Two statements, of 1 and of 20 ms, called so often in each of n seconds, `slower` times as long. */
static void call(struct statements *statements, double *calls, double *seconds, int n, double fast,
                 double slow, double slower, double duty)
{
    for (int i = 0; i < n; i++) {
        calls[0] += fast;
        seconds[0] += fast * 0.001 * slower;
        calls[1] += slow;
        seconds[1] += slow * 0.020 * slower;
        statements_take(statements, 7, calls[0], seconds[0]);
        statements_take(statements, -8, calls[1], seconds[1]);
        statements_read(statements, duty);
    }
}

static void statements_count_by_their_own_means(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct statements statements;
    double calls[2] = {1e6, 1e6}, seconds[2] = {5e5, 5e5}, ratio;
    statements_init(&statements, arena, 1.1);
    call(&statements, calls, seconds, 5, 100, 10, 1, 0);
    statements_begin(&statements);
    assert_float_equal(statements.allowed, 1.1, 1e-9);
    assert_false(statements_ratio(&statements, &ratio)); /* nothing was called since */
    call(&statements, calls, seconds, 20, 10, 100, 1, 0.02);
    assert_true(statements_ratio(&statements, &ratio)); /* another mix is not slower */
    assert_float_equal(ratio, 1, 1e-6);
    call(&statements, calls, seconds, 20, 10, 100, 1.5, 0.02);
    assert_true(statements_ratio(&statements, &ratio));
    assert_float_equal(ratio, 1.5, 0.02);
    /* One that nobody called before has nothing to be compared with. */
    for (int i = 0; i < 5; i++) {
        statements_take(&statements, 9, 1000.0 * i, 1000.0 * i);
        call(&statements, calls, seconds, 1, 100, 10, 1, 0.02);
    }
    call(&statements, calls, seconds, 20, 100, 10, 1, 0.02);
    assert_true(statements_ratio(&statements, &ratio));
    assert_float_equal(ratio, 1, 0.02);
    /* Sums that somebody has reset begin anew. */
    calls[0] = calls[1] = seconds[0] = seconds[1] = 0;
    call(&statements, calls, seconds, 20, 100, 10, 1, 0.02);
    assert_true(statements_ratio(&statements, &ratio));
    assert_float_equal(ratio, 1, 0.02);
    call(&statements, calls, seconds, 30, 0, 0, 1, 0.02);
    assert_false(statements_ratio(&statements, &ratio));
}

static void statements_slower_by_themselves_are_allowed_up_to_twice(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct statements statements;
    double calls[2] = {0}, seconds[2] = {0};
    statements_init(&statements, arena, 1.1);
    call(&statements, calls, seconds, 5, 100, 10, 1, 0);
    statements_begin(&statements);
    call(&statements, calls, seconds, 59, 100, 10, 1.6, 0.001);
    assert_float_equal(statements.allowed, 1.1, 1e-9);
    call(&statements, calls, seconds, 59, 100, 10, 1.6, 0.02);
    assert_float_equal(statements.allowed, 1.1, 1e-9); /* the work may be what slows them */
    call(&statements, calls, seconds, 60, 100, 10, 1.6, 0.001);
    assert_float_equal(statements.allowed, 1.6, 1e-3);
    call(&statements, calls, seconds, 120, 100, 10, 9, 0.001);
    assert_float_equal(statements.allowed, 2.2, 1e-9);
}

static void uneven_statements_are_allowed_what_they_were(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct statements statements;
    double calls[2] = {0}, seconds[2] = {0};
    statements_init(&statements, arena, 1.1);
    call(&statements, calls, seconds, 4, 100, 10, 1, 0);
    call(&statements, calls, seconds, 1, 100, 10, 2, 0);
    statements_begin(&statements);
    assert_true(statements.allowed > 1.5 && statements.allowed < 1.8);
}

static void a_ceiling_of_the_operator_is_not_raised(void **state)
{
    (void)state;
    struct throttle throttle;
    struct throttle_reading readings[SIGNAL_COUNT] = {
        [SIGNAL_SESSIONS] = {.wanted = true, .readable = true, .value = 20, .ceiling = 8},
    };
    throttle_init(&throttle, 1, 0, 0);
    throttle_read(&throttle, readings, false);
    throttle_begin(&throttle);
    throttle_read(&throttle, readings, false);
    assert_true(throttle.brake > LATENCY_LEAST_DUTY); /* three times 20 */
    readings[SIGNAL_SESSIONS].given = true;
    throttle_read(&throttle, readings, false);
    assert_float_equal(throttle_duty(&throttle), LATENCY_LEAST_DUTY, 1e-9);
}

static void windows_may_be_several_and_cross_midnight(void **state)
{
    (void)state;
    struct windows windows;
    struct error err;
    assert_true(windows_parse("01:00-05:00", &windows, &err));
    assert_false(windows_open(&windows, 59));
    assert_true(windows_open(&windows, 60));
    assert_true(windows_open(&windows, 299));
    assert_false(windows_open(&windows, 300));
    assert_int_equal(windows_minutes_to_open(&windows, 59), 1);
    assert_int_equal(windows_minutes_to_open(&windows, 300), 20 * 60);
    assert_true(windows_parse("22:30-4:00, 12:00-24:00 utc", &windows, &err));
    assert_true(windows.utc);
    assert_int_equal(windows.n, 2);
    assert_true(windows_open(&windows, 0));
    assert_true(windows_open(&windows, 23 * 60));
    assert_false(windows_open(&windows, 5 * 60));
    static const char *const wrong[] = {
        "", "1-5", "01:00", "01:00-01:00", "25:00-26:00", "01:60-02:00", "01:00-05:00,", "01:00-05:00 CET",
        "x"};
    for (size_t i = 0; i < SEGUE_COUNT(wrong); i++)
        assert_false(windows_parse(wrong[i], &windows, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_server_gets_all_within_seconds),
        cmocka_unit_test(work_that_nobody_is_there_to_see_begins_at_once_and_measures_when_somebody_comes),
        cmocka_unit_test(the_p95_of_the_whole_run_stays_within_the_limit),
        cmocka_unit_test(harmless_chunks_take_most_of_the_time_beside_traffic),
        cmocka_unit_test(it_settles_and_does_not_swing),
        cmocka_unit_test(no_window_shows_a_swing),
        cmocka_unit_test(probes_beyond_the_limit_are_bounded_whatever_the_server_does),
        cmocka_unit_test(a_stall_counts_for_the_requests_that_it_kept_waiting),
        cmocka_unit_test(a_server_that_became_slower_by_itself_is_measured_anew_up_to_twice),
        cmocka_unit_test(what_a_server_does_by_itself_does_not_bring_the_work_to_its_least),
        cmocka_unit_test(a_bad_signal_brakes_at_once_and_is_left_little_by_little),
        cmocka_unit_test(lag_slows_from_half_its_ceiling_and_rests_at_it),
        cmocka_unit_test(a_signal_that_cannot_be_read_slows_and_says_so),
        cmocka_unit_test(probes_that_fail_slow_and_say_so),
        cmocka_unit_test(the_query_and_the_window_rest_and_the_pace_bounds),
        cmocka_unit_test(lag_is_told_from_positions_alone),
        cmocka_unit_test(statements_count_by_their_own_means),
        cmocka_unit_test(statements_slower_by_themselves_are_allowed_up_to_twice),
        cmocka_unit_test(uneven_statements_are_allowed_what_they_were),
        cmocka_unit_test(a_ceiling_of_the_operator_is_not_raised),
        cmocka_unit_test(windows_may_be_several_and_cross_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
