/* The comparison of schema dumps: order does not count, everything else does. */
#include "cmocka_all.h"

#include "base/text.h"
#include "server/schema_diff.h"

static const char shop[] = "--\n-- PostgreSQL database dump\n--\n\\restrict abc\nSET search_path = '';\n\n"
                           "CREATE TABLE public.a (\n    id bigint NOT NULL,\n    name text\n);\n\n"
                           "CREATE TABLE public.b (\n    id bigint\n);\n\n"
                           "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n";

static size_t lines_differ(const char *wanted, const char *found)
{
    struct text differences = {0};
    size_t count = schema_diff(wanted, found, &differences);
    text_free(&differences);
    return count;
}

static void a_dump_equals_itself(void **state)
{
    (void)state;
    assert_int_equal(lines_differ(shop, shop), 0);
}

static void order_and_noise_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(lines_differ(shop,
                                  "\\restrict xyz\nCREATE TABLE public.b (\n    id bigint\n);\n"
                                  "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n"
                                  "CREATE TABLE public.a (\n    name text,\n    id bigint NOT NULL\n);\n"),
                     0);
}

static void a_column_in_another_table_counts(void **state)
{
    (void)state;
    assert_int_equal(
        lines_differ("CREATE TABLE public.a (\n    x text\n);\nCREATE TABLE public.b (\n    y text\n);\n",
                     "CREATE TABLE public.a (\n    y text\n);\nCREATE TABLE public.b (\n    x text\n);\n"),
        4);
}

static void a_line_that_is_there_twice_counts_once_more(void **state)
{
    struct text differences = {0};
    (void)state;
    assert_int_equal(schema_diff("GRANT x;\n", "GRANT x;\nGRANT x;\n", &differences), 1);
    assert_string_equal(text_string(&differences), "+ GRANT x;\n");
    text_free(&differences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dump_equals_itself),
        cmocka_unit_test(order_and_noise_do_not_count),
        cmocka_unit_test(a_column_in_another_table_counts),
        cmocka_unit_test(a_line_that_is_there_twice_counts_once_more),
    };
    return cmocka_run_group_tests_name("schema dumps", tests, NULL, NULL);
}
