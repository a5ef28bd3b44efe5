/* A runbook says what it does not know, and what its forecast rests on; its commands are words of a shell. */
#include "runbook/runbook.h"

#include <string.h>

#include "cmocka_all.h"
#include "runbook/forecast.h"
#include "sample_plan.h"

static struct table_facts counted_tables[] = {
    {.relation = "public.users",
     .there = true,
     .measured = true,
     .rows = 1000000,
     .table_bytes = 1e8,
     .index_bytes = 5e7,
     .total_bytes = 1.5e8,
     .n_indexes = 2,
     .free_bytes = 1e8,
     .since = {.known = true, .seconds = 100, .scans = 300, .updates = 40}},
    {.relation = "public.orders", .why = "there is no table of that name yet", .rows = -1, .free_bytes = -1},
};

static struct facts sample_facts(void)
{
    return (struct facts){.server = {.known = true,
                                     .version = "15.1",
                                     .database = "shop",
                                     .user = "me",
                                     .at = "2026-01-01T00:00:00Z",
                                     .counted_since = "the server started",
                                     .wal_per_second = -1},
                          .tables = counted_tables,
                          .n_tables = 2,
                          .transactions_known = true,
                          .holders_known = true};
}

static const char *text_of(struct arena *arena, const struct runbook_request *request)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    document_to_text(runbook_build(arena, request), false, 200, &out);
    return arena_strdup(arena, text_string(&out));
}

static void must_hold(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("not there: %s\nin:\n%s", part, text);
}

static void without_a_server_it_says_so_everywhere(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const char *text = text_of(arena, &(struct runbook_request){.plan = &sample_plan,
                                                                .file = "0007_full_name.sql",
                                                                .why_no_facts = "nobody asked",
                                                                .lock_ceiling_ms = 100});
    must_hold(text, "server    not known: nobody asked");
    must_hold(text, "\nData\n  Not known: nobody asked.\n");
    must_hold(text, "\nTraffic\n  Not known: nobody asked.\n");
    must_hold(text, "\nDisk and log\n  Not known: nobody asked.\n");
    must_hold(text, "rests on nothing that was measured here");
    must_hold(text, "nobody knows whether others are at work");
}

static void what_the_server_told_is_in_it(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    const struct facts facts = sample_facts();
    const char *text = text_of(arena, &(struct runbook_request){.plan = &sample_plan,
                                                                .facts = &facts,
                                                                .file = "0007_full_name.sql",
                                                                .lock_ceiling_ms = 100});
    must_hold(text, "1,000,000");
    must_hold(text, "not known: there is no table of that name yet");
    must_hold(text, "at most about 36 of them in the 0.1 s");
    must_hold(text, "It may become full");
    must_hold(text, "because others are at work");
}

static void a_forecast_rests_on_earlier_backfills(void **state)
{
    (void)state;
    struct walk_facts walks[] = {
        {.rows = 10000, .seconds = 1}, {.rows = 40000, .seconds = 2}, {.rows = 300000, .seconds = 5}};
    struct facts facts = sample_facts();
    const struct step *fill = plan_step(&sample_plan, "backfill/010/users");
    assert_non_null(fill);
    struct forecast alone = forecast_new(&sample_plan, &facts);
    assert_null(forecast_rests_on(&alone, fill));
    facts.walks = walks;
    facts.n_walks = 3;
    struct forecast forecast = forecast_new(&sample_plan, &facts);
    const struct measured *measured = forecast_rests_on(&forecast, fill);
    assert_non_null(measured);
    assert_int_equal(measured->n, 3);
    struct range range = forecast_step(&forecast, fill);
    assert_true(range.likely > 249 && range.likely < 251); /* 5,000,000 rows, 20,000 a second */
    assert_true(range.high > 499 && range.high < 501);
    assert_true(range.low > 83 && range.low < 84);
}

static void ranges_are_in_order_for_every_step(void **state)
{
    (void)state;
    const struct facts facts = sample_facts();
    const struct facts *const both[] = {NULL, &facts};
    for (size_t k = 0; k < 2; k++) {
        struct forecast forecast = forecast_new(&sample_plan, both[k]);
        for (size_t i = 0; i < sample_plan.n_steps; i++) {
            const struct range all[] = {forecast_step(&forecast, &sample_plan.steps[i]),
                                        forecast_held(&forecast, &sample_plan.steps[i])};
            for (size_t r = 0; r < 2; r++)
                assert_true(all[r].low > 0 && all[r].low <= all[r].likely && all[r].likely <= all[r].high);
        }
    }
}

static void words_of_a_shell_are_quoted(void **state)
{
    (void)state;
    static const char *const words[][2] = {{"a/b_1.sql", "a/b_1.sql"}, {"", "''"},
                                           {"it's", "'it'\\''s'"},     {"-x", "'-x'"},
                                           {"$(rm)", "'$(rm)'"},       {"Größe", "'Größe'"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        SEGUE_CLEANUP(text_free) struct text out = {0};
        runbook_shell_word(&out, words[i][0]);
        assert_string_equal(text_string(&out), words[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_server_it_says_so_everywhere),
        cmocka_unit_test(what_the_server_told_is_in_it),
        cmocka_unit_test(a_forecast_rests_on_earlier_backfills),
        cmocka_unit_test(ranges_are_in_order_for_every_step),
        cmocka_unit_test(words_of_a_shell_are_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
