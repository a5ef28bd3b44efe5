/* Composed SQL quotes as the server does, and names objects as the server does. */

#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "postgres/format.h"

static int new_arena(void **state)
{
    *state = arena_new();
    return 0;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void identifiers_are_quoted_only_when_needed(void **state)
{
    assert_string_equal(pg_format(*state, "%I", "users"), "users");
    assert_string_equal(pg_format(*state, "%I", "_segue_1_name"), "_segue_1_name");
    assert_string_equal(pg_format(*state, "%I", "a$b"), "\"a$b\"");
    assert_string_equal(pg_format(*state, "%I", "1a"), "\"1a\"");
    assert_string_equal(pg_format(*state, "%I", ""), "\"\"");
    assert_string_equal(pg_format(*state, "%I", "Users"), "\"Users\"");
    assert_string_equal(pg_format(*state, "%I", "a\"b"), "\"a\"\"b\"");
    assert_string_equal(pg_format(*state, "%I", "größe"), "\"größe\"");
}

static void keywords_are_quoted_unless_unreserved(void **state)
{
    static const char *const quoted[] = {"select", "user",  "all",  "xmltable",   "left", "between",
                                         "value",  "order", "json", "json_table", "int",  "system_user"};
    for (size_t i = 0; i < SEGUE_COUNT(quoted); i++) {
        bool expected = strcmp(quoted[i], "value") != 0;
        assert_int_equal(pg_identifier_needs_quotes(quoted[i]), expected);
    }
    assert_string_equal(pg_format(*state, "%I", "order"), "\"order\"");
    assert_string_equal(pg_format(*state, "%I", "name"), "name");
    assert_string_equal(pg_format(*state, "%I", "data"), "data");
}

static void a_missing_schema_leaves_the_name_alone(void **state)
{
    assert_string_equal(pg_format(*state, "%Q;%Q", "public", "Users", NULL, "t"), "public.\"Users\";t");
}

static void literals_escape_quotes_and_backslashes(void **state)
{
    assert_string_equal(pg_format(*state, "%L", "it's"), "'it''s'");
    assert_string_equal(pg_format(*state, "%L", "a\\b'c"), "E'a\\\\b''c'");
    assert_string_equal(pg_format(*state, "%L", ""), "''");
    assert_string_equal(pg_format(*state, "%L", NULL), "NULL");
}

static void numbers_text_and_percent_pass(void **state)
{
    assert_string_equal(pg_format(*state, "%d %ld %zu %s 100%%", -1, 2L, (size_t)3, "now()"),
                        "-1 2 3 now() 100%");
    struct text text = {0};
    pg_append(&text, "a %I", "B");
    pg_append(&text, " c %L", "d");
    assert_string_equal(text_string(&text), "a \"B\" c 'd'");
    text_free(&text);
    assert_string_equal(pg_identifier_list(*state, (const char *[]){"a", "B"}, 2), "a, \"B\"");
}

static void object_names_are_cut_as_the_server_cuts_them(void **state)
{
    assert_string_equal(pg_object_name(*state, "t", "c", "key"), "t_c_key");
    assert_string_equal(pg_object_name(*state, "t", NULL, "pkey"), "t_pkey");
    assert_string_equal(pg_object_name(*state, "t", "c", NULL), "t_c");
    const char *long1 = "a23456789a123456789a123456789a123456789";
    const char *long2 = "b23456789b123456789b123456789b123456789";
    assert_string_equal(pg_object_name(*state, long1, long2, "key"),
                        "a23456789a123456789a123456789_b23456789b123456789b123456789_key");
    /* Both sides shrink to 29 bytes; the second ends inside a character there and gives it up. */
    assert_string_equal(pg_object_name(*state, long1, "ääääääääääääääääääää", "key"),
                        "a23456789a123456789a123456789_ääääääääääääää_key");
}

static bool is_taken(const char *name, const void *context)
{
    const char *const *taken = context;
    for (; *taken; taken++) {
        if (strcmp(*taken, name) == 0)
            return true;
    }
    return false;
}

static void a_taken_name_gets_a_number_behind_its_label(void **state)
{
    const char *taken[] = {"t_c_key", "t_c_key1", NULL};
    assert_string_equal(pg_choose_name(*state, "t", "c", "key", is_taken, taken), "t_c_key2");
    assert_string_equal(pg_choose_name(*state, "t", "d", "key", is_taken, taken), "t_d_key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_are_quoted_only_when_needed),
        cmocka_unit_test(keywords_are_quoted_unless_unreserved),
        cmocka_unit_test(a_missing_schema_leaves_the_name_alone),
        cmocka_unit_test(literals_escape_quotes_and_backslashes),
        cmocka_unit_test(numbers_text_and_percent_pass),
        cmocka_unit_test(object_names_are_cut_as_the_server_cuts_them),
        cmocka_unit_test(a_taken_name_gets_a_number_behind_its_label),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
