/* The thread that watches the server: it begins with the walk that it shall watch, whoever of both threads is faster. */
#include "cmocka_all.h"

#include <stdatomic.h>

#include "run/executor_internal.h"
#include "run/throttling.h"

enum { TIMES = 60 };

static atomic_int without_walk;

static void close_nothing(struct session *session)
{
    (void)session;
}

static const struct session_ops no_session = {.close = close_nothing};

static bool fake_open(const struct session_settings *settings, struct session **out, struct error *err)
{
    static struct session session = {.ops = &no_session};
    (void)settings, (void)err;
    *out = &session;
    return true;
}

static bool fake_prepare(struct session *session, const struct walk *walk, struct arena *arena,
                         struct probes *out, struct error *err)
{
    (void)session, (void)arena, (void)err;
    if (!walk)
        (void)atomic_fetch_add(&without_walk, 1);
    *out = (struct probes){0};
    return true;
}

static bool fake_signals(struct session *session, const char *query, struct server_signals *out,
                         struct error *err)
{
    (void)session, (void)query, (void)err;
    *out = (struct server_signals){.query = {.readable = true}};
    return true;
}

static bool fake_store(struct session *session, int64_t id, double duty, const char *reason,
                       const char *signals, struct error *err)
{
    (void)session, (void)id, (void)duty, (void)reason, (void)signals, (void)err;
    return true;
}

static bool fake_end(struct session *session, int64_t id, struct error *err)
{
    (void)session, (void)id, (void)err;
    return true;
}

static void test_the_thread_never_looks_without_a_walk(void **state)
{
    static const struct engine engine = {.open = fake_open,
                                         .probe_prepare = fake_prepare,
                                         .read_signals = fake_signals,
                                         .throttle_store = fake_store,
                                         .throttle_end = fake_end};
    static const struct plan plan = {.search_path = "public"};
    const struct run_settings settings = {.engine = &engine, .throttle_query = "SELECT 0"};
    const struct walk walk = {.table = "public.t"};
    (void)state;
    for (int i = 0; i < TIMES; i++) {
        struct executor executor = {.settings = &settings, .engine = &engine, .plan = &plan};
        struct error err;
        assert_true(throttling_watch(&executor, &walk, 100, &err));
        throttling_end(&executor);
    }
    assert_int_equal(atomic_load(&without_walk), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_thread_never_looks_without_a_walk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
