/* A plan as text and as SQL looks as the golden files show. */
#include "golden.h"
#include "plan/plan.h"
#include "runbook/runbook.h"
#include "sample_plan.h"

static void rendered(const char *golden, bool color, int width)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct runbook_request request = {.plan = &sample_plan, .lock_ceiling_ms = 100};
    document_to_text(runbook_build(arena, &request), color, width, &out);
    golden_check(golden, text_string(&out));
}

static void a_plan_reads_well_on_a_wide_terminal(void **state)
{
    (void)state;
    rendered("plan-100.txt", false, 100);
}

static void a_narrow_terminal_wraps_it(void **state)
{
    (void)state;
    rendered("plan-60.txt", false, 60);
}

static void colour_adds_escapes_only(void **state)
{
    (void)state;
    rendered("plan-color.txt", true, 100);
}

static void the_sql_is_commented_step_by_step(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    plan_to_sql(&sample_plan, &out);
    golden_check("plan.sql", text_string(&out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_reads_well_on_a_wide_terminal),
        cmocka_unit_test(a_narrow_terminal_wraps_it),
        cmocka_unit_test(colour_adds_escapes_only),
        cmocka_unit_test(the_sql_is_commented_step_by_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
