/* What the planner makes of a migration, without a server: catalog from a file, migration from a string. */
#include "golden.h"

#include "catalog/carry.h"
#include "catalog/catalog.h"
#include "postgres/planner/planner.h"
#include "postgres/read.h"

static struct arena *arena;
static struct catalog *catalog;

static int setup(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text json = {0};
    struct error err = {0};
    arena = arena_new();
    golden_read(GOLDEN_DIR "/../fixtures/planner.json", &json);
    if (!catalog_from_json(arena, text_string(&json), &catalog, &err))
        fail_msg("%s %s", err.message, err.detail);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool try_plan(const char *sql, struct plan **plan, struct error *err)
{
    struct migration *migration;
    return pg_read_migration_text(arena, "0001_test.sql", sql, &migration, err) &&
           pg_plan(arena, migration, catalog, plan, err);
}

static struct plan *plan_of(const char *sql)
{
    struct plan *plan = NULL;
    struct error err = {0};
    if (!try_plan(sql, &plan, &err))
        fail_msg("%s: %s (%s)", err.where, err.message, err.hint);
    return plan;
}

static void refused(const char *sql, const char *where, const char *message, const char *hint)
{
    struct plan *plan;
    struct error err = {0};
    if (try_plan(sql, &plan, &err))
        fail_msg("planned, not refused: %s", sql);
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_string_equal(err.where, where);
    if (!strstr(err.message, message) || !strstr(err.hint, hint))
        fail_msg("\"%s\" / \"%s\" lacks \"%s\" / \"%s\"", err.message, err.hint, message, hint);
}

/* The first step of a phase with an act that holds the text, or NULL. */
static const struct step *step_with(const struct plan *plan, enum plan_phase phase, const char *text)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        for (size_t k = 0; plan->steps[i].phase == phase && k < plan->steps[i].n_acts; k++)
            if (strstr(plan->steps[i].acts[k], text))
                return &plan->steps[i];
    }
    return NULL;
}

static void has(const struct plan *plan, enum plan_phase phase, const char *text)
{
    if (step_with(plan, phase, text))
        return;
    SEGUE_CLEANUP(text_free) struct text sql = {0};
    plan_to_sql(plan, &sql);
    fail_msg("no step of phase %s has \"%s\" in\n%s", plan_phase_name(phase), text, text_string(&sql));
}

static const struct walk *walk_of(const struct plan *plan, enum plan_phase phase)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (plan->steps[i].phase == phase && plan->steps[i].kind == STEP_WALK)
            return plan->steps[i].walk;
    return NULL;
}

#define MERGE                                                               \
    "-- segue: up customers.full_name = first_name || ' ' || last_name\n"   \
    "-- segue: down customers.first_name = split_part(full_name, ' ', 1)\n" \
    "-- segue: down customers.last_name = split_part(full_name, ' ', 2)\n"  \
    "ALTER TABLE customers ADD COLUMN full_name text NOT NULL;\n"           \
    "ALTER TABLE customers DROP COLUMN first_name, DROP COLUMN last_name;\n"

static void columns_triggers_and_the_old_view_appear_in_one_transaction(void **state)
{
    (void)state;
    const struct step *step = step_with(plan_of(MERGE), PHASE_EXPAND, "ADD COLUMN _segue_1_full_name text");
    assert_non_null(step);
    assert_int_equal(step->kind, STEP_TRANSACTION);
    assert_ptr_equal(
        step, step_with(plan_of(MERGE), PHASE_EXPAND, "BEFORE UPDATE ON public.customers") ? step : NULL);
    bool view = false, insert = false;
    for (size_t i = 0; i < step->n_acts; i++) {
        view = view ||
               strstr(step->acts[i],
                      "CREATE VIEW public_base.customers AS SELECT id, first_name, last_name, email, note");
        insert = insert || strstr(step->acts[i], "BEFORE INSERT ON public.customers");
    }
    assert_true(view && insert);
}

static void the_new_view_has_the_order_that_the_table_will_have(void **state)
{
    (void)state;
    has(plan_of(MERGE), PHASE_ACTIVATE,
        "CREATE VIEW public_0001_test.customers AS SELECT id, email, note, _segue_1_full_name AS full_name FROM "
        "public.customers");
}

static void steps_come_in_phases_under_unique_ids(void **state)
{
    (void)state;
    const struct plan *plan = plan_of(MERGE "CREATE INDEX ON customers (note);");
    for (size_t i = 1; i < plan->n_steps; i++) {
        assert_true(plan->steps[i].phase >= plan->steps[i - 1].phase);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(plan->steps[i].id, plan->steps[k].id);
    }
}

static void a_step_outside_a_transaction_can_always_be_probed(void **state)
{
    (void)state;
    const struct plan *plan = plan_of(MERGE "CREATE INDEX ON customers (note); DROP INDEX orders_amount;"
                                            "ALTER TABLE orders ADD CHECK (amount < 1000000);");
    for (size_t i = 0; i < plan->n_steps; i++)
        assert_true(plan->steps[i].kind != STEP_ALONE || plan->steps[i].probe);
}

static void the_way_back_ends_only_in_contract(void **state)
{
    (void)state;
    const struct plan *plan = plan_of(MERGE);
    for (size_t i = 0; i < plan->n_steps; i++)
        assert_int_equal((plan->steps[i].flags & STEP_NO_RETURN) != 0,
                         plan->steps[i].phase == PHASE_CONTRACT);
}

static void the_same_input_gives_the_same_plan(void **state)
{
    (void)state;
    SEGUE_CLEANUP(text_free) struct text one = {0};
    SEGUE_CLEANUP(text_free) struct text two = {0};
    plan_to_json(plan_of(MERGE), &one);
    plan_to_json(plan_of(MERGE), &two);
    assert_string_equal(one.data, two.data);
}

static void a_constant_default_touches_no_row(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("ALTER TABLE orders ADD COLUMN priority integer NOT NULL DEFAULT 3;");
    assert_null(walk_of(plan, PHASE_BACKFILL));
    has(plan, PHASE_EXPAND, "ADD COLUMN _segue_1_priority integer DEFAULT 3");
    has(plan, PHASE_CONTRACT, "ALTER COLUMN priority SET NOT NULL");
}

static void a_volatile_default_is_filled_row_by_row(void **state)
{
    (void)state;
    const struct plan *plan =
        plan_of("ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();");
    const struct walk *walk = walk_of(plan, PHASE_BACKFILL);
    assert_non_null(walk);
    assert_non_null(strstr(walk->set, "coalesce(_segue_1_token, segue.fill_"));
    has(plan, PHASE_EXPAND, "ALTER COLUMN _segue_1_token SET DEFAULT gen_random_uuid()");
}

static void existing_rows_and_future_rows_get_different_values(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("-- segue: existing orders.flag = 'legacy'\n"
                                      "ALTER TABLE orders ADD COLUMN flag text NOT NULL DEFAULT 'new';");
    assert_null(walk_of(plan, PHASE_BACKFILL));
    has(plan, PHASE_EXPAND, "ADD COLUMN _segue_1_flag text DEFAULT 'legacy'");
    has(plan, PHASE_EXPAND, "ALTER COLUMN _segue_1_flag SET DEFAULT 'new'");
}

static void a_replaced_column_takes_its_index_and_constraint_along(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("-- segue: up orders.amount = amount / 100.0\n"
                                      "-- segue: down orders.amount = (amount * 100)::int\n"
                                      "ALTER TABLE orders ALTER COLUMN amount TYPE numeric(12,2);");
    has(plan, PHASE_BACKFILL, "ADD CONSTRAINT _segue_amount_sane CHECK ((_segue_1_amount >= 0)) NOT VALID");
    has(plan, PHASE_BACKFILL,
        "CREATE INDEX CONCURRENTLY _segue_orders_amount ON public.orders USING btree (_segue_1_amount DESC, id)");
    has(plan, PHASE_CONTRACT, "RENAME CONSTRAINT _segue_amount_sane TO amount_sane");
    has(plan, PHASE_CONTRACT, "ALTER INDEX public._segue_orders_amount RENAME TO orders_amount");
    has(plan, PHASE_CONTRACT, "ALTER COLUMN amount SET DEFAULT 0");
}

static void a_shared_not_null_is_checked_then_proved_then_set(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("ALTER TABLE customers ALTER COLUMN note SET NOT NULL;");
    assert_int_equal(plan->steps[0].kind, STEP_CHECK);
    has(plan, PHASE_EXPAND, "CHECK (note IS NOT NULL) NOT VALID");
    has(plan, PHASE_EXPAND, "VALIDATE CONSTRAINT _segue_not_null_note");
    has(plan, PHASE_CONTRACT, "ALTER COLUMN note SET NOT NULL");
}

static void an_up_isolates_a_tightening(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("-- segue: up customers.note = coalesce(note, '')\n"
                                      "ALTER TABLE customers ALTER COLUMN note SET NOT NULL;");
    assert_null(step_with(plan, PHASE_EXPAND, "note IS NOT NULL"));
    has(plan, PHASE_EXPAND, "ADD COLUMN _segue_1_note text");
    has(plan, PHASE_BACKFILL, "CHECK (_segue_1_note IS NOT NULL) NOT VALID");
}

static void a_dropped_unique_constraint_stays_until_complete(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("ALTER TABLE customers DROP CONSTRAINT customers_email_key;");
    assert_null(step_with(plan, PHASE_EXPAND, "customers_email_key"));
    has(plan, PHASE_CONTRACT, "DROP CONSTRAINT customers_email_key");
}

static void objects_without_a_name_get_the_server_s(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("ALTER TABLE orders ADD CHECK (amount < 1000000);"
                                      "CREATE INDEX ON orders (customer_id, lower(amount::text));"
                                      "ALTER TABLE clicks ADD UNIQUE (at, page);");
    has(plan, PHASE_BACKFILL, "ADD CONSTRAINT orders_amount_check CHECK");
    has(plan, PHASE_BACKFILL, "CONCURRENTLY orders_customer_id_lower_idx ON");
    has(plan, PHASE_BACKFILL, "ADD CONSTRAINT clicks_at_page_key UNIQUE USING INDEX");
}

static void a_table_without_a_key_is_walked_by_page(void **state)
{
    (void)state;
    const struct plan *plan = plan_of("-- segue: up clicks.day = at::date\n"
                                      "ALTER TABLE clicks ADD COLUMN day date;");
    const struct walk *walk = walk_of(plan, PHASE_BACKFILL);
    assert_non_null(walk);
    assert_int_equal(walk->n_keys, 0);
}

static void a_new_enum_value_gives_the_new_version_its_own_type(void **state)
{
    (void)state;
    const struct plan *plan =
        plan_of("-- segue: down orders.status = CASE WHEN status = 'void' THEN 'open' ELSE status END\n"
                "ALTER TYPE state ADD VALUE 'void' BEFORE 'paid';");
    has(plan, PHASE_EXPAND, "CREATE TYPE public_0001_test.state AS ENUM ('open', 'void', 'paid')");
    has(plan, PHASE_CONTRACT, "ALTER TYPE public_0001_test.state SET SCHEMA public");
    has(plan, PHASE_CONTRACT, "ALTER COLUMN status SET DEFAULT 'open'::public_0001_test.state");
    const struct plan *shared = plan_of("-- segue: phase expand\nALTER TYPE state ADD VALUE 'void';");
    has(shared, PHASE_EXPAND, "ALTER TYPE state ADD VALUE 'void'");
    assert_null(walk_of(shared, PHASE_BACKFILL));
}

static void what_cannot_be_kept_in_step_is_refused_at_its_place(void **state)
{
    (void)state;
    refused("ALTER TABLE customers\n  ADD COLUMN full_name text NOT NULL;", "0001_test.sql:2:3",
            "no up says what", "-- segue: up customers.full_name");
    refused("ALTER TABLE customers DROP COLUMN first_name;", "0001_test.sql:1:23", "is NOT NULL",
            "-- segue: down customers.first_name");
    refused("ALTER TABLE orders ALTER COLUMN amount TYPE bigint;", "0001_test.sql:1:20", "may lose something",
            "-- segue: down orders.amount");
    refused("ALTER TYPE state ADD VALUE 'void';", "0001_test.sql:1:1", "the old version does not know",
            "phase expand");
    refused("-- segue: up customers.full_name = frist_name\nALTER TABLE customers ADD COLUMN full_name text;",
            "0001_test.sql:1:36", "no column \"frist_name\"", "id, first_name, last_name, email, note");
    refused("-- segue: up customers.email = lower(email)\nALTER TABLE customers ADD COLUMN x text;",
            "0001_test.sql:1:11", "does not change column \"email\"", "leave it out");
    refused(
        "-- segue: down customers.note = other\nALTER TABLE customers DROP COLUMN note, ADD COLUMN other text;",
        "0001_test.sql:1:11", "which has no up", "-- segue: up customers.other");
}

static void what_others_depend_on_is_refused_with_the_list(void **state)
{
    (void)state;
    refused("-- segue: down orders.customer_id = 0\nALTER TABLE orders DROP COLUMN customer_id;",
            "0001_test.sql:2:20", "other objects depend on it", "drop or change these first");
    refused("DROP TABLE customers;", "0001_test.sql:1:1", "other objects depend on it", "drop these first");
    refused("-- segue: down customers.id = 0\nALTER TABLE customers DROP COLUMN id;", "0001_test.sql:2:23",
            "other objects depend on it", "");
}

static const char widened[] = "-- segue: up customers.twice = id * 2\n"
                              "ALTER TABLE customers ADD COLUMN twice bigint;";

/* The strategy for table customers of that many rows and megabytes, or NULL when it is refused for want of room. */
static const char *strategy_of(double rows, int megabytes, struct carry carry)
{
    struct table *table = (struct table *)catalog_table(catalog, "customers");
    struct plan *plan;
    struct error err = {0};
    carry.total_bytes = (int64_t)megabytes << 20;
    table->rows = rows;
    table->bytes = carry.total_bytes;
    table->carry = &carry;
    if (try_plan(widened, &plan, &err))
        return plan->tables[0].strategy;
    assert_non_null(
        strstr(err.message, "there is no room for a second copy of the rows of table \"customers\""));
    return NULL;
}

/* Whether the table is read from the log, and why not. */
static bool is_decoded(struct carry carry, const char *why)
{
    struct table *table = (struct table *)catalog_table(catalog, "customers");
    struct plan *plan;
    struct error err = {0};
    bool decoded = false;
    carry.wanted = true;
    table->carry = &carry;
    if (!try_plan(widened, &plan, &err)) {
        fail_msg("%s", err.message);
        return false;
    }
    assert_non_null(strstr(plan->tables[0].strategy_why, why));
    for (size_t i = 0; i < plan->n_steps; i++)
        decoded = decoded || plan->steps[i].capture;
    return decoded;
}

static void changes_are_read_from_the_log_where_it_has_the_key(void **state)
{
    const char *id[] = {"id"}, *other[] = {"email"};
    struct carry carry = {.slot = "segue_5",
                          .free_bytes = -1,
                          .identity = 'd',
                          .identity_columns = id,
                          .n_identity_columns = 1};
    (void)state;
    assert_true(is_decoded(carry, "is read from the server's log"));
    carry.capture = CAPTURE_DECODING;
    assert_true(is_decoded(carry, "is read from the server's log"));
    carry.identity_columns = other;
    assert_false(is_decoded(carry, "its replica identity does not have \"id\""));
    carry.identity_columns = id;
    carry.unlogged = "wal_level is replica, not logical";
    assert_false(is_decoded(carry, "triggers note what changes meanwhile: wal_level is replica"));
    carry.unlogged = NULL;
    carry.total_bytes = (int64_t)100 << 20;
    carry.free_bytes = (int64_t)150 << 20;
    assert_false(is_decoded(carry, "there is no room for the log that a slot would keep"));
    carry.free_bytes = -1;
    carry.capture = CAPTURE_TRIGGER;
    assert_false(is_decoded(carry, ""));
}

static void a_table_is_rebuilt_where_that_costs_less_and_there_is_room(void **state)
{
    const char *obstacles[] = {"it is published"};
    (void)state;
    assert_string_equal(strategy_of(5e6, 640, (struct carry){.free_bytes = -1}), "rebuild");
    assert_string_equal(strategy_of(5e6, 640, (struct carry){.free_bytes = (int64_t)1 << 30}), "rebuild");
    assert_string_equal(strategy_of(1e4, 640, (struct carry){.free_bytes = -1}), "in place");
    assert_string_equal(strategy_of(1e4, 640, (struct carry){.free_bytes = -1, .wanted = true}), "rebuild");
    assert_string_equal(strategy_of(5e6, 640, (struct carry){.free_bytes = -1, .writes_per_second = 1e6}),
                        "in place");
    assert_string_equal(
        strategy_of(5e6, 640, (struct carry){.free_bytes = -1, .obstacles = obstacles, .n_obstacles = 1}),
        "in place");
    assert_null(strategy_of(5e6, 640, (struct carry){.free_bytes = (int64_t)500 << 20}));
    assert_null(strategy_of(5e6, 640, (struct carry){.free_bytes = (int64_t)500 << 20, .wanted = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_triggers_and_the_old_view_appear_in_one_transaction, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_new_view_has_the_order_that_the_table_will_have, setup, teardown),
        cmocka_unit_test_setup_teardown(steps_come_in_phases_under_unique_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_outside_a_transaction_can_always_be_probed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_way_back_ends_only_in_contract, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_input_gives_the_same_plan, setup, teardown),
        cmocka_unit_test_setup_teardown(a_constant_default_touches_no_row, setup, teardown),
        cmocka_unit_test_setup_teardown(a_volatile_default_is_filled_row_by_row, setup, teardown),
        cmocka_unit_test_setup_teardown(existing_rows_and_future_rows_get_different_values, setup, teardown),
        cmocka_unit_test_setup_teardown(a_replaced_column_takes_its_index_and_constraint_along, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_shared_not_null_is_checked_then_proved_then_set, setup, teardown),
        cmocka_unit_test_setup_teardown(an_up_isolates_a_tightening, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dropped_unique_constraint_stays_until_complete, setup, teardown),
        cmocka_unit_test_setup_teardown(objects_without_a_name_get_the_server_s, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_without_a_key_is_walked_by_page, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_enum_value_gives_the_new_version_its_own_type, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_kept_in_step_is_refused_at_its_place, setup, teardown),
        cmocka_unit_test_setup_teardown(what_others_depend_on_is_refused_with_the_list, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_are_read_from_the_log_where_it_has_the_key, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_is_rebuilt_where_that_costs_less_and_there_is_room, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
