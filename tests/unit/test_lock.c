/* Locks: one runner at a time, short waits, and who stands in the way is named. */
#include "live_server.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "postgres/array.h"
#include "postgres/lock.h"

static int begin_group(void **state)
{
    if (live_start(state) != 0)
        return -1;
    struct session *session = live_session("postgres");
    live_run(session, "CREATE TABLE public.t (id int PRIMARY KEY); CREATE TABLE public.\"Other\" (id int)");
    session_close(session);
    return 0;
}

static void a_second_runner_is_refused_and_told_who_the_first_is(void **state)
{
    (void)state;
    struct session *first = live_session("postgres"), *second = live_session("postgres");
    struct error err = {0};
    char pid[32];
    int runner;
    assert_true(pg_runner(second, &runner, &err));
    assert_int_equal(runner, 0);
    struct backend one = {0}, two = {0};
    assert_true(pg_lock_migration(first, 0, &one, &err));
    assert_int_equal(one.pid, session_backend_pid(first));
    assert_false(pg_lock_migration(second, 150, &two, &err));
    assert_int_equal(two.pid, 0);
    assert_int_equal(err.class, ERROR_REFUSED);
    (void)snprintf(pid, sizeof pid, "process %d", session_backend_pid(first));
    assert_non_null(strstr(err.detail, pid));
    assert_true(pg_runner(second, &runner, &err));
    assert_int_equal(runner, session_backend_pid(first));
    session_close(first);
    assert_true(pg_lock_migration(second, 5000, &two, &err));
    session_close(second);
}

/* The server does not know yet that its client is gone. */
static void ones_own_former_session_is_ended_and_no_other(void **state)
{
    (void)state;
    struct session *former = live_session("postgres"), *session = live_session("postgres");
    struct error err = {0};
    struct backend self = {0};
    assert_true(pg_lock_migration(former, 0, &self, &err));
    struct backend other = self;
    other.since[0] = '0'; /* a process of the same number, of another time */
    assert_false(pg_lock_migration(session, 150, &other, &err));
    assert_true(session_run(former, "SELECT 1", &err));
    assert_true(pg_lock_migration(session, 5000, &self, &err));
    assert_int_equal(self.pid, session_backend_pid(session));
    assert_false(session_run(former, "SELECT 1", &err));
    assert_int_equal(err.class, ERROR_LOST);
    session_close(former);
    session_close(session);
}

static void a_lock_request_waits_no_longer_than_told(void **state)
{
    (void)state;
    struct session *holder = live_session("postgres"), *session = live_session("postgres");
    struct error err = {0};
    live_run(holder, "BEGIN; LOCK TABLE public.t IN ROW EXCLUSIVE MODE");
    assert_true(pg_begin(session, 20, 2000, &err));
    int64_t began = clock_us();
    assert_false(session_run(session, "ALTER TABLE public.t ADD COLUMN x int", &err));
    assert_int_equal(err.class, ERROR_BUSY);
    assert_true(clock_us() - began < 500000);
    assert_true(pg_rollback(session, &err));
    session_close(holder);
    assert_string_equal(live_value(session, "SHOW lock_timeout"), "0");
    session_close(session);
}

static void only_conflicting_holders_old_enough_stand_in_the_way(void **state)
{
    (void)state;
    struct session *holder = live_session("postgres"), *session = live_session("postgres");
    const struct step_lock strong[] = {{"public.\"Other\"", "ACCESS EXCLUSIVE"},
                                       {"public.t", "SHARE ROW EXCLUSIVE"}};
    const struct step_lock weak[] = {{"public.t", "SHARE UPDATE EXCLUSIVE"},
                                     {"public.missing", "ACCESS EXCLUSIVE"}};
    struct blocker *blockers;
    struct error err = {0};
    size_t n;
    live_run(holder, "BEGIN; INSERT INTO   public.t\n VALUES (1)");
    assert_true(pg_blockers(session, strong, 2, 0, live.arena, &blockers, &n, &err));
    assert_int_equal(n, 1);
    assert_int_equal(blockers[0].pid, session_backend_pid(holder));
    assert_string_equal(blockers[0].mode, "RowExclusiveLock");
    assert_string_equal(blockers[0].relation, "t");
    assert_string_equal(blockers[0].query, "BEGIN; INSERT INTO public.t VALUES (1)");
    assert_false(blockers[0].yields);
    assert_true(pg_blockers(session, strong, 2, 60, live.arena, &blockers, &n, &err));
    assert_int_equal(n, 0);
    assert_true(pg_blockers(session, weak, 2, 0, live.arena, &blockers, &n, &err));
    assert_int_equal(n, 0);
    session_close(holder);
    session_close(session);
}

static void who_a_concurrent_build_waits_for_is_named(void **state)
{
    (void)state;
    struct session *holder = live_session("postgres"), *waiter = live_session("postgres"),
                   *session = live_session("postgres");
    struct blocker *blockers;
    struct error err = {0};
    size_t n = 0;
    live_run(holder, "BEGIN; INSERT INTO public.t VALUES (7)");
    assert_true(pg_waits_for(session, session_backend_pid(waiter), live.arena, &blockers, &n, &err));
    assert_int_equal(n, 0);
    pid_t child = fork();
    if (child == 0) {
        live_run(waiter, "CREATE INDEX CONCURRENTLY waits ON public.t (id)");
        _exit(0);
    }
    for (int64_t end = clock_us() + 20000000; n == 0 && clock_us() < end; clock_sleep_us(20000))
        assert_true(pg_waits_for(session, session_backend_pid(waiter), live.arena, &blockers, &n, &err));
    assert_int_equal(n, 1);
    assert_int_equal(blockers[0].pid, session_backend_pid(holder));
    live_run(holder, "ROLLBACK");
    assert_int_equal(waitpid(child, NULL, 0), child);
    session_close(holder);
    session_close(waiter);
    session_close(session);
}

static void the_gate_takes_the_maintenance_lock_and_restores_the_limit(void **state)
{
    (void)state;
    struct session *session = live_session("postgres");
    const struct step_lock locks[] = {{"public.t", "ACCESS EXCLUSIVE"},
                                      {"public.missing", "ACCESS EXCLUSIVE"},
                                      {"public.\"Other\"", "ACCESS SHARE"}};
    struct error err = {0};
    assert_true(pg_begin(session, 7, 2000, &err));
    assert_true(pg_gate(session, locks, 3, &err));
    assert_string_equal(live_value(session, "SHOW lock_timeout"), "7ms");
    assert_string_equal(live_value(session,
                                   "SELECT string_agg(relation::regclass || ' ' || mode, ',') FROM pg_locks "
                                   "WHERE pid = pg_backend_pid() AND mode LIKE 'ShareUpdate%'"),
                        "t ShareUpdateExclusiveLock");
    assert_true(pg_rollback(session, &err));
    session_close(session);
}

static void a_statement_alone_has_no_limits_and_leaves_them_as_they_were(void **state)
{
    (void)state;
    struct session *session = live_session("postgres");
    struct error err = {0};
    assert_true(pg_run_alone(session, "CREATE INDEX CONCURRENTLY i ON public.t (id)", &err));
    assert_false(pg_run_alone(session, "CREATE INDEX CONCURRENTLY i ON public.t (id)", &err));
    assert_string_equal(err.sqlstate, "42P07");
    assert_string_equal(live_value(session, "SHOW statement_timeout"), "0");
    session_close(session);
}

static void an_array_is_read_by_the_server_as_it_was_meant(void **state)
{
    static const char *const elements[] = {"a\"b", "back\\slash", "{x,y}", "", NULL, "NULL", " "};
    SEGUE_CLEANUP(text_free) struct text array = {0};
    struct session *session = live_session("postgres");
    SEGUE_CLEANUP(rows_cleanup) struct rows *rows = NULL;
    struct error err = {0};
    (void)state;
    const char *values[] = {pg_array(&array, elements, SEGUE_COUNT(elements))};
    assert_true(session_query(session, "SELECT unnest($1::text[])", 1, values, &rows, &err));
    assert_int_equal(rows_count(rows), SEGUE_COUNT(elements));
    for (size_t i = 0; i < SEGUE_COUNT(elements); i++) {
        if (elements[i])
            assert_string_equal(rows_get(rows, i, 0), elements[i]);
        else
            assert_null(rows_get(rows, i, 0));
    }
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_runner_is_refused_and_told_who_the_first_is),
        cmocka_unit_test(ones_own_former_session_is_ended_and_no_other),
        cmocka_unit_test(a_lock_request_waits_no_longer_than_told),
        cmocka_unit_test(only_conflicting_holders_old_enough_stand_in_the_way),
        cmocka_unit_test(who_a_concurrent_build_waits_for_is_named),
        cmocka_unit_test(the_gate_takes_the_maintenance_lock_and_restores_the_limit),
        cmocka_unit_test(a_statement_alone_has_no_limits_and_leaves_them_as_they_were),
        cmocka_unit_test(an_array_is_read_by_the_server_as_it_was_meant),
    };
    return cmocka_run_group_tests(tests, begin_group, live_stop);
}
