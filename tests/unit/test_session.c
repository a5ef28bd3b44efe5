/* A session tells what went wrong in classes that its caller can act on, and never says a password. */
#include "live_server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "engine/trace.h"
#include "postgres/session_internal.h"

static void a_password_is_in_no_message(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "postgresql://u:se/cret@h/db",
        "postgresql://u:secret@x@h/db",
        "postgresql://u:12/secret@h/db",
        "postgresql://u:secret@h:port/db",
        "postgresql://u:secret@127.0.0.1:1/db",
        "postgresql://u:secret@/db?secret=1",
        "postgresql://u:secret%00@h/db",
        "postgresql://u@[secret",
        "postgre://u:secret@h/db",
        "host=x password=a secret",
        "host=127.0.0.1 port=1 password=secret",
        "secret@db",
    };
    for (size_t i = 0; i < SEGUE_COUNT(urls); i++) {
        const struct session_settings settings = {.url = urls[i]};
        struct session *session = NULL;
        struct error err = {0};
        assert_false(pg_open(&settings, &session, &err));
        assert_null(session);
        assert_true(err.class == ERROR_USAGE || err.class == ERROR_LOST);
        assert_null(strstr(err.message, "cret"));
        assert_null(strstr(err.detail, "cret"));
        assert_null(strstr(err.hint, "cret"));
    }
}

static void a_role_that_is_not_let_in_is_no_lost_connection(void **state)
{
    (void)state;
    const struct session_settings settings = {.url = live_url("nosuch")};
    struct session *session = NULL;
    struct error err = {0};
    assert_false(pg_open(&settings, &session, &err));
    assert_int_equal(err.class, ERROR_DATABASE);
    assert_non_null(strstr(err.message, "nosuch"));
}

static void a_server_that_is_not_there_yet_is_a_lost_connection(void **state)
{
    (void)state;
    static const char *const refusals[] = {
        "FATAL:  the database system is starting up",
        "FATAL:  the database system is shutting down",
        "FATAL:  the database system is in recovery mode",
        "FATAL:  the database system is not yet accepting connections",
        "could not connect to server: No such file or directory",
    };
    for (size_t i = 0; i < SEGUE_COUNT(refusals); i++)
        assert_int_equal(pg_refusal_class(refusals[i]), ERROR_LOST);
    assert_int_equal(pg_refusal_class("FATAL:  sorry, too many clients already"), ERROR_RESOURCE);
    assert_int_equal(pg_refusal_class("FATAL:  could not write init file"), ERROR_RESOURCE);
    assert_int_equal(pg_refusal_class("FATAL:  role \"x\" does not exist"), ERROR_DATABASE);
}

static void a_network_that_loses_everything_is_noticed(void **state)
{
    (void)state;
    struct session *session = live_session("postgres");
    PQconninfoOption *options = PQconninfo(((struct pg_session *)session)->connection);
    const char *timeout = NULL, *idle = NULL;
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (strcmp(option->keyword, "tcp_user_timeout") == 0)
            timeout = option->val;
        if (strcmp(option->keyword, "keepalives_idle") == 0)
            idle = option->val;
    }
    assert_string_equal(timeout, "60000");
    assert_string_equal(idle, "30");
    PQconninfoFree(options);
    session_close(session);
}

static void each_sqlstate_has_the_class_to_act_upon(void **state)
{
    (void)state;
    assert_int_equal(pg_error_class("55P03", "canceling statement due to lock timeout"), ERROR_BUSY);
    assert_int_equal(pg_error_class("40P01", ""), ERROR_BUSY);
    assert_int_equal(pg_error_class("40001", ""), ERROR_BUSY);
    assert_int_equal(pg_error_class("57014", "canceling statement due to statement timeout"), ERROR_BUSY);
    assert_int_equal(pg_error_class("57014", "canceling statement due to user request"), ERROR_DATABASE);
    assert_int_equal(pg_error_class("57P01", ""), ERROR_LOST);
    assert_int_equal(pg_error_class("08006", ""), ERROR_LOST);
    assert_int_equal(pg_error_class("53100", ""), ERROR_RESOURCE);
    assert_int_equal(pg_error_class("42703", ""), ERROR_DATABASE);
}

static void an_error_has_the_servers_words_and_place(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    assert_false(session_run(session, "SELECT 1; SELECT nope; SELECT 2", &err));
    assert_int_equal(err.class, ERROR_DATABASE);
    assert_string_equal(err.sqlstate, "42703");
    assert_int_equal(err.position, 18);
    assert_string_equal(err.message, "column \"nope\" does not exist");
    assert_string_equal(live_value(session, "SELECT 3"), "3");
}

static void executors_are_freed_from_the_roles_limits(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    live_run(admin, "CREATE ROLE limited SUPERUSER LOGIN; ALTER ROLE limited SET statement_timeout = '1ms'; "
                    "ALTER ROLE limited SET search_path = elsewhere");
    const struct session_settings settings = {.url = live_url("postgres"),
                                              .user = "limited",
                                              .search_path = "\"a b\", public",
                                              .cancel_with_client = true};
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    struct error err = {0};
    assert_true(pg_open(&settings, &session, &err));
    assert_string_equal(live_value(session, "SHOW statement_timeout"), "0");
    assert_string_equal(live_value(session, "SHOW client_connection_check_interval"), "1s");
    assert_string_equal(live_value(session, "SHOW search_path"), "\"a b\", public");
    assert_string_equal(live_value(session, "SELECT current_user"), "limited");
}

static void what_was_sent_before_the_line_was_cut_is_done(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *other = live_session("postgres");
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    live_run(other, "CREATE TABLE cut (a int)");
    live_run(session, "BEGIN; INSERT INTO cut VALUES (1)");
    const char *alive = arena_printf(live.arena, "SELECT count(*) FROM pg_stat_activity WHERE pid = %d",
                                     session_backend_pid(session));
    session_send_and_drop(session, "COMMIT");
    assert_false(session_run(session, "SELECT 1", &err));
    assert_int_equal(err.class, ERROR_LOST);
    while (strcmp(live_value(other, alive), "0") != 0)
        clock_sleep_us(1000);
    assert_string_equal(live_value(other, "SELECT count(*) FROM cut"), "1");
}

static void a_cut_line_undoes_an_open_transaction(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *other = live_session("postgres");
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    live_run(other, "CREATE TABLE undone (a int)");
    live_run(session, "BEGIN; INSERT INTO undone VALUES (1)");
    const char *alive = arena_printf(live.arena, "SELECT count(*) FROM pg_stat_activity WHERE pid = %d",
                                     session_backend_pid(session));
    session_drop(session);
    while (strcmp(live_value(other, alive), "0") != 0)
        clock_sleep_us(1000);
    assert_string_equal(live_value(other, "SELECT count(*) FROM undone"), "0");
}

static void a_terminated_backend_is_a_lost_connection(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *other = live_session("postgres");
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    (void)live_value(other, arena_printf(live.arena, "SELECT pg_terminate_backend(%d, 5000)",
                                         session_backend_pid(session)));
    assert_false(session_run(session, "SELECT 1", &err));
    assert_int_equal(err.class, ERROR_LOST);
}

static void a_signal_cancels_the_running_statement_once(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    interrupt_install();
    assert_int_equal(raise(SIGINT), 0);
    int64_t began = clock_us();
    assert_false(session_run(session, "SELECT pg_sleep(60)", &err));
    assert_int_equal(err.class, ERROR_INTERRUPTED);
    assert_true(clock_us() - began < 30 * 1000000LL);
    assert_true(session_run(session, "SELECT pg_sleep(0.5)", &err));
    assert_true(interrupted());
    interrupt_reset();
    assert_false(interrupted());
}

/* Goes on with a process that was stopped, after a while. */
static void *go_on(void *context)
{
    const pid_t *pid = context;
    clock_sleep_us(700000);
    (void)kill(*pid, SIGCONT);
    return NULL;
}

/* On a crowded machine the request may overtake the statement; here the backend sleeps until both are there, and sees the request first. */
static void a_cancel_that_overtakes_its_statement_is_asked_again(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    pthread_t thread;
    pid_t backend = session_backend_pid(session);
    interrupt_install();
    assert_int_equal(kill(backend, SIGSTOP), 0);
    assert_int_equal(pthread_create(&thread, NULL, go_on, &backend), 0);
    assert_int_equal(raise(SIGINT), 0);
    assert_false(session_run(session, "SELECT pg_sleep(60)", &err));
    assert_int_equal(err.class, ERROR_INTERRUPTED);
    (void)pthread_join(thread, NULL);
    interrupt_reset();
}

/* The server answers COMMIT with ROLLBACK, and with no error. */
static void a_commit_that_the_server_made_a_rollback_is_an_error(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    live_run(session, "BEGIN");
    assert_false(session_run(session, "SELECT 1 / 0", &err));
    assert_false(session_run(session, "COMMIT", &err));
    assert_int_equal(err.class, ERROR_BUSY);
    assert_string_equal(err.sqlstate, "25P02");
    live_run(session, "BEGIN");
    live_run(session, "COMMIT");
}

static void copying_is_refused(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    assert_false(session_run(session, "COPY (SELECT 1) TO STDOUT", &err));
    assert_int_equal(err.class, ERROR_REFUSED);
}

static void the_trace_has_statements_but_no_values(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *session = NULL;
    FILE *stream = tmpfile();
    struct error err = {0};
    session = session_trace(live_session("postgres"), stream);
    const char *values[] = {"private"};
    assert_true(session_query(session, "-- why\nSELECT\n    -- what\n    $1::text", 1, values, NULL, &err));
    assert_false(session_run(session, "SELECT 1/0", &err));
    char content[2048] = "";
    rewind(stream);
    (void)!fread(content, 1, sizeof content - 1, stream);
    (void)fclose(stream);
    assert_non_null(strstr(content, "\tSELECT $1::text\n"));
    assert_non_null(strstr(content, "\terror 22012\tSELECT 1/0\n"));
    assert_null(strstr(content, "private"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_in_no_message),
        cmocka_unit_test(a_role_that_is_not_let_in_is_no_lost_connection),
        cmocka_unit_test(a_server_that_is_not_there_yet_is_a_lost_connection),
        cmocka_unit_test(a_network_that_loses_everything_is_noticed),
        cmocka_unit_test(each_sqlstate_has_the_class_to_act_upon),
        cmocka_unit_test(an_error_has_the_servers_words_and_place),
        cmocka_unit_test(executors_are_freed_from_the_roles_limits),
        cmocka_unit_test(what_was_sent_before_the_line_was_cut_is_done),
        cmocka_unit_test(a_cut_line_undoes_an_open_transaction),
        cmocka_unit_test(a_terminated_backend_is_a_lost_connection),
        cmocka_unit_test(a_signal_cancels_the_running_statement_once),
        cmocka_unit_test(a_cancel_that_overtakes_its_statement_is_asked_again),
        cmocka_unit_test(a_commit_that_the_server_made_a_rollback_is_an_error),
        cmocka_unit_test(copying_is_refused),
        cmocka_unit_test(the_trace_has_statements_but_no_values),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
