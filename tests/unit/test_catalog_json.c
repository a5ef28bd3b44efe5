/* A snapshot that a real server printed says what the schema behind it says. */
#include "golden.h"

#include "catalog/catalog.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct catalog *load(const char *name)
{
    SEGUE_CLEANUP(text_free) struct text json = {0};
    char path[512];
    (void)snprintf(path, sizeof path, "%s/../fixtures/%s", GOLDEN_DIR, name);
    golden_read(path, &json);
    struct catalog *catalog = NULL;
    struct error err = {0};
    if (!catalog_from_json(arena, text_string(&json), &catalog, &err))
        fail_msg("%s %s", err.message, err.detail);
    return catalog;
}

static bool has_dependent(const struct table *table, const char *kind, const char *name, int column)
{
    for (size_t i = 0; i < table->n_dependents; i++) {
        const struct dependent *dependent = &table->dependents[i];
        if (strcmp(dependent->kind, kind) == 0 && strcmp(dependent->name, name) == 0 &&
            dependent->column == column)
            return true;
    }
    return false;
}

static bool has_text(const char *const *list, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], wanted) == 0)
            return true;
    return false;
}

static void the_schema_itself_is_loaded(void **state)
{
    (void)state;
    const struct catalog *catalog = load("catalog-15.json");
    assert_int_equal(catalog->server_version / 10000, 15);
    assert_string_equal(catalog->user, "dev");
    assert_string_equal(catalog->schema, "public");
    assert_string_equal(catalog->current_version, "public_base");
    assert_int_equal(catalog->n_search_path, 1);
    assert_true(catalog->can_silence_triggers);
    assert_int_equal(catalog->n_tables, 9);
    assert_true(has_text(catalog->relation_names, catalog->n_relation_names, "users_id_seq"));
    assert_true(has_text(catalog->relation_names, catalog->n_relation_names, "uv"));
    assert_true(has_text(catalog->type_names, catalog->n_type_names, "mood_d"));
    assert_false(has_text(catalog->type_names, catalog->n_type_names, "users"));
    assert_true(has_text(catalog->volatile_functions, catalog->n_volatile_functions, "gen_random_uuid"));
    assert_true(has_text(catalog->volatile_functions, catalog->n_volatile_functions, "vol"));
    assert_false(has_text(catalog->volatile_functions, catalog->n_volatile_functions, "now"));
}

static void columns_carry_all_that_makes_them(void **state)
{
    (void)state;
    const struct table *users = catalog_table(load("catalog-15.json"), "users");
    assert_non_null(users);
    const struct column *id = table_column(users, "id");
    assert_string_equal(id->owned_sequence, "public.users_id_seq");
    assert_true(id->not_null && id->default_volatile && !id->identity);
    assert_true(table_column(users, "i")->identity);
    assert_true(table_column(users, "g")->generated);
    assert_null(table_column(users, "g")->default_expr);
    assert_string_equal(table_column(users, "name")->type, "character varying(50)");
    assert_string_equal(table_column(users, "name")->compression, "pglz");
    const struct column *email = table_column(users, "email");
    assert_string_equal(email->collation, "pg_catalog.\"C\"");
    assert_string_equal(email->comment, "mail \"x\"");
    assert_string_equal(email->grants[0], "UPDATE TO \"Mixed Role\"");
    assert_int_equal(email->statistics_target, 500);
    assert_int_equal(id->statistics_target, -1);
    assert_true(table_column(users, "m")->type_is_enum && !table_column(users, "m")->type_is_array);
    assert_true(table_column(users, "ms")->type_is_enum && table_column(users, "ms")->type_is_array);
    assert_string_equal(table_column(users, "ms")->type_name, "mood");
    /* The dropped column keeps its number. */
    assert_string_equal(table_column_number(users, 16)->storage, "EXTERNAL");
    assert_null(table_column_number(users, 15));
}

static void the_servers_own_bookkeeping_is_no_option(void **state)
{
    (void)state;
    const struct table *users = catalog_table(load("catalog-15.json"), "users");
    assert_string_equal(table_column(users, "email")->options, "n_distinct=5");
    assert_null(table_column(users, "id")->options);
}

static void defaults_are_volatile_when_what_they_call_is(void **state)
{
    (void)state;
    const struct table *users = catalog_table(load("catalog-15.json"), "users");
    assert_true(table_column(users, "c2")->default_volatile);
    assert_true(table_column(users, "u")->default_volatile);
    assert_true(table_column(users, "v")->default_volatile);
    assert_false(table_column(users, "created")->default_volatile);
    assert_false(table_column(users, "s")->default_volatile);
    assert_false(table_column(users, "name")->default_volatile);
}

static void only_an_index_that_orders_as_its_columns_do_is_walkable(void **state)
{
    (void)state;
    const struct catalog *catalog = load("catalog-15.json");
    const struct table *users = catalog_table(catalog, "users");
    assert_true(table_index(users, "users_pkey")->walkable);
    assert_true(table_index(users, "users_id_name")->walkable);
    assert_false(table_index(users, "users_id_name2")->walkable);  /* one key descends, the other does not */
    assert_false(table_index(users, "users_name_pat")->walkable);  /* another operator class */
    assert_false(table_index(users, "users_email_key")->walkable); /* may be NULL */
    const struct catalog_index *index = NULL;
    assert_ptr_equal(catalog_index_table(catalog, "users_lower_name_amount_idx", &index), users);
    assert_int_equal(index->n_keys, 2);
    assert_int_equal(index->keys[0], 0);
    assert_int_equal(index->n_columns, 4);
}

static void constraints_say_whether_they_hold(void **state)
{
    (void)state;
    const struct catalog *catalog = load("catalog-15.json");
    const struct table *orders = catalog_table(catalog, "orders");
    assert_false(table_constraint(orders, "nv")->valid);
    assert_string_equal(table_constraint(orders, "nv")->comment, "later");
    assert_int_equal(table_constraint(orders, "orders_box_excl")->kind, 'x');
    const struct catalog_constraint *key = table_constraint(orders, "orders_user_id_fkey");
    assert_string_equal(key->ref_table, "public.users");
    assert_true(key->valid);
    assert_string_equal(orders->incoming[0].table, "public.lines");
    assert_int_equal(orders->incoming[0].n_ref_columns, 2);
}

static void what_stands_in_the_way_is_named_with_its_column(void **state)
{
    (void)state;
    const struct catalog *catalog = load("catalog-15.json");
    const struct table *users = catalog_table(catalog, "users");
    assert_true(has_dependent(users, "view", "uv", 2));
    assert_true(has_dependent(users, "materialized view", "um", 3));
    assert_true(has_dependent(users, "generated column", "g", 2));
    assert_true(has_dependent(users, "policy", "p on users", 11));
    assert_true(has_dependent(users, "publication", "pub", 3));
    assert_true(has_dependent(users, "function", "sqlbody(integer)", 1));
    assert_true(has_dependent(users, "statistics object", "st", 2));
    assert_true(has_dependent(users, "trigger", "tr on users", 11));
    assert_true(has_dependent(catalog_table(catalog, "part"), "partition key", "part", 2));
    assert_true(
        has_dependent(catalog_table(catalog, "orders"), "column of the row type", "os of rowuser", 0));
}

static void an_owner_is_listed_only_where_they_lack_something(void **state)
{
    (void)state;
    const struct catalog *catalog = load("catalog-15.json");
    const struct table *users = catalog_table(catalog, "users");
    const struct table *orders = catalog_table(catalog, "orders");
    assert_int_equal(users->n_grants, 3);
    assert_true(has_text(users->grants, users->n_grants, "INSERT TO app_reader WITH GRANT OPTION"));
    assert_true(has_text(users->grants, users->n_grants, "SELECT TO PUBLIC"));
    assert_true(has_text(orders->grants, orders->n_grants, "SELECT TO postgres"));
    assert_false(has_text(orders->grants, orders->n_grants, "DELETE TO postgres"));
    assert_true(users->owned);
    assert_false(orders->owned);
}

static void not_null_constraints_of_18_are_names_of_columns(void **state)
{
    (void)state;
    const struct table *users = catalog_table(load("catalog-18.json"), "users");
    assert_string_equal(table_column(users, "name")->not_null_name, "users_name_not_null");
    assert_null(table_constraint(users, "users_name_not_null"));
    assert_null(table_column(catalog_table(load("catalog-15.json"), "users"), "name")->not_null_name);
}

static void enum_types_have_their_labels_in_order(void **state)
{
    (void)state;
    const struct catalog_type *mood = catalog_enum(load("catalog-15.json"), "mood");
    assert_int_equal(mood->n_labels, 3);
    assert_string_equal(mood->labels[0], "sad");
    assert_string_equal(mood->grants[0], "USAGE TO app_reader");
    assert_int_equal(mood->n_other_users, 2);
}

static void a_snapshot_without_a_needed_key_is_refused(void **state)
{
    (void)state;
    struct catalog *catalog = NULL;
    struct error err = {0};
    assert_false(catalog_from_json(arena, "[]", &catalog, &err));
    assert_false(catalog_from_json(arena, "{\"database\": \"d\"", &catalog, &err));
    assert_false(catalog_from_json(
        arena,
        "{\"database\":\"d\",\"user\":\"u\",\"schema\":\"s\",\"tables\":[{\"schema\":\"s\",\"owner\":\"o\"}]}",
        &catalog, &err));
    assert_string_equal(err.message, "the catalog snapshot has a table without \"name\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_itself_is_loaded),
        cmocka_unit_test(columns_carry_all_that_makes_them),
        cmocka_unit_test(the_servers_own_bookkeeping_is_no_option),
        cmocka_unit_test(defaults_are_volatile_when_what_they_call_is),
        cmocka_unit_test(only_an_index_that_orders_as_its_columns_do_is_walkable),
        cmocka_unit_test(constraints_say_whether_they_hold),
        cmocka_unit_test(what_stands_in_the_way_is_named_with_its_column),
        cmocka_unit_test(an_owner_is_listed_only_where_they_lack_something),
        cmocka_unit_test(not_null_constraints_of_18_are_names_of_columns),
        cmocka_unit_test(enum_types_have_their_labels_in_order),
        cmocka_unit_test(a_snapshot_without_a_needed_key_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
