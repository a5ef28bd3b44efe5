/*
 * A run reaches its end whatever happens to it: killed, failed or cut off before and after each step and each chunk, the same
 * command given again brings the database to the same end. The plan is made by hand; the server is real.
 */
#include "live_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "postgres/baseline.h"
#include "postgres/capture.h"
#include "postgres/inventory.h"
#include "postgres/lock.h"
#include "postgres/state.h"
#include "postgres/verify.h"
#include "postgres/versions.h"
#include "postgres/walk.h"
#include "run/run.h"

/* A chunk of the walks of these tests: three of them make the table. */
#define TEXTS(...) \
    .acts = (const char *[]){__VA_ARGS__}, .n_acts = SEGUE_COUNT(((const char *[]){__VA_ARGS__}))
#define BACK(...) \
    .undo = (const char *[]){__VA_ARGS__}, .n_undo = SEGUE_COUNT(((const char *[]){__VA_ARGS__}))
#define CLEAN(...) \
    .clean = (const char *[]){__VA_ARGS__}, .n_clean = SEGUE_COUNT(((const char *[]){__VA_ARGS__}))
#define LOCKS(held) .locks = (struct step_lock[]){{.relation = "public.t", .mode = (held)}}, .n_locks = 1

static const char *keys[] = {"id"};
static const char *types[] = {"integer"};

static struct walk fill = {
    .table = "public.t", .keys = keys, .key_types = types, .n_keys = 1, .set = "b = upper(a)", .rows = 500};
static struct walk compare = {.table = "public.t",
                              .keys = keys,
                              .key_types = types,
                              .n_keys = 1,
                              .mismatch = "b IS DISTINCT FROM upper(a)",
                              .rows = 500};
static struct check no_null = {
    .count = "SELECT count(*) FROM public.t WHERE a IS NULL",
    .sample = "SELECT '(id)=(' || id || ')' FROM public.t WHERE a IS NULL ORDER BY id LIMIT 5",
    .message = "t.a has NULL in %s rows",
    .hint = "fill them"};

static struct step steps[] = {
    {.id = "check/010/t/null", .phase = PHASE_CHECK, .kind = STEP_CHECK, .title = "look", .check = &no_null},
    {.id = "expand/010/version",
     .phase = PHASE_EXPAND,
     .kind = STEP_TRANSACTION,
     .flags = STEP_NO_LOCKS,
     .title = "version",
     TEXTS("CREATE SCHEMA public_m1"),
     BACK("DROP SCHEMA public_m1")},
    {.id = "expand/020/t/columns",
     .phase = PHASE_EXPAND,
     .kind = STEP_TRANSACTION,
     .title = "columns",
     .duration = DURATION_INSTANT,
     TEXTS(
         "ALTER TABLE public.t ADD COLUMN b text",
         "CREATE FUNCTION segue.sync() RETURNS trigger LANGUAGE plpgsql AS "
         "'BEGIN NEW.b := upper(NEW.a); RETURN NEW; END'",
         "CREATE TRIGGER sync BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION segue.sync()",
         "CREATE VIEW public_base.t AS SELECT id, a FROM public.t"),
     BACK("DROP VIEW public_base.t", "DROP TRIGGER sync ON public.t", "DROP FUNCTION segue.sync()",
          "ALTER TABLE public.t DROP COLUMN b"),
     LOCKS("ACCESS EXCLUSIVE")},
    {.id = "backfill/010/t/rows",
     .phase = PHASE_BACKFILL,
     .kind = STEP_WALK,
     .title = "fill",
     .duration = DURATION_CHUNKS,
     .walk = &fill},
    {.id = "backfill/020/t/index",
     .phase = PHASE_BACKFILL,
     .kind = STEP_ALONE,
     .title = "index",
     .duration = DURATION_BUILD,
     TEXTS("CREATE INDEX CONCURRENTLY t_b ON public.t (b)"),
     BACK("DROP INDEX CONCURRENTLY IF EXISTS public.t_b"),
     CLEAN("DROP INDEX CONCURRENTLY IF EXISTS public.t_b"),
     .undo_alone = true,
     .probe =
         "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.t_b') AND indisvalid)",
     LOCKS("SHARE UPDATE EXCLUSIVE")},
    {.id = "verify/010/t/rows",
     .phase = PHASE_VERIFY,
     .kind = STEP_WALK,
     .title = "compare",
     .duration = DURATION_CHUNKS,
     .walk = &compare},
    {.id = "activate/010/views",
     .phase = PHASE_ACTIVATE,
     .kind = STEP_TRANSACTION,
     .flags = STEP_NO_LOCKS,
     .title = "views",
     TEXTS("CREATE VIEW public_m1.t AS SELECT id, b FROM public.t"),
     BACK("DROP VIEW public_m1.t")},
    {.id = "contract/010/t/switch",
     .phase = PHASE_CONTRACT,
     .kind = STEP_TRANSACTION,
     .flags = STEP_NO_RETURN,
     .title = "switch",
     .duration = DURATION_INSTANT,
     TEXTS("DROP VIEW public_base.t", "DROP VIEW public_m1.t", "DROP TRIGGER sync ON public.t",
           "DROP FUNCTION segue.sync()", "ALTER TABLE public.t DROP COLUMN a"),
     LOCKS("ACCESS EXCLUSIVE")},
};

static const struct plan the_plan = {.format = 1,
                                     .name = "m1",
                                     .digest = "d1",
                                     .schema = "public",
                                     .old_version = "public_base",
                                     .new_version = "public_m1",
                                     .search_path = "public",
                                     .steps = steps,
                                     .n_steps = SEGUE_COUNT(steps)};

/* An engine whose reader and planner know one migration: the file's path says its digest. */
static bool fake_read(struct arena *arena, const char *path, struct migration **out, struct error *err)
{
    (void)err;
    *out = arena_alloc(arena, sizeof **out);
    **out = (struct migration){.path = path, .name = "m1", .content = "-- m1", .digest = path};
    return true;
}

static bool fake_snapshot(struct session *session, const char *schema, struct arena *arena,
                          struct catalog **out, struct error *err)
{
    (void)session, (void)schema, (void)err;
    *out = arena_alloc(arena, sizeof **out);
    return true;
}

static bool fake_plan(struct arena *arena, const struct migration *migration, const struct catalog *catalog,
                      struct plan **out, struct error *err)
{
    (void)migration, (void)catalog, (void)err;
    *out = arena_alloc(arena, sizeof **out);
    **out = the_plan;
    return true;
}

static bool fake_check(struct session *session, const struct migration *migration,
                       const struct catalog *catalog, struct error *err)
{
    (void)session, (void)migration, (void)catalog, (void)err;
    return true;
}

static bool fake_print(struct session *session, struct arena *arena, const struct migration *migration,
                       const struct catalog *catalog, struct error *err)
{
    (void)session, (void)arena, (void)migration, (void)catalog, (void)err;
    return true;
}

static bool fake_marked(struct session *session, struct arena *arena, const struct migration *migration,
                        struct catalog *catalog, struct error *err)
{
    (void)session, (void)arena, (void)migration, (void)catalog, (void)err;
    return true;
}

static const struct engine engine = {
    .name = "test",
    .open = pg_open,
    .read_migration = fake_read,
    .snapshot = fake_snapshot,
    .print_conditions = fake_print,
    .marked_tables = fake_marked,
    .plan = fake_plan,
    .check_expressions = fake_check,
    .state_install = pg_state_install,
    .state_installed = pg_state_installed,
    .state_live = pg_state_live,
    .state_history = pg_state_history,
    .baseline_load = pg_baseline_load,
    .inventory_take = pg_inventory_take,
    .state_create = pg_state_create,
    .state_set = pg_state_set,
    .state_pause = pg_state_pause,
    .state_paused = pg_state_paused,
    .state_event = pg_state_event,
    .drop_versions = pg_drop_versions,
    .switch_version = pg_switch_version,
    .journal_load = pg_journal_load,
    .journal_write = pg_journal_write,
    .lock_migration = pg_lock_migration,
    .runner = pg_runner,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .run_alone = pg_run_alone,
    .gate = pg_gate,
    .blockers = pg_blockers,
    .waits_for = pg_waits_for,
    .capture_slots = pg_capture_slots,
    .walk_load = pg_walk_load,
    .walk_chunk = pg_walk_chunk,
    .walk_sweep = pg_walk_sweep,
    .stubborn = pg_stubborn,
    .pass_begin = pg_pass_begin,
    .pass_write = pg_pass_write,
    .verification = pg_verification,
    .sample_users = pg_sample_users,
    .version_users = pg_version_users,
};

static struct run_settings settings_for(const char *database)
{
    struct run_settings settings;
    run_settings_init(&settings, &engine, live_url(database));
    settings.strategy = STRATEGY_IN_PLACE; /* the plan is given */
    settings.pace_percent = 100;
    settings.lock_budget_seconds = 2;
    return settings;
}

static void fresh_database(const char *name)
{
    struct session *session = live_session("postgres");
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    live_run(session, arena_printf(arena, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name));
    live_run(session, arena_printf(arena, "CREATE DATABASE %s TEMPLATE filled", name));
    session_close(session);
}

static int make_template(void **state)
{
    if (live_start(state) != 0)
        return -1;
    struct session *session = live_session("postgres");
    live_run(session, "CREATE DATABASE filled");
    session_close(session);
    session = live_session("filled");
    live_run(session, "CREATE TABLE public.t (id integer PRIMARY KEY, a text); "
                      "INSERT INTO public.t SELECT i, 'row ' || i FROM generate_series(1, 500) i");
    session_close(session);
    return 0;
}

/* Everything of the application's in the database, as one text: what the crash oracle compares. */
static const char *shape_of(const char *database)
{
    struct session *session = live_session(database);
    const char *shape = live_value(
        session,
        "SELECT concat_ws(' ', "
        "(SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'public.t'::regclass "
        "AND attnum > 0 AND NOT attisdropped), "
        "(SELECT string_agg(relname || indisvalid, ',' ORDER BY relname) FROM pg_index JOIN pg_class ON "
        "pg_class.oid = indexrelid WHERE indrelid = 'public.t'::regclass), "
        "(SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname LIKE 'public%'), "
        "(SELECT string_agg(schemaname || '.' || viewname, ',' ORDER BY 1) FROM pg_views WHERE schemaname LIKE 'public%'), "
        "(SELECT count(*) FROM pg_proc WHERE proname = 'sync'), "
        "(SELECT md5(string_agg(t::text, ';' ORDER BY id)) FROM public.t), "
        "(SELECT string_agg(name || ' ' || state, ',' ORDER BY id) FROM segue.migrations), "
        "(SELECT current_version FROM segue.schemas))");
    session_close(session);
    return shape;
}

enum verb { START, COMPLETE, ROLLBACK };

static bool run_verb(enum verb verb, const char *database, struct error *err)
{
    struct run_settings settings = settings_for(database);
    settings.force = true;
    switch (verb) {
    case START: return run_start(&settings, "d1", err);
    case COMPLETE: return run_complete(&settings, err);
    case ROLLBACK: return run_rollback(&settings, err);
    }
    return false;
}

static void must(enum verb verb, const char *database, const char *what)
{
    struct error err = {0};
    if (!run_verb(verb, database, &err))
        fail_msg("%s, verb %d: %s: %s %s %s", what, verb, error_class_name(err.class), err.where, err.message,
                 err.detail);
}

/* The verb in a process of its own with a fault in it; how that ends does not matter. */
static void with_fault(enum verb verb, const char *database, const char *fault)
{
    const char *url = live_url(database);
    (void)url;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct error err = {0};
        (void)setenv("SEGUE_FAULT", fault, 1);
        _exit(run_verb(verb, database, &err) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
}

static const char *const moments[] = {"before", "after"};
static const char *const actions[] = {"kill", "error", "drop-connection"};

/* A fault before and one after each point, in turn of a kind (tests/run tries all kinds at all points); the verb with the
 * fault is given again. */
static void crash_at(const char *const *points, size_t n, enum verb faulty, enum verb last,
                     const char *expected)
{
    char fault[200];
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < SEGUE_COUNT(moments); k++) {
            (void)snprintf(fault, sizeof fault, "%s:%s:%s", points[i], moments[k],
                           actions[(i + k) % SEGUE_COUNT(actions)]);
            fresh_database("crash");
            if (faulty != START)
                must(START, "crash", fault);
            with_fault(faulty, "crash", fault);
            struct error err = {0};
            if (!run_verb(faulty, "crash", &err) && err.class != ERROR_REFUSED)
                fail_msg("%s: %s %s %s", fault, err.where, err.message, err.detail);
            if (last != faulty)
                must(last, "crash", fault);
            const char *shape = shape_of("crash");
            if (strcmp(shape, expected) != 0)
                fail_msg("%s:\n  %s\nexpected\n  %s", fault, shape, expected);
        }
    }
}

static const char *expected_end(enum verb last)
{
    fresh_database("calm");
    must(START, "calm", "calm");
    struct session *session = live_session("calm");
    assert_string_equal(
        live_value(session, "SELECT count(*) FROM public.t WHERE b IS DISTINCT FROM upper(a)"), "0");
    session_close(session);
    must(last, "calm", "calm");
    return shape_of("calm");
}

static const char *const start_points[] = {
    "check/010/t/null",     "expand/010/version",          "expand/020/t/columns",
    "backfill/010/t/rows",  "backfill/010/t/rows/chunk-1", "backfill/010/t/rows/chunk-2",
    "backfill/020/t/index", "verify/010/t/rows",           "verify/010/t/rows/chunk-1",
    "activate/010/views"};

static void a_crash_in_start_changes_nothing_of_the_end(void **state)
{
    (void)state;
    crash_at(start_points, SEGUE_COUNT(start_points), START, COMPLETE, expected_end(COMPLETE));
}

static void a_crash_in_complete_changes_nothing_of_the_end(void **state)
{
    static const char *const points[] = {"contract/010/t/switch"};
    (void)state;
    crash_at(points, SEGUE_COUNT(points), COMPLETE, COMPLETE, expected_end(COMPLETE));
}

static void a_crash_in_rollback_changes_nothing_of_the_end(void **state)
{
    static const char *const points[] = {"expand/010/version", "expand/020/t/columns", "backfill/020/t/index",
                                         "activate/010/views"};
    (void)state;
    crash_at(points, SEGUE_COUNT(points), ROLLBACK, ROLLBACK, expected_end(ROLLBACK));
}

static void a_crashed_start_can_be_rolled_back(void **state)
{
    (void)state;
    const char *expected = expected_end(ROLLBACK);
    char fault[200];
    for (size_t i = 1; i < SEGUE_COUNT(start_points); i++) {
        (void)snprintf(fault, sizeof fault, "%s:%s:kill", start_points[i], moments[i % 2]);
        fresh_database("crash");
        with_fault(START, "crash", fault);
        must(ROLLBACK, "crash", fault);
        assert_string_equal(shape_of("crash"), expected);
    }
}

static void a_check_that_finds_rows_refuses_before_anything_is_stored(void **state)
{
    (void)state;
    fresh_database("refused");
    struct session *session = live_session("refused");
    live_run(session, "UPDATE public.t SET a = NULL WHERE id IN (3, 5)");
    struct error err = {0};
    assert_false(run_verb(START, "refused", &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_string_equal(err.message, "t.a has NULL in 2 rows");
    assert_string_equal(err.detail, "for example: (id)=(3)\n(id)=(5)");
    assert_string_equal(live_value(session, "SELECT count(*) FROM segue.migrations"), "0");
    session_close(session);
}

static void a_blocked_step_gives_up_at_its_budget_and_names_who_blocks(void **state)
{
    (void)state;
    fresh_database("blocked");
    struct session *session = live_session("blocked");
    live_run(session, "BEGIN; UPDATE public.t SET a = 'held' WHERE id = 1");
    struct error err = {0};
    assert_false(run_verb(START, "blocked", &err));
    assert_int_equal(err.class, ERROR_BUSY);
    assert_non_null(strstr(err.detail, "UPDATE public.t SET a = 'held'"));
    live_run(session, "COMMIT");
    must(START, "blocked", "after the blocker has gone");
    session_close(session);
}

static void an_edited_file_and_a_second_start_are_refused(void **state)
{
    (void)state;
    fresh_database("edited");
    must(START, "edited", "first");
    must(START, "edited", "again");
    struct run_settings settings = settings_for("edited");
    struct error err = {0};
    assert_false(run_start(&settings, "d2", &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    must(COMPLETE, "edited", "complete");
    assert_false(run_start(&settings, "d1", &err));
    assert_int_equal(err.class, ERROR_REFUSED);
}

static void a_difference_between_the_shapes_is_found_and_stays_found(void **state)
{
    (void)state;
    fresh_database("differs");
    with_fault(START, "differs", "verify/010/t/rows:before:kill");
    struct session *session = live_session("differs");
    live_run(session,
             "ALTER TABLE public.t DISABLE TRIGGER sync; UPDATE public.t SET b = NULL WHERE id = 450; "
             "ALTER TABLE public.t ENABLE TRIGGER sync");
    for (int i = 0; i < 2; i++) {
        struct error err = {0};
        assert_false(run_verb(START, "differs", &err));
        assert_int_equal(err.class, ERROR_REFUSED);
        assert_non_null(strstr(err.message, "differ in 1 rows"));
        assert_non_null(strstr(err.detail, "(id) = (450)"));
    }
    live_run(session, "UPDATE public.t SET a = a WHERE id = 450");
    must(START, "differs", "after the repair");
    session_close(session);
}

static void a_pause_holds_the_walk_until_resume(void **state)
{
    (void)state;
    fresh_database("paused");
    with_fault(START, "paused", "backfill/010/t/rows/chunk-2:before:kill");
    struct run_settings settings = settings_for("paused");
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct run_status status;
    struct error err = {0};
    assert_true(run_pause(&settings, &err));
    assert_true(run_status(&settings, arena, &status, &err));
    assert_true(status.live->paused);
    assert_string_equal(status.live->state, "backfilling");
    assert_string_equal(status.step->id, "backfill/010/t/rows");
    assert_true(status.walk.rows_done >= 200);
    assert_false(run_start(&settings, "d1", &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_true(run_resume(&settings, &err));
    assert_true(run_status(&settings, arena, &status, &err));
    assert_string_equal(status.live->state, "active");
    assert_int_equal(status.steps_done, status.steps - 1);
}

static void complete_waits_for_the_last_user_of_the_old_version(void **state)
{
    (void)state;
    fresh_database("used");
    must(START, "used", "start");
    struct session *session = live_session("used");
    live_run(session, "BEGIN; SELECT * FROM public_base.t LIMIT 1");
    struct run_settings settings = settings_for("used");
    struct error err = {0};
    assert_false(run_complete(&settings, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_non_null(strstr(err.detail, "test"));
    live_run(session, "COMMIT");
    session_close(session);
    must(COMPLETE, "used", "forced");
    assert_false(run_rollback(&settings, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_in_start_changes_nothing_of_the_end),
        cmocka_unit_test(a_crash_in_complete_changes_nothing_of_the_end),
        cmocka_unit_test(a_crash_in_rollback_changes_nothing_of_the_end),
        cmocka_unit_test(a_crashed_start_can_be_rolled_back),
        cmocka_unit_test(a_check_that_finds_rows_refuses_before_anything_is_stored),
        cmocka_unit_test(a_blocked_step_gives_up_at_its_budget_and_names_who_blocks),
        cmocka_unit_test(an_edited_file_and_a_second_start_are_refused),
        cmocka_unit_test(a_difference_between_the_shapes_is_found_and_stays_found),
        cmocka_unit_test(a_pause_holds_the_walk_until_resume),
        cmocka_unit_test(complete_waits_for_the_last_user_of_the_old_version),
    };
    return cmocka_run_group_tests(tests, make_template, live_stop);
}
