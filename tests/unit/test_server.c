/* The throwaway server: usable while it is held, and gone with whoever held it. */
#include "cmocka_all.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "server/process.h"
#include "server/server.h"

enum { PATIENCE_SECONDS = 20 };

static bool gone_soon(const char *folder)
{
    int64_t end = clock_us() + (int64_t)PATIENCE_SECONDS * 1000000;
    while (access(folder, F_OK) == 0 && clock_us() < end)
        clock_sleep_us(20000);
    return access(folder, F_OK) != 0;
}

static void it_answers_and_leaves_nothing_behind(void **state)
{
    static const char *const settings[] = {"shared_buffers = 1MB"};
    const struct server_options options = {.label = "segue-test", .settings = settings, .n_settings = 1};
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text answer = {0};
    struct server *server = NULL;
    struct error err = {0};
    (void)state;
    if (!server_start(&options, &server, &err))
        fail_msg("%s: %s", err.message, err.detail);
    const char *folder = arena_strdup(arena, server_folder(server));
    const char *argv[] = {server_client(server, arena, "psql"),
                          "--no-psqlrc",
                          "--no-align",
                          "--tuples-only",
                          "--dbname",
                          server_url(server, arena, "postgres", "postgres"),
                          "--command",
                          "SHOW shared_buffers",
                          NULL};
    assert_true(process_run(argv, &answer, &err));
    assert_string_equal(text_string(&answer), "1MB\n");
    server_stop(server);
    assert_int_not_equal(access(folder, F_OK), 0);
}

/* A child holds the server, tells its folder, and waits to be killed. */
static _Noreturn void hold(int fd)
{
    const struct server_options options = {.label = "segue-test"};
    struct server *server = NULL;
    struct error err = {0};
    if (!server_start(&options, &server, &err))
        _exit(1);
    const char *folder = server_folder(server);
    if (write(fd, folder, strlen(folder) + 1) < 0)
        _exit(1);
    for (;;)
        pause();
}

static void it_ends_with_a_killed_holder(void **state)
{
    int ends[2];
    char folder[256] = "";
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t holder = fork();
    if (holder == 0)
        hold(ends[1]);
    close(ends[1]);
    assert_true(read(ends[0], folder, sizeof folder) > 0);
    close(ends[0]);
    assert_int_equal(access(folder, F_OK), 0);
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    assert_true(gone_soon(folder));
}

static void a_folder_without_programs_is_refused(void **state)
{
    const struct server_options options = {.label = "segue-test", .pg_bin = "/nowhere"};
    struct server *server = NULL;
    struct error err = {0};
    (void)state;
    assert_false(server_start(&options, &server, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_null(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_and_leaves_nothing_behind),
        cmocka_unit_test(it_ends_with_a_killed_holder),
        cmocka_unit_test(a_folder_without_programs_is_refused),
    };
    return cmocka_run_group_tests_name("throwaway server", tests, NULL, NULL);
}
