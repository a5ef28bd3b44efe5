/* segue.toml is read, or refused with its place. */

#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "config/toml.h"

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

static struct toml read_text(void **state, const char *content)
{
    struct toml toml;
    struct error err = {0};
    if (!toml_read(*state, "segue.toml", content, &toml, &err))
        fail_msg("%s: %s", err.where, err.message);
    return toml;
}

static void refused(void **state, const char *content, const char *where, const char *words)
{
    struct toml toml;
    struct error err = {0};
    assert_false(toml_read(*state, "segue.toml", content, &toml, &err));
    assert_int_equal(err.class, ERROR_USAGE);
    assert_string_equal(err.where, where);
    if (!strstr(err.message, words))
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
}

static void settings_have_their_tables(void **state)
{
    struct toml toml =
        read_text(state, "top = 1\n\n# words\n[lint] # more\r\npg-version = 1_5\n"
                         "rules.\"create-enum\" = 'off'\n[ lint . \"a.b\" ]\nx = true\ny=false");
    const char *const tables[] = {"", "lint", "lint.rules", "lint.a.b", "lint.a.b"};
    const char *const keys[] = {"top", "pg-version", "create-enum", "x", "y"};
    assert_int_equal(toml.n, 5);
    for (size_t i = 0; i < toml.n; i++) {
        assert_string_equal(toml.settings[i].table, tables[i]);
        assert_string_equal(toml.settings[i].key, keys[i]);
    }
    assert_int_equal(toml.settings[1].value.number, 15);
    assert_int_equal(toml.settings[1].line, 5);
    assert_string_equal(toml.settings[2].value.string, "off");
    assert_true(toml.settings[3].value.boolean);
    assert_false(toml.settings[4].value.boolean);
}

static void strings_are_taken_with_their_escapes_or_as_they_stand(void **state)
{
    struct toml toml = read_text(state, "a = \"x \\\"y\\\" \\\\ # \\n\"\nb = 'x \\n'\nc = \"\"\n");
    assert_string_equal(toml.settings[0].value.string, "x \"y\" \\ # \n");
    assert_string_equal(toml.settings[1].value.string, "x \\n");
    assert_string_equal(toml.settings[2].value.string, "");
}

static void lists_may_go_over_lines(void **state)
{
    struct toml toml = read_text(state, "a = [ # these\n  \"x\",\n  'y', # and\n]\nb = []\nc = [1,-2]\n");
    assert_int_equal(toml.settings[0].value.n_items, 2);
    assert_string_equal(toml.settings[0].value.items[1].string, "y");
    assert_int_equal(toml.settings[1].value.n_items, 0);
    assert_int_equal(toml.settings[2].value.items[1].number, -2);
}

static void numbers_may_have_fractions(void **state)
{
    struct toml toml = read_text(state, "a = 0.5\nb = -1_0.25\nc = 3\n");
    assert_int_equal(toml.settings[0].value.kind, TOML_FRACTION);
    assert_true(toml.settings[0].value.fraction == 0.5);
    assert_true(toml.settings[1].value.fraction == -10.25);
    assert_int_equal(toml.settings[2].value.kind, TOML_NUMBER);
    assert_true(toml.settings[2].value.fraction == 3);
}

static void tables_of_a_list_are_told_apart(void **state)
{
    struct toml toml =
        read_text(state, "top = 1\n[[rule]]\na = 1\n[[ rule ]] # empty\n[[rule]]\na = 2\n[x]\na = 3\n");
    assert_int_equal(toml.n_entries, 3);
    assert_string_equal(toml.entries[1].table, "rule");
    assert_int_equal(toml.entries[1].line, 4);
    const size_t entries[] = {0, 1, 3, 0};
    assert_int_equal(toml.n, 4);
    for (size_t i = 0; i < toml.n; i++)
        assert_int_equal(toml.settings[i].entry, entries[i]);
    assert_string_equal(toml.settings[2].table, "rule");
}

static void what_is_not_read_is_refused_by_its_place(void **state)
{
    refused(state, "a = 1\na = 2\n", "segue.toml:2:3", "set before");
    refused(state, "[x]\na = 1\n[y]\n[x]\na = 2\n", "segue.toml:5:3", "set before");
    refused(state, "a = 1.5e3\n", "segue.toml:1:5", "a number");
    refused(state, "a = .5\n", "segue.toml:1:5", "a number");
    refused(state, "a = 1.\n", "segue.toml:1:5", "a number");
    refused(state, "a = 1.2.3\n", "segue.toml:1:5", "a number");
    refused(state, "a = 2026-11-22\n", "segue.toml:1:5", "a number");
    refused(state, "a = 99999999999999999999\n", "segue.toml:1:5", "a number");
    refused(state, "a = { b = 1 }\n", "segue.toml:1:5", "inline tables");
    refused(state, "a = [[1]]\n", "segue.toml:1:6", "lists in lists");
    refused(state, "[[a]\nb = 1\n", "segue.toml:1:4", "]]");
    refused(state, "[[a]]\n[a]\n", "segue.toml:2:4", "is a list");
    refused(state, "[[a]]\nb = 1\nb = 2\n", "segue.toml:3:3", "set before");
    refused(state, "a = \"\"\"x\"\"\"\n", "segue.toml:1:6", "several lines");
    refused(state, "a = \"x\nb = 1\n", "segue.toml:1:7", "does not end");
    refused(state, "a = \"\\q\"\n", "segue.toml:1:7", "escape");
    refused(state, "a = 1 b = 2\n", "segue.toml:1:7", "behind the value");
    refused(state, "\n  a 1\n", "segue.toml:2:5", "= is expected");
    refused(state, "a = [1 2]\n", "segue.toml:1:8", "comma");
    refused(state, "a = [1,", "segue.toml:1:8", "expected");
    refused(state, "[a\n", "segue.toml:1:3", "]");
    refused(state, "= 1\n", "segue.toml:1:1", "key");
    refused(state, "a =", "segue.toml:1:4", "expected");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_have_their_tables),
        cmocka_unit_test(strings_are_taken_with_their_escapes_or_as_they_stand),
        cmocka_unit_test(lists_may_go_over_lines),
        cmocka_unit_test(numbers_may_have_fractions),
        cmocka_unit_test(tables_of_a_list_are_told_apart),
        cmocka_unit_test(what_is_not_read_is_refused_by_its_place),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
