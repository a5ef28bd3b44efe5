/* What a run shows: a bar that fits the terminal, plain lines elsewhere, and nothing for programs. */
#include <stdlib.h>

#include "base/layout.h"
#include "cli/run_options.h"
#include "cli/run_view.h"
#include "golden.h"
#include "sample_plan.h"

static struct run_walk half_way(void)
{
    return (struct run_walk){
        .step = &sample_steps[2],
        .rows_done = 2500000,
        .rows_total = 5000000,
        .rows_per_s = 84000,
        .eta_seconds = 29.8,
        .chunk_rows = 2400,
        .waiting_for = "a row lock",
    };
}

static struct run_view at_backfill(bool terminal, int width)
{
    return (struct run_view){.terminal = terminal, .utf8 = true, .width = width, .phase = PHASE_BACKFILL};
}

static void walk_line_is(bool terminal, int width, const char *expected)
{
    struct run_view view = at_backfill(terminal, width);
    struct run_walk walk = half_way();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_walk_line(&view, &walk, &out);
    assert_string_equal(text_string(&out), expected);
    if (!terminal)
        return;
    const char *second = strchr(text_string(&out), '\n');
    assert_non_null(second);
    assert_true(layout_columns(second + 1) < width);
    assert_true(layout_columns(text_string(&out)) - layout_columns(second) < width);
}

static void a_wide_terminal_shows_everything(void **state)
{
    (void)state;
    walk_line_is(
        true, 100,
        "  backfill       ██████████░░░░░░░░░░   50 %  fill full_name in users\n"
        "    2,500,000 of 5,000,000 rows  84,000 rows/s  ETA 30 s  waits for a row lock  chunk 2,400");
}

static void a_narrow_terminal_drops_what_does_not_fit(void **state)
{
    (void)state;
    walk_line_is(true, 60,
                 "  backfill       ██████░░░░░░   50 %  fill full_name in us…\n"
                 "    2,500,000 of 5,000,000 rows  84,000 rows/s  ETA 30 s");
}

static void elsewhere_it_is_a_plain_line(void **state)
{
    (void)state;
    walk_line_is(
        false, 60,
        "backfill: fill full_name in users  50 %  2,500,000 of 5,000,000 rows  84,000 rows/s  ETA 30 s  "
        "waits for a row lock  chunk 2,400");
}

static void who_stands_in_the_way_is_named(void **state)
{
    (void)state;
    struct run_view view = at_backfill(false, 80);
    const struct blocker blocker = {.pid = 4711,
                                    .transaction_seconds = 12,
                                    .user = "shop",
                                    .application = "billing",
                                    .query = "UPDATE users SET x = 1"};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_blocked_line(&view, &sample_steps[1], &blocker, 1, 0.8, &out);
    assert_string_equal(
        text_string(&out),
        "backfill: waits 0.8 s for ACCESS EXCLUSIVE on public.users, held by pid 4711 billing "
        "(shop), in transaction for 12 s: UPDATE users SET x = 1");
    view.terminal = true;
    text_clear(&out);
    run_view_blocked_line(&view, &sample_steps[1], &blocker, 1, 0.8, &out);
    assert_true(layout_columns(text_string(&out)) < 80);
}

/* Drives an observer as a run would and returns what was printed. */
static void printed(struct run_view *view, struct text *out)
{
    char *buffer = NULL;
    size_t size = 0;
    view->stream = open_memstream(&buffer, &size);
    const struct run_observer *observer = &view->observer;
    struct run_walk walk = half_way();
    observer->phase_begin(observer->context, PHASE_BACKFILL, false);
    observer->step_begin(observer->context, &sample_steps[2], false);
    for (int i = 0; i < 100; i++)
        observer->walk(observer->context, &walk);
    observer->message(observer->context, "paused");
    observer->phase_end(observer->context, PHASE_BACKFILL, false, 31.2);
    run_view_end(view);
    (void)fclose(view->stream);
    text_append(out, buffer);
    free(buffer);
}

static void plain_lines_come_at_most_every_two_seconds(void **state)
{
    (void)state;
    struct run_view view;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_init(&view, false, true);
    view.terminal = false;
    printed(&view, &out);
    assert_string_equal(text_string(&out),
                        "backfill: fill full_name in users\npaused\nbackfill: done in 31 s\n");
}

static void a_terminal_line_is_redrawn_and_erased(void **state)
{
    (void)state;
    struct run_view view;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_init(&view, false, true);
    view.terminal = view.utf8 = true;
    view.width = 80;
    printed(&view, &out);
    const char *end = "\r\033[Kpaused\n✓ backfill       31 s\n";
    assert_true(out.length > strlen(end));
    assert_string_equal(text_string(&out) + out.length - strlen(end), end);
}

static void a_program_hears_nothing_but_gets_the_seconds(void **state)
{
    (void)state;
    struct run_view view;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    run_view_init(&view, true, true);
    printed(&view, &out);
    assert_int_equal(out.length, 0);
    assert_int_equal(view.n_phases, 1);
    assert_true(view.phases[0].seconds == 31.2);
}

/* What a command tells that ended with such an error. */
static const char *hint_after(enum error_class class, const char *server, int64_t migration)
{
    static struct error err;
    struct run_view view;
    run_view_init(&view, true, true);
    view.migration = migration;
    error_set(&err, class, "it went wrong");
    if (server)
        error_hint(&err, "%s", server);
    assert_false(run_ended(&view, false, "segue resume", &err));
    return err.hint;
}

static void whatever_went_wrong_what_to_do_is_told(void **state)
{
    (void)state;
    assert_string_equal(hint_after(ERROR_LOST, NULL, 0), "what was done is kept: go on with: segue resume");
    assert_string_equal(hint_after(ERROR_RESOURCE, "Check free disk space.", 7),
                        "Check free disk space; what was done is kept: go on with: segue resume");
    assert_string_equal(
        hint_after(ERROR_BUSY, "run the same command again when these sessions have ended", 7),
        "run the same command again when these sessions have ended");
    assert_string_equal(hint_after(ERROR_DATABASE, NULL, 7),
                        "what was done is kept: segue resume tries again, segue rollback undoes everything");
    /* Nothing was begun. */
    assert_string_equal(hint_after(ERROR_DATABASE, NULL, 0), "");
    assert_string_equal(hint_after(ERROR_REFUSED, NULL, 7), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_terminal_shows_everything),
        cmocka_unit_test(a_narrow_terminal_drops_what_does_not_fit),
        cmocka_unit_test(elsewhere_it_is_a_plain_line),
        cmocka_unit_test(who_stands_in_the_way_is_named),
        cmocka_unit_test(plain_lines_come_at_most_every_two_seconds),
        cmocka_unit_test(a_terminal_line_is_redrawn_and_erased),
        cmocka_unit_test(a_program_hears_nothing_but_gets_the_seconds),
        cmocka_unit_test(whatever_went_wrong_what_to_do_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
