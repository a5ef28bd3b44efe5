/* What is read of settings in a session's statements, whole and in two parts. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "gateway/notes.h"

static const char STAYS[] = "settings of its own";

/* The names that are known after that statement, or STAYS. */
static const char *names(const char *sql)
{
    static char found[256];
    struct notes notes = {0};
    struct wire_piece piece = {.type = 'Q', .length = (uint32_t)strlen(sql) + 1, .data = sql};
    piece.n = piece.length;
    notes_read(&notes, &piece);
    const char *why = notes_stay(&notes);
    (void)snprintf(found, sizeof found, "%s", why ? why : text_string(&notes.settings));
    notes_free(&notes);
    return found;
}

static void names_of_settings_are_read_where_they_are_plain(void **state)
{
    (void)state;
    assert_string_equal(names("SET my.own = 'x'"), "my.own");
    assert_string_equal(names("set session My.Own to 3; SET my.own=4; SET LOCAL my.third = 1"), "My.Own");
    assert_string_equal(
        names("SELECT set_config('my.own', 'a'',b(' || f(1, 2), false), set_config ( 'my.b' , $1, $2)"),
        "my.own,my.b");
    assert_string_equal(names("SELECT pg_catalog.set_config('my.own'::text, $1, true)"), "my.own");
    assert_string_equal(names("SELECT set_config('TimeZone', 'UTC', false)"), "");
    assert_string_equal(names("UPDATE users SET name = u.name FROM users u; SET TimeZone = 'UTC'"), "");
}

static void what_lasts_no_longer_than_its_transaction_needs_no_name(void **state)
{
    (void)state;
    assert_string_equal(names("SELECT set_config(e->>0, e->>1, TRUE) FROM json_array_elements($1::json) e"),
                        "");
    assert_string_equal(names("SELECT set_config($1, f(a[1], \"c,d\"), true )"), "");
}

static void what_is_not_plain_keeps_the_session(void **state)
{
    static const char *const texts[] = {
        "SET \"my.own\" = 'x'",
        "SET my.\"own\" = 'x'",
        "SET m$y.own = 'x'",
        "SET my . own = 'x'",
        "SET my.own /* = */ TO 'x'",
        "SET my.own tonic",
        "SELECT set_config($1, $2, false)",
        "SELECT set_config($1, $2, $3)",
        "SELECT set_config(n, v, not true) FROM t",
        "SELECT set_config(n, E'\\', true', false)",
        "SELECT set_config(n, $$', true)$$, false)",
        "SELECT set_config(n, v /* , true) */, false)",
        "SELECT set_config(n, v -- , true)\n, false)",
        "SELECT set_config('my.' || 'own', v, false)",
        "SELECT set_config(E'my.own', v, false)",
        "SELECT set_config",
        "SELECT set_config('my.own'",
        "SELECT set_config('my.own",
        "SELECT set_config(n, v, true",
        "SET my.own",
    };
    (void)state;
    for (size_t i = 0; i < SEGUE_COUNT(texts); i++)
        if (strcmp(names(texts[i]), STAYS) != 0)
            fail_msg("%s: %s", texts[i], names(texts[i]));
}

static void a_text_that_comes_in_parts_is_not_guessed_at(void **state)
{
    static const char sql[] = "SET my.own = 'x'; SELECT set_config('my.other', 'y', false)";
    (void)state;
    for (uint32_t cut = 1; cut < sizeof sql; cut++) {
        struct notes notes = {0};
        struct wire_piece piece = {.type = 'Q', .length = sizeof sql, .data = sql, .n = cut};
        notes_read(&notes, &piece);
        piece = (struct wire_piece){.type = 'Q',
                                    .length = sizeof sql,
                                    .offset = cut,
                                    .data = sql + cut,
                                    .n = (uint32_t)sizeof sql - cut};
        notes_read(&notes, &piece);
        assert_true(notes_stay(&notes) || strcmp(text_string(&notes.settings), "my.own,my.other") == 0);
        notes_free(&notes);
    }
}

static void a_session_that_has_too_many_stays(void **state)
{
    struct notes notes = {0};
    char sql[64];
    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        struct wire_piece piece = {.type = 'Q', .data = sql};
        piece.length = piece.n = (uint32_t)snprintf(sql, sizeof sql, "SET my.own%u = 1", i) + 1;
        notes_read(&notes, &piece);
    }
    assert_string_equal(notes_stay(&notes), STAYS);
    assert_true(notes.settings.length <= 4096);
    notes_free(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_settings_are_read_where_they_are_plain),
        cmocka_unit_test(what_lasts_no_longer_than_its_transaction_needs_no_name),
        cmocka_unit_test(what_is_not_plain_keeps_the_session),
        cmocka_unit_test(a_text_that_comes_in_parts_is_not_guessed_at),
        cmocka_unit_test(a_session_that_has_too_many_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
