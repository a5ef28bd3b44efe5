/* Values that the traffic writes: of the column's type and size, unique where they must be, and one's own where asked for. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "drive/override.h"
#include "drive/value.h"

static atomic_ullong counter;

static struct maker maker_new(void)
{
    return (struct maker){.state = 42, .counter = &counter, .run = 1700000000, .null_percent = 0};
}

static void texts_keep_their_length_and_have_no_blank_at_the_end(void **state)
{
    (void)state;
    struct maker maker = maker_new();
    for (int width = 1; width < 40; width++) {
        struct shape_column column = {
            .name = width % 2 ? "email" : "title", .type = "text", .family = FAMILY_TEXT, .width = width};
        for (int i = 0; i < 200; i++) {
            char *value = maker_value(&maker, &column);
            assert_in_range(strlen(value), 1, width);
            assert_int_not_equal(value[strlen(value) - 1], ' ');
            free(value);
        }
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void unique_values_differ_within_a_run(void **state)
{
    (void)state;
    struct maker maker = maker_new();
    const struct shape_column columns[] = {
        {.name = "a", .type = "text", .family = FAMILY_TEXT, .unique = true},
        {.name = "a", .type = "character varying(8)", .family = FAMILY_TEXT, .width = 8, .unique = true},
        {.name = "a", .type = "integer", .family = FAMILY_INTEGER, .width = 4, .unique = true},
        {.name = "a", .type = "uuid", .family = FAMILY_UUID, .unique = true},
        {.name = "a", .type = "timestamp without time zone", .family = FAMILY_TIMESTAMP, .unique = true},
    };
    enum { VALUES = 5000 };
    static char *values[VALUES];
    for (size_t c = 0; c < SEGUE_COUNT(columns); c++) {
        for (size_t i = 0; i < VALUES; i++)
            values[i] = maker_value(&maker, &columns[c]);
        qsort(values, VALUES, sizeof *values, compare);
        for (size_t i = 1; i < VALUES; i++)
            assert_string_not_equal(values[i - 1], values[i]);
        for (size_t i = 0; i < VALUES; i++)
            free(values[i]);
    }
}

static void numbers_stay_within_bounds_and_precision(void **state)
{
    (void)state;
    struct maker maker = maker_new();
    const struct shape_column rating = {.name = "rating",
                                        .family = FAMILY_INTEGER,
                                        .width = 4,
                                        .has_low = true,
                                        .low = 1,
                                        .has_high = true,
                                        .high = 5};
    const struct shape_column price = {.name = "price", .family = FAMILY_NUMERIC, .width = 2, .scale = 2};
    for (int i = 0; i < 1000; i++) {
        char *value = maker_value(&maker, &rating);
        assert_in_range(strtol(value, NULL, 10), 1, 5);
        free(value);
        value = maker_value(&maker, &price);
        assert_true(strtod(value, NULL) < 100);
        free(value);
    }
}

static void numbers_above_a_bound_still_fit_their_precision(void **state)
{
    (void)state;
    struct maker maker = maker_new();
    double limit = 1;
    for (int width = 0; width <= 5; width++, limit *= 10) {
        const struct shape_column fee = {
            .name = "fee", .family = FAMILY_NUMERIC, .width = width, .scale = 2, .has_low = true, .low = 1};
        double greatest = 0;
        for (int i = 0; i < 100000; i++) {
            char *value = maker_value(&maker, &fee);
            double number = strtod(value, NULL);
            greatest = number > greatest ? number : greatest;
            free(value);
        }
        assert_true(greatest < limit);
        if (width <= 4)
            assert_true(greatest >= limit * 0.98);
    }
}

static void null_comes_only_where_it_may(void **state)
{
    (void)state;
    struct maker maker = maker_new();
    maker.null_percent = 50;
    const struct shape_column open = {.name = "a", .family = FAMILY_BOOLEAN};
    const struct shape_column shut = {.name = "a", .family = FAMILY_BOOLEAN, .not_null = true};
    int nulls = 0;
    for (int i = 0; i < 1000; i++) {
        char *value = maker_value(&maker, &open);
        nulls += value == NULL;
        free(value);
        value = maker_value(&maker, &shut);
        assert_non_null(value);
        free(value);
    }
    assert_in_range(nulls, 400, 600);
}

static void a_foreign_key_takes_its_columns_from_one_row(void **state)
{
    (void)state;
    struct maker maker = maker_new();
    struct error err;
    const char *first[] = {"1", "one"}, *second[] = {"2", "two"};
    const char **pool[] = {first, second};
    int columns[] = {0, 1};
    struct shape_column both[] = {{.name = "a", .family = FAMILY_INTEGER, .foreign = 0, .not_null = true},
                                  {.name = "b", .family = FAMILY_TEXT, .foreign = 0, .not_null = true}};
    struct shape_foreign foreign = {.columns = columns, .n_columns = 2, .pool = pool, .n_pool = 2};
    struct shape shape = {.columns = both, .n_columns = 2, .foreign = &foreign, .n_foreign = 1};
    for (int i = 0; i < 50; i++) {
        struct row row = row_new(2);
        assert_true(maker_fill(&maker, &shape, columns, 2, &row, &err));
        assert_string_equal(row.values[1], strcmp(row.values[0], "1") == 0 ? "one" : "two");
        row_free(&row);
    }
}

static void an_override_names_version_table_and_column(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct shape_override override;
    struct error err;
    int version;
    assert_true(override_split(arena, "old:Users.email='a=b.c'", &version, &override, &err));
    assert_int_equal(version, DRIVE_OLD);
    assert_string_equal(override.table, "users");
    assert_string_equal(override.column, "email");
    assert_string_equal(override.expression, "'a=b.c'");
    assert_true(override_split(arena, "\"Order.Items\".\"a\"\"=\"=random()", &version, &override, &err));
    assert_int_equal(version, -1);
    assert_string_equal(override.table, "Order.Items");
    assert_string_equal(override.column, "a\"=");
    assert_false(override_split(arena, "users=1", &version, &override, &err));
    assert_false(override_split(arena, "users.email=", &version, &override, &err));
    assert_false(override_split(arena, "new:.email=1", &version, &override, &err));
    assert_int_equal(err.class, ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_keep_their_length_and_have_no_blank_at_the_end),
        cmocka_unit_test(unique_values_differ_within_a_run),
        cmocka_unit_test(numbers_stay_within_bounds_and_precision),
        cmocka_unit_test(numbers_above_a_bound_still_fit_their_precision),
        cmocka_unit_test(null_comes_only_where_it_may),
        cmocka_unit_test(a_foreign_key_takes_its_columns_from_one_row),
        cmocka_unit_test(an_override_names_version_table_and_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
