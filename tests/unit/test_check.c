/* An expression that means nothing to the server is refused at its word in the file, and nothing stays behind. */
#include "live_server.h"

#include <string.h>

#include "postgres/check.h"
#include "postgres/snapshot.h"

static struct catalog *catalog;

static int start(void **state)
{
    struct error err = {0};
    if (live_start(state) != 0)
        return -1;
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    live_run(session, "CREATE TYPE mood AS ENUM ('sad', 'ok'); "
                      "CREATE FUNCTION roll() RETURNS int LANGUAGE sql AS 'select 4'; "
                      "CREATE TABLE users (id int PRIMARY KEY, name text, age int, score numeric, m mood); "
                      "CREATE TABLE orders (user_id int, amount int)");
    return pg_snapshot(session, "public", live.arena, &catalog, &err) ? 0 : -1;
}

#define USERS .table = {NULL, "users"}

/* What a file does whose annotations are tried below. */
static struct change changes[] = {
    {.kind = CHANGE_CREATE_ENUM,
     .table = {NULL, "size"},
     .labels = (const char *[]){"s", "it's"},
     .n_labels = 2},
    {.kind = CHANGE_ADD_ENUM_VALUE, .table = {NULL, "mood"}, .object = "meh"},
    {.kind = CHANGE_ADD_COLUMN, USERS, .column = "fullname", .type = "text", .expr = "'x' || 'y'"},
    {.kind = CHANGE_ADD_COLUMN, USERS, .column = "sz", .type = "size", .expr = "'s'"},
    {.kind = CHANGE_ADD_COLUMN, USERS, .column = "m2", .type = "mood", .expr = "'meh'"},
    {.kind = CHANGE_RENAME_COLUMN, USERS, .column = "age", .new_name = "years"},
    {.kind = CHANGE_DROP_COLUMN, USERS, .column = "name"},
    {.kind = CHANGE_COLUMN_TYPE, USERS, .column = "score", .type = "text", .expr = "(score + 1)::text"},
};

static struct error ask_migration(struct migration *migration, bool *good)
{
    SEGUE_CLEANUP(session_cleanup) struct session *session = live_session("postgres");
    struct error err = {0};
    migration->path = "m.sql";
    *good = pg_check_expressions(session, migration, catalog, &err);
    assert_string_equal(live_value(session, "SELECT count(*) FROM pg_type WHERE typname = 'size'"), "0");
    return err;
}

static struct error ask(enum annotation_kind kind, const char *column, const char *expr, bool *good)
{
    struct annotation annotation = {
        .kind = kind, .expr_place = {3, 20}, USERS, .column = column, .expr = expr};
    struct migration migration = {.changes = changes,
                                  .n_changes = SEGUE_COUNT(changes),
                                  .annotations = &annotation,
                                  .n_annotations = 1};
    return ask_migration(&migration, good);
}

static void accepts(enum annotation_kind kind, const char *column, const char *expr)
{
    bool good;
    struct error err = ask(kind, column, expr, &good);
    if (!good)
        fail_msg("%s: %s at %s", expr, err.message, err.where);
}

static struct error refuses(enum annotation_kind kind, const char *column, const char *expr,
                            const char *where)
{
    bool good;
    struct error err = ask(kind, column, expr, &good);
    assert_false(good);
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_string_equal(err.where, where);
    return err;
}

static void up_reads_the_old_version_and_down_the_new(void **state)
{
    (void)state;
    accepts(ANNOTATION_UP, "fullname", "name || users.age");
    accepts(ANNOTATION_UP, "fullname", "(SELECT max(amount) FROM orders WHERE user_id = id)::text");
    accepts(ANNOTATION_DOWN, "name", "fullname || years -- and a comment");
    accepts(ANNOTATION_DOWN, "score", "length(score)");
    accepts(ANNOTATION_EXISTING, "fullname", "random()::text");
    refuses(ANNOTATION_UP, "fullname", "years::text", "m.sql:3:20");
    refuses(ANNOTATION_DOWN, "name", "name", "m.sql:3:20");
}

static void the_place_is_that_of_the_word(void **state)
{
    (void)state;
    struct error err = refuses(ANNOTATION_UP, "fullname", "name || 'ä' || nope", "m.sql:3:35");
    assert_non_null(strstr(err.hint, "old version): id, name, age, score, m"));
    refuses(ANNOTATION_UP, "fullname", "(SELECT 1 FROM nosuch)", "m.sql:3:35");
    refuses(ANNOTATION_UP, "fullname", "other.name", "m.sql:3:20");
}

static void an_expression_is_one_value_of_the_right_type(void **state)
{
    (void)state;
    refuses(ANNOTATION_UP, "fullname", "max(age)::text", "m.sql:3:20");
    refuses(ANNOTATION_UP, "fullname", "generate_series(1, 2)::text", "m.sql:3:20");
    refuses(ANNOTATION_UP, "fullname", "row_number() OVER ()", "m.sql:3:20");
    refuses(ANNOTATION_UP, "sz", "'no label'", "m.sql:3:20");
    refuses(ANNOTATION_DOWN, "age", "now()", "m.sql:3:20");
    accepts(ANNOTATION_UP, "sz", "(CASE WHEN age > 1 THEN 's' ELSE 'it''s' END)::size");
}

static void a_value_is_assigned_as_psql_would(void **state)
{
    (void)state;
    struct error err =
        refuses(ANNOTATION_UP, "sz", "CASE WHEN age > 1 THEN 's' ELSE 'it''s' END", "m.sql:3:20");
    assert_string_equal(err.message, "column \"sz\" is of type size but expression is of type text");
    assert_non_null(strstr(err.hint, "END)::size"));
    refuses(ANNOTATION_DOWN, "age", "fullname", "m.sql:3:20");
    accepts(ANNOTATION_DOWN, "age", "fullname::int");
    accepts(ANNOTATION_DOWN, "age", "1.5");
    accepts(ANNOTATION_DOWN, "age", "NULL");
    accepts(ANNOTATION_UP, "fullname", "age");
    accepts(ANNOTATION_UP, "fullname", "'x' -- and a comment");
}

static void a_volatile_function_is_refused_by_name(void **state)
{
    (void)state;
    assert_non_null(
        strstr(refuses(ANNOTATION_UP, "fullname", "random()::text", "m.sql:3:20").message, "random"));
    assert_non_null(
        strstr(refuses(ANNOTATION_UP, "fullname", "public.roll()::text", "m.sql:3:20").message, "roll"));
    assert_non_null(
        strstr(refuses(ANNOTATION_DOWN, "name", "fullname || roll()", "m.sql:3:20").message, "roll"));
}

static void a_label_that_the_file_adds_may_be_used(void **state)
{
    (void)state;
    accepts(ANNOTATION_UP, "m2", "(CASE WHEN m = 'sad' THEN 'meh' ELSE m::text END)::mood");
    refuses(ANNOTATION_UP, "m2", "'meh' || nope", "m.sql:3:29");
}

static void statements_are_asked_about_too(void **state)
{
    (void)state;
    static struct constraint_def check = {.kind = CONSTRAINT_CHECK};
    static const struct {
        const char *type, *expr, *check;
    } bad[] = {{"int", "'zz'", NULL},
               {"int", "id", NULL},
               {"nosuch", "1", NULL},
               {"int", "1", "CHECK (q > 0 AND vex > 0)"}};
    for (size_t i = 0; i < SEGUE_COUNT(bad); i++) {
        check.definition = bad[i].check;
        struct change tried[] = {
            {.kind = CHANGE_ADD_COLUMN,
             .place = {9, 1},
             USERS,
             .column = "q",
             .type = bad[i].type,
             .expr = bad[i].expr},
            {.kind = CHANGE_ADD_CONSTRAINT, .place = {9, 1}, USERS, .constraint = &check},
        };
        struct migration migration = {.changes = tried, .n_changes = bad[i].check ? 2 : 1};
        bool good;
        struct error err = ask_migration(&migration, &good);
        assert_false(good);
        assert_string_equal(err.where, "m.sql:9:1");
    }
}

static struct error refuses_file(struct change *tried, size_t n)
{
    struct migration migration = {.changes = tried, .n_changes = n};
    bool good;
    struct error err = ask_migration(&migration, &good);
    assert_false(good);
    assert_int_equal(err.class, ERROR_REFUSED);
    return err;
}

static void accepts_file(struct change *tried, size_t n)
{
    struct migration migration = {.changes = tried, .n_changes = n};
    bool good;
    struct error err = ask_migration(&migration, &good);
    if (!good)
        fail_msg("%s at %s", err.message, err.where);
}

static struct change new_table(const char *name, const char *sql)
{
    return (struct change){.kind = CHANGE_CREATE_TABLE, .place = {5, 1}, .table = {NULL, name}, .sql = sql};
}

static struct change foreign_key(const char *table, struct constraint_def *def)
{
    return (struct change){
        .kind = CHANGE_ADD_CONSTRAINT, .place = {7, 3}, .table = {NULL, table}, .constraint = def};
}

static void an_unknown_type_is_refused_with_the_one_that_is_meant(void **state)
{
    (void)state;
    struct change column = {.kind = CHANGE_ADD_COLUMN, .place = {2, 7}, USERS, .column = "q", .type = "txet"};
    struct error err = refuses_file(&column, 1);
    assert_string_equal(err.where, "m.sql:2:7");
    assert_string_equal(err.hint, "did you mean text?");
    column.type = "moood[]";
    assert_string_equal(refuses_file(&column, 1).hint, "did you mean mood?");
    column.type = "record";
    refuses_file(&column, 1);
    column.type = "mood[]";
    accepts_file(&column, 1);
}

static void a_new_type_needs_a_cast_or_words_for_it(void **state)
{
    (void)state;
    struct change retype = {
        .kind = CHANGE_COLUMN_TYPE, .place = {2, 7}, USERS, .column = "name", .type = "integer"};
    struct error err = refuses_file(&retype, 1);
    assert_string_equal(
        err.message, "column \"name\" of table \"users\" cannot be cast automatically from text to integer");
    assert_string_equal(err.where, "m.sql:2:7");
    assert_non_null(strstr(err.hint, "USING name::integer"));
    assert_non_null(strstr(err.hint, "-- segue: up users.name ="));
    struct annotation up = {.kind = ANNOTATION_UP, USERS, .column = "name", .expr = "length(name)"};
    struct migration migration = {.changes = &retype, .n_changes = 1, .annotations = &up, .n_annotations = 1};
    bool good;
    (void)ask_migration(&migration, &good);
    assert_true(good);
    retype.expr = "name::integer";
    accepts_file(&retype, 1);
    retype = (struct change){.kind = CHANGE_COLUMN_TYPE, USERS, .column = "age", .type = "bigint"};
    accepts_file(&retype, 1);
}

static void a_foreign_key_points_to_a_key_of_a_table_that_is_there(void **state)
{
    (void)state;
    struct constraint_def def = {.kind = CONSTRAINT_FOREIGN_KEY,
                                 .definition = "FOREIGN KEY (user_id) REFERENCES usres(id)",
                                 .references = {NULL, "usres"}};
    struct change key = foreign_key("orders", &def);
    struct error err = refuses_file(&key, 1);
    assert_string_equal(err.message, "relation \"usres\" does not exist");
    assert_string_equal(err.where, "m.sql:7:3");
    assert_string_equal(err.hint, "did you mean \"users\"?");

    def.references.name = "users";
    def.definition = "FOREIGN KEY (user_id) REFERENCES users(nope)";
    assert_non_null(strstr(refuses_file(&key, 1).message, "\"nope\""));
    def.definition = "FOREIGN KEY (user_id) REFERENCES users(age)";
    assert_string_equal(refuses_file(&key, 1).message,
                        "there is no unique constraint matching given keys for referenced table \"users\"");
    def.definition = "FOREIGN KEY (user_id) REFERENCES users(m)";
    refuses_file(&key, 1);
    def.definition = "FOREIGN KEY (user_id) REFERENCES users";
    accepts_file(&key, 1);
}

static void a_foreign_key_sees_what_the_file_did_before(void **state)
{
    (void)state;
    struct constraint_def unique = {.kind = CONSTRAINT_UNIQUE,
                                    .definition = "UNIQUE (years)",
                                    .columns = (const char *[]){"years"},
                                    .n_columns = 1};
    struct constraint_def def = {.kind = CONSTRAINT_FOREIGN_KEY,
                                 .definition = "FOREIGN KEY (user_id) REFERENCES people(years)",
                                 .references = {NULL, "people"}};
    struct change file[] = {
        {.kind = CHANGE_RENAME_TABLE, USERS, .new_name = "people"},
        {.kind = CHANGE_RENAME_COLUMN, .table = {NULL, "people"}, .column = "age", .new_name = "years"},
        {.kind = CHANGE_ADD_CONSTRAINT, .table = {NULL, "people"}, .constraint = &unique},
        foreign_key("orders", &def),
    };
    accepts_file(file, SEGUE_COUNT(file));
    def.references.name = "users";
    def.definition = "FOREIGN KEY (user_id) REFERENCES users(id)";
    assert_non_null(strstr(refuses_file(file, SEGUE_COUNT(file)).hint, "drops or renames"));
}

static void a_new_table_is_tried(void **state)
{
    (void)state;
    struct change table =
        new_table("t", "CREATE TABLE t (\n  id int PRIMARY KEY, owner int REFERENCES users (id))");
    accepts_file(&table, 1);
    table.sql = "CREATE TABLE t (\n  id int, x txet)";
    assert_string_equal(refuses_file(&table, 1).where, "m.sql:6:13");
    table.sql = "CREATE TABLE t (\n  id int REFERENCES nosuch)";
    struct error err = refuses_file(&table, 1);
    assert_string_equal(err.where, "m.sql:6:21");
    assert_string_equal(err.message, "relation \"nosuch\" does not exist");
    table.sql = "CREATE TABLE t (name text REFERENCES users (name))";
    assert_null(strstr(refuses_file(&table, 1).message, "_segue"));
    table.sql = "CREATE TABLE t (m mood DEFAULT 'meh')";
    refuses_file(&table, 1);
}

static void a_new_table_may_use_what_the_file_makes(void **state)
{
    (void)state;
    struct change file[] = {
        changes[0],
        new_table("a", "CREATE TABLE a (id int PRIMARY KEY, sz size DEFAULT 's')"),
        new_table("b", "CREATE TABLE b (a int REFERENCES a, me int UNIQUE REFERENCES b (me))"),
    };
    accepts_file(file, SEGUE_COUNT(file));
    /* A label that is not there yet: the table cannot be tried, nor can what needs it. */
    struct change grows[] = {
        changes[1],
        new_table("a", "CREATE TABLE a (id int PRIMARY KEY, m mood DEFAULT 'meh')"),
        new_table("b", "CREATE TABLE b (a int REFERENCES a)"),
    };
    accepts_file(grows, SEGUE_COUNT(grows));
}

/* The table that a foreign key points to must not be locked. */
static void the_check_locks_no_table_that_exists(void **state)
{
    (void)state;
    SEGUE_CLEANUP(session_cleanup) struct session *writer = live_session("postgres");
    live_run(writer, "BEGIN; INSERT INTO users (id) VALUES (-1); INSERT INTO orders VALUES (1, 1)");
    struct constraint_def def = {.kind = CONSTRAINT_FOREIGN_KEY,
                                 .definition = "FOREIGN KEY (user_id) REFERENCES users(id)",
                                 .references = {NULL, "users"}};
    struct change file[] = {new_table("t", "CREATE TABLE t (owner int REFERENCES users)"),
                            foreign_key("orders", &def)};
    accepts_file(file, SEGUE_COUNT(file));
    live_run(writer, "ROLLBACK");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_reads_the_old_version_and_down_the_new),
        cmocka_unit_test(the_place_is_that_of_the_word),
        cmocka_unit_test(an_expression_is_one_value_of_the_right_type),
        cmocka_unit_test(a_value_is_assigned_as_psql_would),
        cmocka_unit_test(a_volatile_function_is_refused_by_name),
        cmocka_unit_test(a_label_that_the_file_adds_may_be_used),
        cmocka_unit_test(statements_are_asked_about_too),
        cmocka_unit_test(an_unknown_type_is_refused_with_the_one_that_is_meant),
        cmocka_unit_test(a_new_type_needs_a_cast_or_words_for_it),
        cmocka_unit_test(a_foreign_key_points_to_a_key_of_a_table_that_is_there),
        cmocka_unit_test(a_foreign_key_sees_what_the_file_did_before),
        cmocka_unit_test(a_new_table_is_tried),
        cmocka_unit_test(a_new_table_may_use_what_the_file_makes),
        cmocka_unit_test(the_check_locks_no_table_that_exists),
    };
    return cmocka_run_group_tests(tests, start, live_stop);
}
