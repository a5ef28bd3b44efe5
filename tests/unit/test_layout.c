/* Numbers, sizes, times and paragraphs as a person reads them. */
#include "base/layout.h"
#include "cmocka_all.h"

static void is(struct text *out, const char *expected)
{
    assert_string_equal(text_string(out), expected);
    text_clear(out);
}

static void counts_have_groups_of_three(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_count(&out, 0);
    is(&out, "0");
    layout_count(&out, 999);
    is(&out, "999");
    layout_count(&out, 1000);
    is(&out, "1,000");
    layout_count(&out, 5000000);
    is(&out, "5,000,000");
    layout_count(&out, -123456);
    is(&out, "-123,456");
}

static void sizes_have_the_unit_that_fits(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_bytes(&out, 0);
    is(&out, "0 bytes");
    layout_bytes(&out, 8192);
    is(&out, "8.0 kB");
    layout_bytes(&out, 734003200);
    is(&out, "700 MB");
}

static void times_have_the_unit_that_fits(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_seconds(&out, 0.31);
    is(&out, "0.3 s");
    layout_seconds(&out, 9.97);
    is(&out, "10 s");
    layout_seconds(&out, 59.6);
    is(&out, "1 min 0 s");
    layout_seconds(&out, 7505);
    is(&out, "2 h 5 min");
}

static void paragraphs_are_broken_at_spaces(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_wrap(&out, "one two three", 0, 2, 8);
    is(&out, "one two\n  three");
    layout_wrap(&out, "größer größer", 0, 0, 13);
    is(&out, "größer größer");
    layout_wrap(&out, "an-endless-word-stays-whole yes", 0, 0, 5);
    is(&out, "an-endless-word-stays-whole\nyes");
    layout_wrap(&out, "a\nb", 4, 4, 80);
    is(&out, "a\n    b");
}

static void long_text_is_folded_and_cut(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    layout_fold(&out, "  SELECT\n\t1  ", 20);
    is(&out, "SELECT 1");
    layout_fold(&out, "SELECT größer", 10);
    is(&out, "SELECT gr…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_groups_of_three),   cmocka_unit_test(sizes_have_the_unit_that_fits),
        cmocka_unit_test(times_have_the_unit_that_fits), cmocka_unit_test(paragraphs_are_broken_at_spaces),
        cmocka_unit_test(long_text_is_folded_and_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
