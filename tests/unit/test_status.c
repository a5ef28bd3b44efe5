/* How a migration stands, as text and as JSON. */
#include "cli/report.h"
#include "cli/status.h"
#include "golden.h"
#include "sample_plan.h"

static struct state_migration sample_migration = {
    .id = 7,
    .name = "0007_full_name",
    .digest = "9f86d081884c7d659a2feaa0c55ad015",
    .schema = "public",
    .old_version = "public_base",
    .new_version = "public_0007_full_name",
    .state = "backfilling",
    .goal = "one name field for all locales",
    .owner = "payments",
    .started_at = "2026-11-21T08:15:02Z",
};

static struct blocker sample_blocker = {
    .pid = 4711,
    .transaction_seconds = 75,
    .user = "shop",
    .application = "billing",
    .state = "idle in transaction",
    .query = "UPDATE users SET x = 1",
    .relation = "public.users",
    .mode = "ROW EXCLUSIVE",
};

static struct version_user sample_user = {
    .version = "public_base",
    .pid = 4712,
    .user = "shop",
    .application = "web",
    .address = "10.0.0.3",
    .seen_at = "2026-11-21T08:16:00Z",
    .seconds_ago = 3.2,
};

static struct run_status backfilling(void)
{
    return (struct run_status){
        .installed = true,
        .live = &sample_migration,
        .plan = &sample_plan,
        .runner_pid = 4700,
        .steps = 7,
        .steps_done = 2,
        .step = &sample_steps[2],
        .walk = {.rows_done = 1250000, .rows_total = 5000000, .chunks = 130},
        .rows_per_s = 84000,
        .eta_seconds = 44.6,
        .throttle = {.known = true,
                     .duty = 0.0213,
                     .reason = "looking up a row takes 1.93 ms (p95); at most 1.21 ms",
                     .signals = "{\"quiet\": false}",
                     .at = "2026-11-21T08:16:01Z"},
        .blockers = &sample_blocker,
        .n_blockers = 1,
        .old_users = &sample_user,
        .n_old_users = 1,
    };
}

static void a_backfill_is_shown_with_everything(void **state)
{
    (void)state;
    struct run_status status = backfilling();
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    status_text(&status, arena, false, 100, &out);
    golden_check("status.txt", text_string(&out));
}

static void its_json_has_the_same(void **state)
{
    (void)state;
    struct run_status status = backfilling();
    json_t *json = status_json(&status);
    assert_non_null(json);
    char *string = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    golden_check("status.json", string);
    free(string);
    json_decref(json);
}

static void what_holds_it_is_shown(void **state)
{
    (void)state;
    struct run_status status = backfilling();
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    (void)snprintf(status.rest.held, sizeof status.rest.held, "segue.pause was set by on_call (incident 42)");
    status_text(&status, arena, false, 100, &out);
    assert_non_null(strstr(text_string(&out), "backfilling (paused)"));
    assert_non_null(strstr(text_string(&out), "  paused      segue.pause was set by on_call (incident 42)"));
}

static void next_is(struct run_status status, const char *expected)
{
    assert_non_null(strstr(status_next(&status), expected));
    json_t *json = status_json(&status);
    assert_non_null(json);
    json_decref(json);
}

static void the_next_command_fits_the_state(void **state)
{
    (void)state;
    next_is((struct run_status){0}, "segue init");
    next_is((struct run_status){.installed = true}, "segue start");
    struct run_status status = backfilling();
    next_is(status, "segue pause");
    (void)snprintf(status.rest.held, sizeof status.rest.held, "segue.pause was set by on_call");
    next_is(status, "UPDATE segue.pause");
    status.rest.held[0] = '\0';
    status.runner_pid = 0;
    next_is(status, "segue resume");
    struct state_migration active = sample_migration;
    active.state = "active";
    status.live = &active;
    next_is(status, "Move the applications");
    status.n_old_users = 0;
    next_is(status, "segue complete");
    active.state = "rolling-back";
    next_is(status, "segue rollback");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backfill_is_shown_with_everything),
        cmocka_unit_test(its_json_has_the_same),
        cmocka_unit_test(what_holds_it_is_shown),
        cmocka_unit_test(the_next_command_fits_the_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
