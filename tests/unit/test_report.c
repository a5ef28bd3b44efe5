/* Errors are printed with their place, detail and hint, and never with a password. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/report.h"
#include "golden.h"

static void an_error_shows_class_place_detail_and_hint(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct error err;
    error_set(&err, ERROR_REFUSED, "users.email has NULL in 3 rows");
    error_where(&err, "check/010/users/email");
    error_detail(&err, "id 4\nid 5\nid 6");
    error_hint(
        &err,
        "Fill them, or add \"-- segue: up users.email = ...\" to the migration, so that the new version has "
        "its own column and the old one keeps writing as before.");
    report_text(&err, NULL, false, &out);
    golden_check("error.txt", text_string(&out));
}

static void an_error_in_a_file_shows_the_line_and_a_mark(void **state)
{
    (void)state;
    char path[] = "/tmp/segue-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    (void)fputs("-- first\n-- größe: up users.fullname = x\n", file);
    (void)fclose(file);
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct error err;
    error_set(&err, ERROR_REFUSED, "users has no column fullname");
    error_where(&err, "%s:2:14", path);
    report_text(&err, NULL, false, &out);
    (void)unlink(path);
    assert_non_null(
        strstr(text_string(&out), "    |\n  2 | -- größe: up users.fullname = x\n    |              ^\n"));
}

static void a_server_error_shows_its_sqlstate(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct error err;
    error_set(&err, ERROR_DATABASE, "relation \"x\" does not exist");
    (void)snprintf(err.sqlstate, sizeof err.sqlstate, "42P01");
    report_text(&err, NULL, false, &out);
    assert_string_equal(text_string(&out),
                        "segue: database error: relation \"x\" does not exist (SQLSTATE 42P01)\n");
}

static void without_secret(const char *url, const char *message)
{
    SEGUE_CLEANUP(text_free) struct text text = {0};
    SEGUE_CLEANUP(text_free) struct text json = {0};
    struct error err;
    error_set(&err, ERROR_USAGE, "%s", message);
    error_hint(&err, "%s", message);
    report_text(&err, url, false, &text);
    report_json(&err, url, &json);
    assert_null(strstr(text_string(&text), "s3cret"));
    assert_null(strstr(text_string(&json), "s3cret"));
}

static void a_password_is_never_printed(void **state)
{
    (void)state;
    without_secret("postgresql://u:s3cret@h/d", "invalid URI: \"postgresql://u:s3cret@h/d\"");
    without_secret("postgresql://u:s3cret@h/d", "password s3cret refused");
    without_secret("host=h password=s3cret user=u", "unexpected \"s3cret\"");
    without_secret("host=h password='s3cret' user=u", "unexpected \"s3cret\"");
}

static void the_error_of_a_program_is_one_object(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct error err;
    error_set(&err, ERROR_BUSY, "a \"lock\"\nand more");
    report_json(&err, NULL, &out);
    golden_check("error.json", text_string(&out));
}

static void a_cut_character_does_not_spoil_the_json(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct error err;
    error_set(&err, ERROR_DATABASE, "gr\xc3");
    report_json(&err, NULL, &out);
    assert_non_null(strstr(text_string(&out), "\"gr?\""));
}

static void exit_statuses_follow_the_class(void **state)
{
    (void)state;
    assert_int_equal(report_status(ERROR_REFUSED), 1);
    assert_int_equal(report_status(ERROR_USAGE), 2);
    assert_int_equal(report_status(ERROR_DATABASE), 3);
    assert_int_equal(report_status(ERROR_LOST), 3);
    assert_int_equal(report_status(ERROR_BUSY), 4);
    assert_int_equal(report_status(ERROR_INTERRUPTED), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_shows_class_place_detail_and_hint),
        cmocka_unit_test(an_error_in_a_file_shows_the_line_and_a_mark),
        cmocka_unit_test(a_server_error_shows_its_sqlstate),
        cmocka_unit_test(a_password_is_never_printed),
        cmocka_unit_test(the_error_of_a_program_is_one_object),
        cmocka_unit_test(a_cut_character_does_not_spoil_the_json),
        cmocka_unit_test(exit_statuses_follow_the_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
