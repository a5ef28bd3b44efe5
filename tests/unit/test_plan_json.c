/* A plan written as JSON and read back is the same plan; what is no plan is refused. */
#include "golden.h"
#include "plan/plan.h"
#include "sample_plan.h"

static void a_plan_is_written_with_every_field(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text json = {0};
    plan_to_json(&sample_plan, &json);
    golden_check("plan.json", text_string(&json));
}

static void a_plan_read_back_is_the_same_plan(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text first = {0};
    SEGUE_CLEANUP(text_free) struct text second = {0};
    plan_to_json(&sample_plan, &first);
    struct plan *plan = NULL;
    struct error err;
    assert_true(plan_from_json(arena, text_string(&first), &plan, &err));
    plan_to_json(plan, &second);
    assert_string_equal(text_string(&first), text_string(&second));
}

static void fields_land_where_they_belong(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text json = {0};
    plan_to_json(&sample_plan, &json);
    struct plan *plan = NULL;
    struct error err;
    assert_true(plan_from_json(arena, text_string(&json), &plan, &err));
    assert_int_equal(plan->server_version, 150018);
    assert_string_equal(plan->note, sample_plan.note);
    assert_int_equal(plan->n_steps, 7);
    const struct step *build = plan_step(plan, "backfill/020/users/users_full_name_idx");
    assert_non_null(build);
    assert_int_equal(build->kind, STEP_ALONE);
    assert_int_equal(build->duration, DURATION_BUILD);
    assert_true(build->undo_alone);
    assert_string_equal(build->probe, sample_steps[3].probe);
    assert_null(build->walk);
    const struct step *walk = plan_step(plan, "backfill/010/users");
    assert_true(walk->walk->silence_triggers);
    assert_string_equal(walk->walk->key_types[1], "text");
    assert_null(walk->walk->mismatch);
    assert_int_equal(plan->steps[5].flags, STEP_NO_LOCKS);
    assert_int_equal(plan->steps[6].flags, STEP_NO_RETURN);
    assert_string_equal(plan->steps[6].locks[1].mode, "SHARE ROW EXCLUSIVE");
    assert_null(plan_step(plan, "no/such/step"));
}

static void refused(const char *json, const char *message)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct plan *plan = NULL;
    struct error err;
    assert_false(plan_from_json(arena, json, &plan, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_non_null(strstr(err.message, message));
}

#define HEAD "\"name\": \"n\", \"schema\": \"s\", \"old_version\": \"o\", \"new_version\": \"v\""

static void what_is_no_plan_is_refused(void **state)
{
    (void)state;
    refused("", "not a plan");
    refused("[]", "an object was expected");
    refused("{\"format\": 1}", "\"name\" is missing");
    refused("{\"format\": 1, " HEAD ", \"steps\": {}}", "\"steps\" is not a list");
    refused("{\"format\": 1, " HEAD ", \"steps\": [{\"id\": 1}]}", "\"id\" is not a string");
    refused("{\"format\": 1, " HEAD ", \"steps\": [{\"id\": \"a\", \"phase\": \"party\"}]}",
            "\"phase\" is not a word");
    refused("{\"format\": 1, " HEAD ", \"steps\": [{\"walk\": {\"keys\": [\"a\"], \"key_types\": []}}]}",
            "do not match");
    refused("{\"format\": 1, " HEAD
            ", \"steps\": [], \"tables\": [{\"keys\": [\"a\"], \"key_types\": [\"b\", \"c\"]}]}",
            "do not match");
}

static void phases_that_go_back_are_refused(void **state)
{
    (void)state;
    refused("{\"format\": 1, " HEAD ", \"steps\": ["
            "{\"id\": \"a\", \"phase\": \"verify\", \"kind\": \"check\", \"title\": \"\"},"
            "{\"id\": \"b\", \"phase\": \"expand\", \"kind\": \"check\", \"title\": \"\"}]}",
            "after a later phase");
}

static void a_later_format_is_refused_and_an_unknown_member_is_not(void **state)
{
    (void)state;
    refused("{\"format\": 2, " HEAD ", \"steps\": []}", "format 2");
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct plan *plan = NULL;
    struct error err;
    assert_true(
        plan_from_json(arena, "{\"format\": 1, \"weather\": 3, " HEAD ", \"steps\": []}", &plan, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_written_with_every_field),
        cmocka_unit_test(a_plan_read_back_is_the_same_plan),
        cmocka_unit_test(fields_land_where_they_belong),
        cmocka_unit_test(what_is_no_plan_is_refused),
        cmocka_unit_test(phases_that_go_back_are_refused),
        cmocka_unit_test(a_later_format_is_refused_and_an_unknown_member_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
