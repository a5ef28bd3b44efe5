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
    accepts(ANNOTATION_UP, "sz", "CASE WHEN age > 1 THEN 's' ELSE 'it''s' END");
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
    accepts(ANNOTATION_UP, "m2", "CASE WHEN m = 'sad' THEN 'meh' ELSE m END");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_reads_the_old_version_and_down_the_new),
        cmocka_unit_test(the_place_is_that_of_the_word),
        cmocka_unit_test(an_expression_is_one_value_of_the_right_type),
        cmocka_unit_test(a_volatile_function_is_refused_by_name),
        cmocka_unit_test(a_label_that_the_file_adds_may_be_used),
        cmocka_unit_test(statements_are_asked_about_too),
    };
    return cmocka_run_group_tests(tests, start, live_stop);
}
