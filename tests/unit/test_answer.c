/* Whether two answers say the same: order, ties, cuts, tolerance, columns. */
#include <string.h>

#include "cmocka_all.h"

#include "compare/answer.h"

enum { COLUMNS = 2 };

/* Rows of two columns, a and b; b is inexact where asked. */
static struct answer answer(struct arena *arena, bool inexact, const char *const *cells, size_t n)
{
    static const char *const names[COLUMNS] = {"a", "b"};
    struct answer made = {.n_columns = COLUMNS, .n_rows = n / COLUMNS};
    made.names = arena_strdups(arena, names, COLUMNS);
    made.inexact = arena_alloc(arena, COLUMNS);
    made.inexact[1] = inexact;
    made.cells = arena_alloc(arena, n * sizeof *made.cells);
    memcpy(made.cells, cells, n * sizeof *made.cells);
    return made;
}

struct asked_for {
    struct answer_order order;
    bool inexact;
    const char *ignored;
};

static struct answer_difference compare(struct arena *arena, const struct asked_for *how,
                                        const char *const *current, size_t n, const char *const *new,
                                        size_t n_new)
{
    struct answer a = answer(arena, how->inexact, current, n), b = answer(arena, how->inexact, new, n_new);
    const struct answer_rules rules = {.order = &how->order,
                                       .ignored = &how->ignored,
                                       .n_ignored = how->ignored ? 1 : 0,
                                       .tolerance = 1e-9,
                                       .values = true};
    struct answer_difference difference;
    answer_compare(&a, &b, &rules, arena, &difference);
    return difference;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__}), SEGUE_COUNT(((const char *const[]){__VA_ARGS__}))

static struct answer_key by_a = {.name = "a"}, by_second = {.place = 2};

/* Without ORDER BY rows may come in any order; one that comes twice is not one that comes once. */
static void rows_without_order_may_come_in_any(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct asked_for how = {0};
    (void)state;
    struct answer_difference same =
        compare(arena, &how, LIST("1", "x", "2", "y", "2", NULL), LIST("2", NULL, "1", "x", "2", "y"));
    assert_int_equal(same.kind, ANSWER_SAME);
    struct answer_difference twice =
        compare(arena, &how, LIST("1", "x", "1", "x", "2", "y"), LIST("1", "x", "2", "y", "2", "y"));
    assert_int_equal(twice.kind, ANSWER_ROWS);
    assert_int_equal(twice.row, 2);
    struct answer_difference count = compare(arena, &how, LIST("1", "x", "2", "y"), LIST("2", "y"));
    assert_int_equal(count.kind, ANSWER_COUNT);
    assert_int_equal(count.row, 1);
    assert_null(count.columns);
}

/* The first row that differs is told with its columns, and with values where they are asked for. */
static void the_first_row_that_differs_is_told_with_its_columns(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct asked_for how = {.order = {.keys = &by_a, .n_keys = 1}};
    (void)state;
    struct answer_difference one =
        compare(arena, &how, LIST("1", "x", "2", "y", "3", "z"), LIST("1", "x", "2", "Y", "3", "Z"));
    assert_int_equal(one.kind, ANSWER_ROWS);
    assert_int_equal(one.row, 2);
    assert_string_equal(one.columns, "b");
    assert_string_equal(one.values, "b: Y instead of y");
    assert_false(one.any_rows);
}

/* Rows of equal keys may come in any order, others may not. */
static void rows_of_equal_keys_may_come_in_any_order_others_may_not(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct asked_for how = {.order = {.keys = &by_a, .n_keys = 1}},
                           place = {.order = {.keys = &by_second, .n_keys = 1}},
                           hidden = {.order = {.keys = &by_a, .n_keys = 1, .hidden = true}};
    (void)state;
    assert_int_equal(
        compare(arena, &how, LIST("1", "x", "1", "y", "2", "z"), LIST("1", "y", "1", "x", "2", "z")).kind,
        ANSWER_SAME);
    struct answer_difference other =
        compare(arena, &how, LIST("1", "x", "2", "y", "3", "z"), LIST("1", "x", "3", "z", "2", "y"));
    assert_int_equal(other.kind, ANSWER_ORDER);
    assert_int_equal(other.row, 2);
    assert_int_equal(compare(arena, &place, LIST("1", "x", "2", "y"), LIST("2", "y", "1", "x")).kind,
                     ANSWER_ORDER);
    assert_int_equal(compare(arena, &hidden, LIST("1", "x", "2", "y"), LIST("2", "y", "1", "x")).kind,
                     ANSWER_SAME);
}

/* Where LIMIT cuts, other rows of the last key are as right; a row of an earlier key is not. */
static void where_limit_cuts_other_rows_of_the_last_key_are_as_right(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct asked_for how = {.order = {.keys = &by_a, .n_keys = 1, .limited = true}},
                           unsorted = {.order = {.limited = true}};
    (void)state;
    struct answer_difference last =
        compare(arena, &how, LIST("1", "x", "2", "y", "3", "z"), LIST("1", "x", "2", "y", "3", "other"));
    assert_true(last.kind == ANSWER_ROWS && last.any_rows);
    struct answer_difference middle =
        compare(arena, &how, LIST("1", "x", "2", "y", "3", "z"), LIST("1", "x", "2", "other", "3", "z"));
    assert_true(middle.kind == ANSWER_ROWS && !middle.any_rows);
    struct answer_difference any = compare(arena, &unsorted, LIST("1", "x"), LIST("2", "y"));
    assert_true(any.kind == ANSWER_ROWS && any.any_rows);
}

/* Numbers that are inexact may differ in their last digits, whatever rows stand between them; exact ones may not. */
static void inexact_numbers_may_differ_in_their_last_digits(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct asked_for inexact = {.inexact = true}, exact = {0};
    (void)state;
    assert_int_equal(
        compare(arena, &inexact, LIST("1", "0.30000000000000004", "1", "0.5"), LIST("1", "0.5", "1", "0.3"))
            .kind,
        ANSWER_SAME);
    assert_int_equal(compare(arena, &inexact, LIST("1", "0.3"), LIST("1", "0.31")).kind, ANSWER_ROWS);
    assert_int_equal(compare(arena, &inexact, LIST("1", "NaN"), LIST("1", "NaN")).kind, ANSWER_SAME);
    assert_int_equal(compare(arena, &exact, LIST("1", "0.30000000000000004"), LIST("1", "0.3")).kind,
                     ANSWER_ROWS);
}

/* Columns may be left out by name, and are found by name. */
static void columns_are_found_by_name_and_may_be_left_out(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct asked_for how = {.ignored = "b"};
    (void)state;
    assert_int_equal(compare(arena, &how, LIST("1", "x"), LIST("1", "y")).kind, ANSWER_SAME);
    static const struct answer_order any = {0};
    const struct answer_rules rules = {.order = &any};
    struct answer a = answer(arena, false, LIST("1", "x")), b = answer(arena, false, LIST("x", "1"));
    struct answer_difference difference;
    b.names[0] = "b";
    b.names[1] = "a";
    answer_compare(&a, &b, &rules, arena, &difference);
    assert_int_equal(difference.kind, ANSWER_SAME);
    b.names[1] = "c";
    answer_compare(&a, &b, &rules, arena, &difference);
    assert_int_equal(difference.kind, ANSWER_COLUMNS);
    assert_string_equal(difference.what, "has no column a");
}

/* Errors are answers, too. */
static void errors_are_answers_too(void **state)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    static const struct answer_order any = {0};
    const struct answer_rules rules = {.order = &any};
    struct answer good = answer(arena, false, LIST("1", "x")), one = {.sqlstate = "42703"},
                  other = {.sqlstate = "42P01"};
    struct answer_difference difference;
    (void)state;
    answer_compare(&good, &one, &rules, arena, &difference);
    assert_int_equal(difference.kind, ANSWER_ERROR);
    answer_compare(&one, &one, &rules, arena, &difference);
    assert_int_equal(difference.kind, ANSWER_SAME);
    answer_compare(&one, &other, &rules, arena, &difference);
    assert_string_equal(difference.what, "fails with 42P01 instead of 42703");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_order_may_come_in_any),
        cmocka_unit_test(the_first_row_that_differs_is_told_with_its_columns),
        cmocka_unit_test(rows_of_equal_keys_may_come_in_any_order_others_may_not),
        cmocka_unit_test(where_limit_cuts_other_rows_of_the_last_key_are_as_right),
        cmocka_unit_test(inexact_numbers_may_differ_in_their_last_digits),
        cmocka_unit_test(columns_are_found_by_name_and_may_be_left_out),
        cmocka_unit_test(errors_are_answers_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
