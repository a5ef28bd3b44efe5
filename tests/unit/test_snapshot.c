/* What the snapshot says of a live database, asked by a role without special rights. */
#include "live_server.h"

#include <string.h>

#include "golden.h"
#include "postgres/snapshot.h"
#include "postgres/state.h"
#include "postgres/versions.h"

static int start(void **state)
{
    if (live_start(state) != 0)
        return -1;
    SEGUE_CLEANUP(text_free) struct text schema = {0};
    char path[512];
    (void)snprintf(path, sizeof path, "%s/../fixtures/catalog.sql", GOLDEN_DIR);
    golden_read(path, &schema);
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    live_run(admin, text_string(&schema));
    return 0;
}

static struct session *dev_session(void)
{
    const struct session_settings settings = {.url = live_url("postgres"), .user = "dev"};
    struct session *session = NULL;
    struct error err = {0};
    if (!pg_open(&settings, &session, &err))
        fail_msg("%s", err.message);
    return session;
}

static const struct catalog *snapshot(struct session *session)
{
    struct catalog *catalog = NULL;
    struct error err = {0};
    if (!pg_snapshot(session, "public", live.arena, &catalog, &err))
        fail_msg("%s %s", err.message, err.detail);
    return catalog;
}

static void a_role_without_special_rights_sees_everything(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *dev = dev_session();
    const struct catalog *catalog = snapshot(dev);
    assert_int_equal(catalog->n_tables, 9);
    assert_false(catalog->can_silence_triggers);
    assert_true(catalog_table(catalog, "users")->owned);
    assert_false(catalog_table(catalog, "orders")->owned);
    assert_int_equal(catalog_table(catalog, "lines")->rows, 5000);
    assert_null(catalog->current_version);
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    assert_true(snapshot(admin)->can_silence_triggers);
}

static void a_remade_column_would_not_copy_the_servers_bookkeeping(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *dev = dev_session();
    const struct catalog *catalog = snapshot(dev);
    for (size_t t = 0; t < catalog->n_tables; t++)
        for (size_t c = 0; c < catalog->tables[t].n_columns; c++) {
            const char *options = catalog->tables[t].columns[c].options;
            assert_true(!options || strcmp(options, "n_distinct=5") == 0);
        }
}

static void the_path_has_the_schema_first_and_no_versions(void **state)
{
    (void)state;
    struct error err = {0};
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    assert_true(pg_state_install(admin, "public", &err));
    live_run(admin,
             "CREATE SCHEMA extensions; SET search_path = public_base, extensions, segue, public, nosuch");
    const struct catalog *catalog = snapshot(admin);
    assert_int_equal(catalog->n_search_path, 2);
    assert_string_equal(catalog->search_path[0], "public");
    assert_string_equal(catalog->search_path[1], "extensions");
    assert_string_equal(catalog->current_version, "public_base");
}

static void a_schema_that_is_not_there_is_refused(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    struct catalog *catalog = NULL;
    struct error err = {0};
    assert_false(pg_snapshot(admin, "nosuch", live.arena, &catalog, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    live_run(admin, "SELECT 1");
}

static void a_role_is_put_on_a_version_in_the_place_of_its_schema(void **state)
{
    (void)state;
    static const char setting[] = "SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'dev'::regrole";
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    struct error err = {0};
    assert_true(pg_use_version(admin, "public", "base", "dev", NULL, &err));
    assert_string_equal(live_value(admin, setting), "{\"search_path=\\\"$user\\\", public_base, public\"}");
    live_run(admin, "ALTER ROLE dev IN DATABASE postgres SET search_path = \"My Ext\", public, x");
    assert_true(pg_use_version(admin, "public", "public_base", "dev", "postgres", &err));
    assert_true(pg_use_version(admin, "public", "public_base", "dev", "postgres", &err));
    assert_string_equal(live_value(admin, setting),
                        "{\"search_path=\\\"My Ext\\\", public_base, public, x\"}");
    assert_false(pg_use_version(admin, "public", "public", "dev", NULL, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_false(pg_use_version(admin, "public", "base", "nobody here", NULL, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
}

static void a_versions_url_works_and_has_no_password(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    SEGUE_CLEANUP(session_cleanup) struct session *application = NULL;
    SEGUE_CLEANUP(text_free) struct text url = {0};
    struct error err = {0};
    const char *given =
        arena_printf(live.arena, "%s&password=secret&options=-cwork_mem%%3D8MB", live_url("postgres"));
    assert_true(pg_version_url(admin, given, "public", "base", &url, &err));
    assert_null(strstr(text_string(&url), "secret"));
    const struct session_settings settings = {.url = text_string(&url)};
    assert_true(pg_open(&settings, &application, &err));
    assert_string_equal(live_value(application, "SHOW search_path"), "public_base,public");
    assert_string_equal(live_value(application, "SHOW work_mem"), "8MB");
}

static void who_reads_a_versions_view_is_seen(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *admin = live_session("postgres");
    SEGUE_CLEANUP(session_cleanup) struct session *application = live_session("postgres");
    struct error err = {0};
    struct version_user *users = NULL;
    size_t n = 0;
    live_run(
        admin,
        "CREATE VIEW public_base.lines AS SELECT * FROM public.lines; "
        "INSERT INTO segue.migrations (schema, name, digest, old_version, new_version, state, plan, sql) "
        "VALUES ('public', 'x', '', 'public_base', 'public_x', 'active', '{}', '')");
    live_run(application, "SET application_name = 'shop'; BEGIN; SELECT FROM public_base.lines LIMIT 1");
    assert_true(pg_sample_users(admin, 1, "public_base", &err));
    assert_true(pg_sample_users(admin, 1, "public_base", &err));
    assert_true(pg_version_users(admin, 1, "public_base", 60, live.arena, &users, &n, &err));
    assert_int_equal(n, 1);
    assert_int_equal(users[0].pid, session_backend_pid(application));
    assert_string_equal(users[0].application, "shop");
    assert_true(pg_version_users(admin, 1, "public_base", 0, live.arena, &users, &n, &err));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_without_special_rights_sees_everything),
        cmocka_unit_test(a_remade_column_would_not_copy_the_servers_bookkeeping),
        cmocka_unit_test(the_path_has_the_schema_first_and_no_versions),
        cmocka_unit_test(a_schema_that_is_not_there_is_refused),
        cmocka_unit_test(a_role_is_put_on_a_version_in_the_place_of_its_schema),
        cmocka_unit_test(a_versions_url_works_and_has_no_password),
        cmocka_unit_test(who_reads_a_versions_view_is_seen),
    };
    return cmocka_run_group_tests(tests, start, live_stop);
}
