/*
 * The traffic generator finds what it is there to find: migrations made by hand, right ones and wrong ones, run under it on
 * a real server.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "drive/drive.h"
#include "live_server.h"
#include "postgres/postgres.h"

/* A table with most of what a generator must respect: a check, an enum, uniques, foreign keys, defaults. */
static const char schema[] =
    "CREATE TYPE mood AS ENUM ('sad', 'ok');"
    "CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL UNIQUE);"
    "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email varchar(60) UNIQUE,"
    " team_id int REFERENCES teams, feeling mood DEFAULT 'ok', amount numeric(8,2) NOT NULL DEFAULT 0 CHECK (amount >= 0),"
    " rating int CHECK (rating BETWEEN 1 AND 5), status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'it''s')),"
    " data json, seen timestamptz DEFAULT now());"
    "CREATE TABLE marks (user_id bigint REFERENCES users ON DELETE CASCADE, place int, PRIMARY KEY (user_id, place));"
    "INSERT INTO users (name) SELECT 'user ' || g FROM generate_series(1, 300) g;"
    "CREATE SCHEMA public_base;";

/* users.name becomes users.label, in upper case; the old version's view keeps the old shape. */
static const char expand[] =
    "BEGIN; SET LOCAL lock_timeout = '30ms';"
    "ALTER TABLE users ADD COLUMN _segue_1_label text;"
    "CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'INSERT' THEN"
    "  IF new._segue_1_label IS NULL THEN new._segue_1_label := upper(new.name);"
    "  ELSE new.name := lower(new._segue_1_label); END IF;"
    " ELSIF old._segue_1_label IS NULL THEN new._segue_1_label := upper(new.name);"
    " ELSIF new._segue_1_label IS DISTINCT FROM old._segue_1_label THEN new.name := lower(new._segue_1_label);"
    " ELSIF new.name IS DISTINCT FROM old.name THEN new._segue_1_label := upper(new.name); END IF;"
    " RETURN new; END $$;"
    "CREATE TRIGGER zz_segue_sync BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION sync();"
    "CREATE VIEW public_base.users AS SELECT id, name, email, team_id, feeling, amount, rating, status, data, seen FROM users;"
    "COMMIT;";

/* One row after the other, each in a transaction of its own: one that holds many rows would meet the traffic's. */
static const char fill[] =
    "DO $$ DECLARE k bigint; BEGIN FOR k IN SELECT id FROM users ORDER BY id LOOP"
    " UPDATE users SET _segue_1_label = upper(name) WHERE id = k AND _segue_1_label IS NULL; COMMIT; END LOOP; END $$";

static const char activate[] =
    "ALTER TABLE users ALTER COLUMN _segue_1_label SET NOT NULL;"
    "CREATE SCHEMA public_v2;"
    "CREATE VIEW public_v2.users AS SELECT id, email, team_id, feeling, amount, rating, status, data, seen,"
    " _segue_1_label AS label FROM users;";

static const char contract[] =
    "BEGIN; SET LOCAL lock_timeout = '30ms'; DROP VIEW public_base.users, public_v2.users; DROP TRIGGER zz_segue_sync ON users; DROP FUNCTION sync();"
    "ALTER TABLE users DROP COLUMN name; ALTER TABLE users RENAME COLUMN _segue_1_label TO label; COMMIT;";

static const char back[] =
    "BEGIN; SET LOCAL lock_timeout = '30ms'; DROP VIEW public_base.users, public_v2.users; DROP TRIGGER zz_segue_sync ON users; DROP FUNCTION sync();"
    "ALTER TABLE users DROP COLUMN _segue_1_label; COMMIT;";

#define AGREE "upper(name) = upper(_segue_1_label)"

static const char plan[] =
    "{\"format\":1,\"name\":\"v2\",\"schema\":\"public\",\"old_version\":\"public_base\",\"new_version\":\"public_v2\","
    "\"tables\":[{\"schema\":\"public\",\"name\":\"users\",\"new_name\":\"users\",\"old_view\":\"public_base.users\","
    "\"new_view\":\"public_v2.users\",\"strategy\":\"in place\",\"agree\":\"" AGREE
    "\",\"keys\":[\"id\"]}],\"steps\":[]}";

struct stage {
    const char *url;
    struct session *session;
    struct drive *drive;
    struct drive_report report;
};

static struct stage stage_open(const char *database, double rate)
{
    struct error err = {0};
    struct session *postgres = live_session("postgres");
    char sql[100];
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s", database);
    live_run(postgres, sql);
    session_close(postgres);
    struct stage stage = {.url = live_url(database), .session = live_session(database)};
    live_run(stage.session, schema);
    if (!postgres_engine.state_install(stage.session, "public", &err))
        fail_msg("%s", err.message);
    struct drive_settings settings = {
        .engine = &postgres_engine,
        .url = stage.url,
        .workers = {2, 2},
        .rate = rate,
        .null_percent = 5,
        .mark_states = true,
    };
    if (!drive_start(&settings, &stage.drive, &err))
        fail_msg("%s %s", err.message, err.detail);
    return stage;
}

static void state_insert(struct stage *stage)
{
    struct error err = {0};
    const char *values[] = {plan};
    if (!session_query(
            stage->session,
            "INSERT INTO segue.migrations (schema, name, digest, old_version, new_version, state, plan, sql)"
            " VALUES ('public', 'v2', '', 'public_base', 'public_v2', 'active', $1, '')",
            1, values, NULL, &err))
        fail_msg("%s", err.message);
}

/* Statements reach the table through its views, foreign keys without them: whichever lock is asked for first may meet the
 * other order, so whoever changes both gives up soon and tries again. */
static void run_until_done(struct stage *stage, const char *sql)
{
    struct error err = {0};
    for (int i = 0; i < 200; i++) {
        if (session_run(stage->session, sql, &err))
            return;
        live_run(stage->session, "ROLLBACK");
        clock_sleep_us(5000);
    }
    fail_msg("%s: %s", sql, err.message);
}

static void start(struct stage *stage)
{
    run_until_done(stage, expand);
    live_run(stage->session, fill);
    live_run(stage->session, activate);
}

static void state_set(struct stage *stage, const char *state)
{
    char sql[100];
    (void)snprintf(sql, sizeof sql, "UPDATE segue.migrations SET state = '%s'", state);
    live_run(stage->session, sql);
}

static uint64_t requests(struct stage *stage, enum drive_version version)
{
    return drive_between(stage->drive, version, 0, 1e6).requests;
}

/* Waits until a version has sent so many requests more. */
static void wait_for(struct stage *stage, enum drive_version version, uint64_t more)
{
    uint64_t goal = requests(stage, version) + more;
    int64_t deadline = clock_us() + 20000000;
    while (requests(stage, version) < goal) {
        if (clock_us() > deadline)
            fail_msg("no traffic");
        clock_sleep_us(10000);
    }
}

/* Not every request asks for what was changed, however many there are: it is the error that is waited for. */
static void wait_for_error(struct stage *stage, enum drive_version version)
{
    int64_t deadline = clock_us() + 60000000;
    while (drive_between(stage->drive, version, 0, 1e6).errors == 0) {
        if (clock_us() > deadline)
            fail_msg("no request has failed");
        clock_sleep_us(10000);
    }
}

static void end_version(struct stage *stage, enum drive_version version)
{
    drive_end_version(stage->drive, version);
    while (drive_is_running(stage->drive, version))
        clock_sleep_us(5000);
}

static void stage_close(struct stage *stage)
{
    SEGUE_CLEANUP(text_free) struct text text = {0}, json = {0};
    drive_finish(stage->drive, live.arena, &stage->report);
    drive_report_text(&stage->report, &text);
    drive_report_json(&stage->report, true, &json);
    print_message("%s", text_string(&text));
    assert_int_equal(json.data[0], '{');
    session_close(stage->session);
}

static const struct drive_finding *finding(const struct stage *stage, enum drive_finding_kind kind)
{
    for (size_t i = 0; i < stage->report.n_findings; i++)
        if (stage->report.findings[i].kind == kind)
            return &stage->report.findings[i];
    return NULL;
}

static void a_right_migration_and_its_completion_are_clean(void **state)
{
    (void)state;
    struct stage stage = stage_open("forward", 0);
    wait_for(&stage, DRIVE_OLD, 300);
    start(&stage);
    wait_for(&stage, DRIVE_OLD, 100);
    state_insert(&stage);
    wait_for(&stage, DRIVE_NEW, 400);
    end_version(&stage, DRIVE_OLD);
    state_set(&stage, "completing");
    run_until_done(&stage, contract);
    state_set(&stage, "completed");
    wait_for(&stage, DRIVE_NEW, 300);
    stage_close(&stage);
    assert_true(drive_report_clean(&stage.report));
    assert_true(stage.report.own_checks > 100);
    assert_true(stage.report.agree_checks > 20);
    assert_true(stage.report.swept_rows > 300);
    assert_true(stage.report.counted_rows > 20);
    assert_int_equal(stage.report.n_notes, 0);
    assert_true(stage.report.n_marks >= 1);
}

static void a_rollback_ends_the_new_version_and_the_old_one_goes_on(void **state)
{
    (void)state;
    struct stage stage = stage_open("back", 0);
    start(&stage);
    state_insert(&stage);
    wait_for(&stage, DRIVE_NEW, 300);
    state_set(&stage, "rolling-back");
    run_until_done(&stage, back);
    state_set(&stage, "rolled-back");
    while (drive_is_running(stage.drive, DRIVE_NEW))
        clock_sleep_us(5000);
    wait_for(&stage, DRIVE_OLD, 200);
    stage_close(&stage);
    assert_true(drive_report_clean(&stage.report));
    assert_true(stage.report.ended[DRIVE_NEW] > 0);
    assert_true(stage.report.counted_rows > 20);
}

static void shapes_that_do_not_agree_are_a_mismatch(void **state)
{
    (void)state;
    struct stage stage = stage_open("disagree", 0);
    start(&stage);
    live_run(stage.session,
             "CREATE OR REPLACE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
             " IF new._segue_1_label IS NULL THEN new._segue_1_label := upper(new.name); END IF;"
             " IF new.name IS NULL THEN new.name := new._segue_1_label; END IF; RETURN new; END $$");
    state_insert(&stage);
    wait_for(&stage, DRIVE_NEW, 300);
    stage_close(&stage);
    assert_true(stage.report.mismatches > 0);
    assert_non_null(finding(&stage, DRIVE_MISMATCH));
    assert_int_equal(stage.report.total[DRIVE_OLD].errors, 0);
    assert_int_equal(stage.report.lost_rows, 0);
}

/* The old version's unrelated update takes the new version's value back: the shapes agree in every snapshot all the same. */
static void a_conversion_that_runs_on_every_update_is_a_mismatch(void **state)
{
    (void)state;
    struct stage stage = stage_open("every_update", 0);
    start(&stage);
    live_run(
        stage.session,
        "CREATE OR REPLACE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'INSERT' THEN IF new.name IS NULL THEN new.name := lower(new._segue_1_label);"
        " ELSE new._segue_1_label := upper(new.name); END IF;"
        " ELSIF new._segue_1_label IS DISTINCT FROM old._segue_1_label THEN new.name := lower(new._segue_1_label);"
        " ELSE new._segue_1_label := upper(new.name); END IF; RETURN new; END $$");
    state_insert(&stage);
    wait_for(&stage, DRIVE_NEW, 1000);
    stage_close(&stage);
    assert_int_equal(stage.report.total[DRIVE_OLD].errors + stage.report.total[DRIVE_NEW].errors, 0);
    assert_int_equal(finding(&stage, DRIVE_MISMATCH)->version, DRIVE_NEW);
    assert_non_null(strstr(finding(&stage, DRIVE_MISMATCH)->message, "label was written as"));
}

static void one_row_nobody_wrote_to_is_found_by_the_sweep(void **state)
{
    (void)state;
    struct stage stage = stage_open("sweep", 0);
    start(&stage);
    live_run(
        stage.session,
        "SET session_replication_role = replica; UPDATE users SET _segue_1_label = 'wrong' WHERE id = 299;"
        "SET session_replication_role = origin");
    state_insert(&stage);
    wait_for(&stage, DRIVE_NEW, 50);
    stage_close(&stage);
    assert_true(stage.report.mismatches > 0);
}

static void a_write_that_something_takes_back_is_a_mismatch(void **state)
{
    (void)state;
    struct stage stage = stage_open("taken_back", 0);
    live_run(stage.session,
             "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
             " IF random() < 0.2 THEN new.amount := old.amount; END IF; RETURN new; END $$;"
             "CREATE TRIGGER forget BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION forget()");
    wait_for(&stage, DRIVE_OLD, 1500);
    stage_close(&stage);
    assert_true(stage.report.mismatches > 0);
    assert_non_null(strstr(finding(&stage, DRIVE_MISMATCH)->message, "amount was written as"));
}

static void a_row_that_vanished_is_lost(void **state)
{
    (void)state;
    struct stage stage = stage_open("lost", 0);
    wait_for(&stage, DRIVE_OLD, 600);
    live_run(stage.session,
             "DELETE FROM users WHERE id IN (SELECT id FROM users WHERE id > 300 ORDER BY random() LIMIT 5)");
    wait_for(&stage, DRIVE_OLD, 50);
    stage_close(&stage);
    assert_true(stage.report.lost_rows > 0);
    assert_false(drive_report_clean(&stage.report));
}

static void a_plain_alter_table_fails_prepared_statements(void **state)
{
    (void)state;
    struct stage stage = stage_open("plain", 0);
    wait_for(&stage, DRIVE_OLD, 300);
    assert_int_equal(drive_between(stage.drive, DRIVE_OLD, 0, 1e6).errors, 0);
    live_run(stage.session, "ALTER TABLE users ADD COLUMN more text");
    wait_for_error(&stage, DRIVE_OLD);
    stage_close(&stage);
    const struct drive_finding *error = finding(&stage, DRIVE_ERROR);
    assert_string_equal(error->sqlstate, "0A000");
    assert_string_equal(error->message, "cached plan must not change result type");
}

static void a_stall_shows_in_full_at_a_given_rate(void **state)
{
    (void)state;
    struct stage stage = stage_open("stall", 100);
    struct drive_window windows[200];
    wait_for(&stage, DRIVE_OLD, 30);
    live_run(stage.session, "BEGIN; LOCK TABLE users; SELECT pg_sleep(0.6); COMMIT");
    wait_for(&stage, DRIVE_OLD, 30);
    size_t n = drive_windows(stage.drive, DRIVE_OLD, 0, windows, 200);
    assert_true(n > 5);
    stage_close(&stage);
    assert_true(drive_report_clean(&stage.report));
    assert_true(stage.report.total[DRIVE_OLD].longest >= 500);
    /* Every request that should have begun meanwhile waited, not only the one that hit the lock. */
    assert_true(stage.report.total[DRIVE_OLD].p95 >= 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_migration_and_its_completion_are_clean),
        cmocka_unit_test(a_rollback_ends_the_new_version_and_the_old_one_goes_on),
        cmocka_unit_test(shapes_that_do_not_agree_are_a_mismatch),
        cmocka_unit_test(a_conversion_that_runs_on_every_update_is_a_mismatch),
        cmocka_unit_test(one_row_nobody_wrote_to_is_found_by_the_sweep),
        cmocka_unit_test(a_write_that_something_takes_back_is_a_mismatch),
        cmocka_unit_test(a_row_that_vanished_is_lost),
        cmocka_unit_test(a_plain_alter_table_fails_prepared_statements),
        cmocka_unit_test(a_stall_shows_in_full_at_a_given_rate),
    };
    return cmocka_run_group_tests_name("drive", tests, live_start, live_stop);
}
