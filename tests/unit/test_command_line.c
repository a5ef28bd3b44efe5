/* The command line is understood as its table says, and what it does not say is refused. */
#include <string.h>

#include "base/arena.h"
#include "cli/command.h"
#include "cli/parse.h"
#include "cmocka_all.h"

enum { MOST_WORDS = 16, LONGEST = 128 };

/* argv as the kernel gives it: writable strings. */
struct fixture {
    char words[MOST_WORDS][LONGEST];
    char *argv[MOST_WORDS + 1];
    struct invocation call;
    struct error err;
};

static struct fixture *fixture_of(void **state)
{
    return *state;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.call.arena = arena_new()};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(fixture_of(state)->call.arena);
    return 0;
}

/* Words are separated by one space. */
static bool parse(struct fixture *fixture, const char *line)
{
    int argc = 0;
    while (*line) {
        size_t length = strcspn(line, " ");
        assert_true(argc < MOST_WORDS && length < LONGEST);
        memcpy(fixture->words[argc], line, length);
        fixture->words[argc][length] = '\0';
        fixture->argv[argc] = fixture->words[argc];
        argc++;
        line += length + strspn(line + length, " ");
    }
    return parse_command_line(argc, fixture->argv, &fixture->call, &fixture->err);
}

static void refused(void **state, const char *line, const char *message, const char *hint)
{
    struct fixture *fixture = fixture_of(state);
    assert_false(parse(fixture, line));
    assert_int_equal(fixture->err.class, ERROR_USAGE);
    assert_non_null(strstr(fixture->err.message, message));
    assert_non_null(strstr(fixture->err.hint, hint));
}

static void options_stand_anywhere_and_arguments_keep_their_order(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue --json plan --sql a.sql --schema=shop"));
    assert_string_equal(fixture->call.command->name, "plan");
    assert_string_equal(argument_at(&fixture->call, 0), "a.sql");
    assert_null(argument_at(&fixture->call, 1));
    assert_true(fixture->call.json);
    assert_true(given(&fixture->call, "sql"));
    assert_false(given(&fixture->call, "catalog"));
    assert_string_equal(fixture->call.schema, "shop");
}

static void what_is_not_given_has_its_default(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue status"));
    assert_string_equal(fixture->call.schema, "public");
    assert_null(fixture->call.url);
    assert_false(fixture->call.json);
}

static void the_last_value_counts(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue status --schema a --schema b"));
    assert_string_equal(fixture->call.schema, "b");
}

static void a_url_disappears_from_the_process_list(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue status --url postgresql://u:secret@h/d"));
    assert_string_equal(fixture->call.url, "postgresql://u:secret@h/d");
    assert_string_equal(fixture->argv[3], "*************************");
}

static void a_url_behind_an_equals_sign_disappears_as_well(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue --url=postgresql://u:secret@h/d status"));
    assert_string_equal(fixture->call.url, "postgresql://u:secret@h/d");
    assert_null(strstr(fixture->argv[1], "secret"));
}

static void two_dashes_end_the_options(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue plan -- --sql"));
    assert_string_equal(argument_at(&fixture->call, 0), "--sql");
    assert_false(given(&fixture->call, "sql"));
}

static void help_asks_for_no_arguments(void **state)
{
    struct fixture *fixture = fixture_of(state);
    assert_true(parse(fixture, "segue plan -h"));
    assert_true(given(&fixture->call, "help"));
}

static void an_unknown_option_is_refused_with_a_guess(void **state)
{
    refused(state, "segue plan --sqll a.sql", "no option --sqll", "--sql?");
}

static void an_unknown_short_option_is_refused(void **state)
{
    refused(state, "segue plan -z a.sql", "no option -z", "segue plan --help");
}

static void an_unknown_command_is_refused_with_a_guess(void **state)
{
    refused(state, "segue rolback", "no command rolback", "segue rollback?");
}

static void a_missing_argument_is_named(void **state)
{
    refused(state, "segue plan", "plan needs FILE", "segue plan --help");
}

static void one_argument_too_many_is_refused(void **state)
{
    refused(state, "segue plan a.sql b.sql", "\"b.sql\"", "segue plan --help");
}

static void a_missing_value_is_named(void **state)
{
    refused(state, "segue status --schema", "--schema NAME", "segue status --help");
}

static void a_switch_takes_no_value(void **state)
{
    refused(state, "segue status --json=yes", "--json takes no value", "segue status --help");
}

static void a_word_outside_the_list_is_refused(void **state)
{
    refused(state, "segue completion powershell", "SHELL is one of: bash zsh fish",
            "segue completion --help");
}

static void durations_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double ms;
    } good[] = {{"100ms", 100}, {"5s", 5000}, {"1.5s", 1500}, {"2m", 120000}, {"1h", 3600000}, {"7", 7000}};
    static const char *const bad[] = {"", "s", "5 s", "-5s", "5d", "1e", "0x5s", "inf"};
    double ms = 0;
    for (size_t i = 0; i < SEGUE_COUNT(good); i++) {
        assert_true(parse_duration_ms(good[i].text, &ms));
        assert_true(ms == good[i].ms);
    }
    for (size_t i = 0; i < SEGUE_COUNT(bad); i++)
        assert_false(parse_duration_ms(bad[i], &ms));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(options_stand_anywhere_and_arguments_keep_their_order),
        CASE(what_is_not_given_has_its_default),
        CASE(the_last_value_counts),
        CASE(a_url_disappears_from_the_process_list),
        CASE(a_url_behind_an_equals_sign_disappears_as_well),
        CASE(two_dashes_end_the_options),
        CASE(help_asks_for_no_arguments),
        CASE(an_unknown_option_is_refused_with_a_guess),
        CASE(an_unknown_short_option_is_refused),
        CASE(an_unknown_command_is_refused_with_a_guess),
        CASE(a_missing_argument_is_named),
        CASE(one_argument_too_many_is_refused),
        CASE(a_missing_value_is_named),
        CASE(a_switch_takes_no_value),
        CASE(a_word_outside_the_list_is_refused),
        CASE(durations_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
