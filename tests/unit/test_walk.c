/* A walk visits every row that was there when it began, once, whatever the key, and ends though rows keep coming. */
#include "live_server.h"

#include <stdio.h>
#include <string.h>

#include "postgres/lock.h"
#include "postgres/state.h"
#include "postgres/walk.h"

static int begin_group(void **state)
{
    if (live_start(state) != 0)
        return -1;
    struct session *session = live_session("postgres");
    struct error err = {0};
    if (!pg_state_install(session, "public", &err) || !pg_state_install(session, "public", &err))
        fail_msg("%s", err.message);
    live_run(
        session,
        "INSERT INTO segue.migrations (schema, name, digest, old_version, new_version, state, plan, sql) "
        "VALUES ('public', 'm', 'd', 'o', 'n', 'backfilling', '{}', '')");
    session_close(session);
    return 0;
}

struct tally {
    int chunks;
    double rows;
    double mismatches;
    struct text sample;
};

/* Walks to the end in chunks of so many rows; before each, a statement of someone else's (or NULL). */
static struct tally walk_all(struct session *session, const struct step *step, long rows,
                             struct session *other, const char *meanwhile)
{
    struct tally tally = {0};
    struct walk_progress progress;
    struct error err = {0};
    if (!pg_walk_load(session, 1, step, live.arena, &progress, &err))
        fail_msg("%s", err.message);
    while (!progress.finished) {
        long done = 0;
        if (other)
            live_run(other, meanwhile);
        if (!pg_walk_chunk(session, 1, step, rows, live.arena, &progress, &done, &tally.mismatches,
                           &tally.sample, &err))
            fail_msg("%s %s", err.message, err.detail);
        tally.rows += (double)done;
        assert_true(++tally.chunks < 1000);
    }
    return tally;
}

static void composite_keys_of_any_type_are_walked_to_the_last_row(void **state)
{
    static const char *keys[] = {"\"Who\"", "at", "n"};
    static const char *types[] = {"text", "timestamp with time zone", "numeric(10,2)"};
    struct walk walk = {
        .table = "public.\"Odd\"", .keys = keys, .key_types = types, .n_keys = 3, .set = "seen = seen + 1"};
    const struct step step = {.id = "w/odd", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(
        session,
        "CREATE TABLE public.\"Odd\" (\"Who\" text, at timestamptz, n numeric(10,2), seen int DEFAULT 0, "
        "PRIMARY KEY (\"Who\", at, n)); INSERT INTO public.\"Odd\" SELECT "
        "(ARRAY['a\"b', 'it''s', 'back\\slash', 'Ünï,{}', ''])[i % 5 + 1], now() + i * interval '1.000001 s', "
        "i / 100.0 FROM generate_series(1, 1003) i");
    struct tally tally = walk_all(session, &step, 100, NULL, NULL);
    assert_int_equal(tally.chunks, 11);
    assert_int_equal((int)tally.rows, 1003);
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.\"Odd\" WHERE seen <> 1"), "0");
    session_close(session);
}

static void a_key_is_ordered_by_its_type_not_its_text(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"integer"};
    struct walk walk = {
        .table = "public.num", .keys = keys, .key_types = types, .n_keys = 1, .set = "seen = seen + 1"};
    const struct step step = {.id = "w/num", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(session, "CREATE TABLE public.num (id int PRIMARY KEY, seen int DEFAULT 0); "
                      "INSERT INTO public.num SELECT i FROM generate_series(-600, 600) i");
    (void)walk_all(session, &step, 7, NULL, NULL);
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.num WHERE seen <> 1"), "0");
    session_close(session);
}

static void rows_that_keep_coming_do_not_keep_it_from_ending(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"bigint"};
    struct walk walk = {
        .table = "public.grows", .keys = keys, .key_types = types, .n_keys = 1, .set = "seen = seen + 1"};
    const struct step step = {.id = "w/grows", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres"), *other = live_session("postgres");
    live_run(session, "CREATE TABLE public.grows (id bigserial PRIMARY KEY, seen int DEFAULT 0); "
                      "INSERT INTO public.grows (seen) SELECT 0 FROM generate_series(1, 100)");
    struct tally tally = walk_all(session, &step, 10, other,
                                  "INSERT INTO public.grows (seen) SELECT 0 FROM generate_series(1, 50)");
    assert_true(tally.chunks <= 16);
    assert_string_equal(
        live_value(session, "SELECT count(*) FROM public.grows WHERE id <= 100 AND seen <> 1"), "0");
    session_close(session);
    session_close(other);
}

static void a_table_without_key_is_walked_by_its_pages(void **state)
{
    struct walk walk = {.table = "public.heap", .set = "seen = seen + 1", .where = "seen = 0", .rows = 5000};
    const struct step step = {.id = "w/heap", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(session, "CREATE TABLE public.heap (a text, seen int DEFAULT 0); "
                      "INSERT INTO public.heap SELECT repeat('x', 100) FROM generate_series(1, 5000)");
    struct tally tally = walk_all(session, &step, 500, NULL, NULL);
    assert_in_range(tally.chunks, 8, 14);
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.heap WHERE seen <> 1"), "0");
    session_close(session);
}

/* Rows are found by their place and named by their key. */
static void a_table_with_a_key_can_be_walked_by_its_pages(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"text"};
    struct walk walk = {.table = "public.spread",
                        .keys = keys,
                        .key_types = types,
                        .n_keys = 1,
                        .by_place = true,
                        .set = "seen = 1 / (a - 700) + 1",
                        .where = "seen IS NULL",
                        .rows = 5000,
                        .leaves_stubborn = true};
    const struct step step = {.id = "w/spread", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(session,
             "CREATE TABLE public.spread (id text PRIMARY KEY, a integer, seen integer); INSERT INTO "
             "public.spread SELECT md5(i::text), i FROM generate_series(1, 5000) i");
    struct tally tally = walk_all(session, &step, 500, NULL, NULL);
    assert_in_range(tally.chunks, 10, 40);
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.spread WHERE seen IS NULL"), "1");
    assert_string_equal(
        live_value(session,
                   "SELECT count(*) FROM segue.stubborn s JOIN public.spread r ON s.key = ARRAY[r.id] "
                   "WHERE s.step = 'w/spread' AND r.a = 700 AND s.sqlstate = '22012'"),
        "1");
    session_close(session);
}

static void less_than_a_page_can_be_a_chunk(void **state)
{
    struct walk walk = {.table = "public.dense", .set = "seen = seen + 1", .where = "seen = 0", .rows = 300};
    const struct step step = {.id = "w/dense", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(session, "CREATE TABLE public.dense (seen int DEFAULT 0); INSERT INTO public.dense SELECT FROM "
                      "generate_series(1, 300)");
    assert_in_range(walk_all(session, &step, 10, NULL, NULL).chunks, 25,
                    65); /* with those that come to lie there */
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.dense WHERE seen <> 1"), "0");
    session_close(session);
}

static void an_empty_table_is_walked_at_once(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"integer"};
    struct walk keyed = {
        .table = "public.nothing", .keys = keys, .key_types = types, .n_keys = 1, .set = "id = id"};
    struct walk paged = {.table = "public.nothing", .set = "id = id"};
    const struct step by_key = {.id = "w/empty/key", .kind = STEP_WALK, .walk = &keyed};
    const struct step by_page = {.id = "w/empty/page", .kind = STEP_WALK, .walk = &paged};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(session, "CREATE TABLE public.nothing (id int PRIMARY KEY)");
    assert_int_equal(walk_all(session, &by_key, 10, NULL, NULL).chunks, 1);
    assert_int_equal(walk_all(session, &by_page, 10, NULL, NULL).chunks, 1);
    session_close(session);
}

static void bounds_come_from_the_index_even_without_statistics(void **state)
{
    static const char *keys[] = {"a", "b"};
    static const char *types[] = {"integer", "text"};
    struct walk walk = {
        .table = "public.plain", .keys = keys, .key_types = types, .n_keys = 2, .set = "seen = 1"};
    const struct step step = {.id = "w/plain", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(
        session,
        "CREATE TABLE public.plain (a int, b text, seen int, PRIMARY KEY (a, b)) WITH (autovacuum_enabled = false); "
        "INSERT INTO public.plain SELECT i % 100, i::text FROM generate_series(1, 20000) i");
    const char *scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'plain'";
    live_run(session, "SELECT pg_stat_force_next_flush()");
    const char *before = live_value(session, scans);
    (void)walk_all(session, &step, 1000, NULL, NULL);
    live_run(session, "SELECT pg_stat_force_next_flush()");
    assert_string_equal(live_value(session, scans), before);
    session_close(session);
}

static void a_comparison_that_is_null_counts_as_a_difference(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"integer"};
    struct walk walk = {
        .table = "public.both", .keys = keys, .key_types = types, .n_keys = 1, .mismatch = "a <> b"};
    const struct step step = {.id = "w/both", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(session,
             "CREATE TABLE public.both (id int PRIMARY KEY, a int, b int); "
             "INSERT INTO public.both SELECT i, i, i FROM generate_series(1, 100) i; "
             "UPDATE public.both SET b = NULL WHERE id = 42; UPDATE public.both SET b = 0 WHERE id = 77");
    struct tally tally = walk_all(session, &step, 30, NULL, NULL);
    assert_int_equal((int)tally.mismatches, 2);
    assert_string_equal(text_string(&tally.sample), "(id) = (42)\n(id) = (77)\n");
    text_free(&tally.sample);
    /* What is stored stays before the first difference, so that a second look finds it again. */
    assert_string_equal(
        live_value(session, "SELECT last[1] || finished FROM segue.walks WHERE step = 'w/both'"), "30false");
    session_close(session);
}

static void a_held_row_makes_the_chunk_busy_and_nothing_of_it_stays(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"integer"};
    struct walk walk = {
        .table = "public.held", .keys = keys, .key_types = types, .n_keys = 1, .set = "seen = 1"};
    const struct step step = {.id = "w/held", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres"), *other = live_session("postgres");
    live_run(session, "CREATE TABLE public.held (id int PRIMARY KEY, seen int); "
                      "INSERT INTO public.held SELECT i FROM generate_series(1, 100) i");
    live_run(other, "BEGIN; UPDATE public.held SET seen = 2 WHERE id = 50");
    struct walk_progress progress;
    struct error err = {0};
    double mismatches = 0;
    long rows;
    assert_true(pg_walk_load(session, 1, &step, live.arena, &progress, &err));
    assert_false(pg_walk_chunk(session, 1, &step, 60, live.arena, &progress, &rows, &mismatches, NULL, &err));
    assert_int_equal(err.class, ERROR_BUSY);
    assert_int_equal(progress.chunks, 0);
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.held WHERE seen = 1"), "0");
    live_run(other, "COMMIT");
    (void)walk_all(session, &step, 60, NULL, NULL);
    assert_string_equal(live_value(session, "SELECT count(*) FROM public.held WHERE seen = 1"), "100");
    session_close(session);
    session_close(other);
}

static void silenced_triggers_stay_quiet_in_the_chunk_alone(void **state)
{
    static const char *keys[] = {"id"};
    static const char *types[] = {"integer"};
    struct walk walk = {.table = "public.loud",
                        .keys = keys,
                        .key_types = types,
                        .n_keys = 1,
                        .set = "v = 1",
                        .silence_triggers = true};
    const struct step step = {.id = "w/loud", .kind = STEP_WALK, .walk = &walk};
    (void)state;
    struct session *session = live_session("postgres");
    live_run(
        session,
        "CREATE TABLE public.loud (id int PRIMARY KEY, v int, touched int DEFAULT 0); "
        "CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.touched := NEW.touched + 1; RETURN NEW; END'; "
        "CREATE TRIGGER touch BEFORE UPDATE ON public.loud FOR EACH ROW EXECUTE FUNCTION public.touch(); "
        "INSERT INTO public.loud SELECT i FROM generate_series(1, 10) i");
    (void)walk_all(session, &step, 4, NULL, NULL);
    assert_string_equal(live_value(session, "SELECT sum(v) || ' ' || sum(touched) FROM public.loud"), "10 0");
    live_run(session, "UPDATE public.loud SET v = 2");
    assert_string_equal(live_value(session, "SELECT sum(touched) FROM public.loud"), "10");
    session_close(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(composite_keys_of_any_type_are_walked_to_the_last_row),
        cmocka_unit_test(a_key_is_ordered_by_its_type_not_its_text),
        cmocka_unit_test(rows_that_keep_coming_do_not_keep_it_from_ending),
        cmocka_unit_test(a_table_without_key_is_walked_by_its_pages),
        cmocka_unit_test(a_table_with_a_key_can_be_walked_by_its_pages),
        cmocka_unit_test(less_than_a_page_can_be_a_chunk),
        cmocka_unit_test(an_empty_table_is_walked_at_once),
        cmocka_unit_test(bounds_come_from_the_index_even_without_statistics),
        cmocka_unit_test(a_comparison_that_is_null_counts_as_a_difference),
        cmocka_unit_test(a_held_row_makes_the_chunk_busy_and_nothing_of_it_stays),
        cmocka_unit_test(silenced_triggers_stay_quiet_in_the_chunk_alone),
    };
    return cmocka_run_group_tests(tests, begin_group, live_stop);
}
