/* The table of a migration's life leads somewhere from every state, and back until it is completed. */
#include "cmocka_all.h"

#include "run/life.h"

static void every_state_with_work_leads_on(void **state)
{
    (void)state;
    for (int i = LIFE_NONE + 1; i < LIFE_STATE_COUNT; i++) {
        const struct life_row *row = life_row((enum life_state)i);
        bool leads = row->next[LIFE_WORK_DONE] != LIFE_NONE;
        assert_int_equal(leads, row->work != WORK_NONE);
        assert_true(leads || row->final || i == LIFE_ACTIVE);
    }
}

static void every_state_that_is_not_final_can_be_rolled_back(void **state)
{
    (void)state;
    for (int i = LIFE_NONE + 1; i < LIFE_STATE_COUNT; i++) {
        const struct life_row *row = life_row((enum life_state)i);
        if (!row->final && i != LIFE_ROLLING_BACK)
            assert_int_equal(row->next[LIFE_ROLLBACK], LIFE_ROLLING_BACK);
    }
}

static void the_phases_are_run_once_each_from_start_to_completed(void **state)
{
    enum plan_phase expected = PHASE_EXPAND;
    enum life_state at = life_row(LIFE_NONE)->next[LIFE_START];
    (void)state;
    while (!life_row(at)->final) {
        const struct life_row *row = life_row(at);
        if (row->work == WORK_FORWARD) {
            assert_int_equal(row->first, expected);
            expected = (enum plan_phase)((int)row->last + 1);
        }
        at = row->next[row->work == WORK_NONE ? LIFE_COMPLETE : LIFE_WORK_DONE];
    }
    assert_int_equal(at, LIFE_COMPLETED);
    assert_int_equal(expected, PHASE_COUNT);
}

static void a_word_names_its_state_and_a_strange_one_is_told(void **state)
{
    enum life_state found;
    struct error err = {0};
    (void)state;
    assert_true(life_state("rolling-back", &found, &err));
    assert_int_equal(found, LIFE_ROLLING_BACK);
    assert_false(life_state("hovering", &found, &err));
    assert_int_equal(err.class, ERROR_BUG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_with_work_leads_on),
        cmocka_unit_test(every_state_that_is_not_final_can_be_rolled_back),
        cmocka_unit_test(the_phases_are_run_once_each_from_start_to_completed),
        cmocka_unit_test(a_word_names_its_state_and_a_strange_one_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
