/* A statement asks the other version the same, or it is said why that cannot be said; nothing but names changes. */

#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "postgres/parse.h"
#include "postgres/parse_tree.h"
#include "postgres/translate.h"

/* email of users is email_address, zip is gone and phone new; persons is people; a and b of swaps are each other. */
static struct named_column users[] = {{"id", "id"},       {"email", "email_address"}, {"zip", NULL},
                                      {"price", "price"}, {"owner", "select"},        {NULL, "phone"}};
static struct named_column persons[] = {{"id", "id"}, {"name", "name"}};
static struct named_column swaps[] = {{"a", "b"}, {"b", "a"}};
static struct named_relation relations[] = {{"users", "users", users, SEGUE_COUNT(users)},
                                            {"persons", "people", persons, SEGUE_COUNT(persons)},
                                            {"swaps", "swaps", swaps, SEGUE_COUNT(swaps)}};
static struct named_other others[] = {
    {"public", "letters", "email"}, {"public", "log", "email_address"}, {"other", "post", "zip"}};
static const struct name_map map = {relations, SEGUE_COUNT(relations), others, SEGUE_COUNT(others)};

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

static PgQuery__Node *read_tree(struct arena *arena, const char *text)
{
    PgQuery__Node *tree;
    struct parse_fault fault;
    if (!parse_statement(arena, text, &tree, &fault))
        fail_msg("%s: %s", text, fault.message);
    return tree;
}

/* All names of tables and columns the same. */
static void blank(ProtobufCMessage *message, void *context)
{
    static char none[] = "";
    (void)context;
    if (message->descriptor == &pg_query__column_ref__descriptor) {
        PgQuery__ColumnRef *ref = (PgQuery__ColumnRef *)message;
        for (size_t i = 0; i < ref->n_fields; i++)
            if (parse_string(ref->fields[i]))
                ref->fields[i]->string->sval = none;
    } else if (message->descriptor == &pg_query__range_var__descriptor) {
        ((PgQuery__RangeVar *)message)->relname = none;
        ((PgQuery__RangeVar *)message)->alias = NULL;
    } else if (message->descriptor == &pg_query__res_target__descriptor) {
        ((PgQuery__ResTarget *)message)->name = none;
    } else if (message->descriptor == &pg_query__index_elem__descriptor) {
        ((PgQuery__IndexElem *)message)->name = none;
    }
}

static void differs_in_names_only(struct arena *arena, const char *before, const char *after)
{
    PgQuery__Node *one = read_tree(arena, before), *other = read_tree(arena, after);
    parse_walk(&one->base, blank, NULL);
    parse_walk(&other->base, blank, NULL);
    if (!parse_same(&one->base, &other->base))
        fail_msg("more than names differs: %s: %s", before, after);
}

/* What comes out, with "=" where nothing has another name and "?" before a reason. */
static const char *translated(struct arena *arena, const char *statement)
{
    struct translation out;
    pg_translate(&map, statement, arena, &out);
    if (out.kind == TRANSLATION_NONE)
        return "=";
    if (out.kind == TRANSLATION_UNSURE)
        return arena_printf(arena, "?%s", out.why_not);
    differs_in_names_only(arena, statement, out.text);
    return out.text;
}

struct pair {
    const char *statement, *expected;
};

static void check(struct arena *arena, const struct pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_string_equal(translated(arena, pairs[i].statement), pairs[i].expected);
}

static void what_has_no_other_name_stays(void **state)
{
    static const struct pair pairs[] = {
        {"SELECT id, price FROM users", "="},
        {"SELECT email FROM letters", "="},
        {"SELECT email FROM public.users", "="},
        {"SELECT email, email_address FROM letters, log", "="},
        {"WITH users AS (SELECT 1 AS email) SELECT email FROM users", "="},
        {"SELECT * FROM letters NATURAL JOIN log", "="},
        {"SELECT count(*) FROM users", "="},
        {"SELECT l.email FROM users u, letters l WHERE l.id = u.id", "="},
        {"DROP TABLE letters", "?it is of a kind that is not translated"},
        {"no statement", "="},
    };
    check(*state, pairs, SEGUE_COUNT(pairs));
}

static void columns_of_results_keep_their_names(void **state)
{
    static const struct pair pairs[] = {
        {"SELECT email FROM users", "SELECT email_address AS email FROM users"},
        {"SELECT email AS mail FROM users", "SELECT email_address AS mail FROM users"},
        {"SELECT lower(email) FROM users", "SELECT lower(email_address) FROM users"},
        {"SELECT id, email::text, price FROM users",
         "SELECT id, email_address::text AS email, price FROM users"},
        {"SELECT (email) FROM users", "SELECT (email_address) AS email FROM users"},
        {"SELECT CASE WHEN id IS DISTINCT FROM 1 THEN '' ELSE email END FROM users",
         "SELECT CASE WHEN id IS DISTINCT FROM 1 THEN '' ELSE email_address END AS email FROM users"},
        {"SELECT email COLLATE \"C\" FROM users", "SELECT email_address COLLATE \"C\" AS email FROM users"},
        {"SELECT owner FROM users", "SELECT \"select\" AS owner FROM users"},
        {"SELECT a, b FROM swaps", "SELECT b AS a, a AS b FROM swaps"},
        {"UPDATE users SET price = 1 RETURNING email",
         "UPDATE users SET price = 1 RETURNING email_address AS email"},
    };
    check(*state, pairs, SEGUE_COUNT(pairs));
}

static void names_are_found_wherever_they_stand(void **state)
{
    static const struct pair pairs[] = {
        {"SELECT id FROM users WHERE email = $1 /* email */ AND 'email' <> email",
         "SELECT id FROM users WHERE email_address = $1 AND 'email' <> email_address"},
        {"SELECT u.id FROM users u JOIN letters l ON l.email = u.email",
         "SELECT u.id FROM users u JOIN letters l ON l.email = u.email_address"},
        {"SELECT users.email FROM users", "SELECT users.email_address AS email FROM users"},
        {"SELECT id FROM users WHERE EXISTS (SELECT * FROM post WHERE of = email)",
         "SELECT id FROM users WHERE EXISTS (SELECT * FROM post WHERE of = email_address)"},
        {"SELECT id FROM post WHERE mail IN (SELECT email FROM users)",
         "SELECT id FROM post WHERE mail IN (SELECT email_address FROM users)"},
        {"SELECT s.email FROM (SELECT email FROM users) s WHERE s.email <> ''",
         "SELECT s.email FROM (SELECT email_address AS email FROM users) s WHERE s.email <> ''"},
        {"SELECT email FROM (SELECT email FROM users) s",
         "SELECT email FROM (SELECT email_address AS email FROM users) s"},
        {"WITH w AS (SELECT email, id FROM users) SELECT email FROM w ORDER BY email",
         "WITH w AS (SELECT email_address AS email, id FROM users) SELECT email FROM w ORDER BY email"},
        {"SELECT id FROM users UNION ALL SELECT id FROM users WHERE email = 'x' ORDER BY id",
         "SELECT id FROM users UNION ALL SELECT id FROM users WHERE email_address = 'x' ORDER BY id"},
        {"SELECT id FROM users ORDER BY email, lower(email) LIMIT 3",
         "SELECT id FROM users ORDER BY email_address, lower(email_address) LIMIT 3"},
        {"SELECT email FROM users ORDER BY email", "SELECT email_address AS email FROM users ORDER BY email"},
        {"SELECT email, count(*) FROM users GROUP BY email HAVING max(email) > 'a'",
         "SELECT email_address AS email, count(*) FROM users GROUP BY email_address HAVING "
         "max(email_address) > 'a'"},
        {"SELECT rank() OVER (PARTITION BY email ORDER BY email) FROM users",
         "SELECT rank() OVER (PARTITION BY email_address ORDER BY email_address) FROM users"},
        {"SELECT DISTINCT ON (email) id FROM users", "SELECT DISTINCT ON (email_address) id FROM users"},
        {"SELECT a.email FROM users a, users b WHERE a.id = b.id AND b.email = ''",
         "SELECT a.email_address AS email FROM users a, users b WHERE a.id = b.id AND b.email_address = ''"},
        {"SELECT id FROM users u WHERE email = (SELECT max(email) FROM users)",
         "SELECT id FROM users u WHERE email_address = (SELECT max(email_address) FROM users)"},
        {"SELECT x.e FROM users u, LATERAL (SELECT u.email AS e) x",
         "SELECT x.e FROM users u, LATERAL (SELECT u.email_address AS e) x"},
    };
    check(*state, pairs, SEGUE_COUNT(pairs));
}

static void statements_that_write_are_translated_too(void **state)
{
    static const struct pair pairs[] = {
        {"INSERT INTO users (id, email) VALUES ($1, $2)",
         "INSERT INTO users (id, email_address) VALUES ($1, $2)"},
        {"INSERT INTO users (id, email) VALUES (1, 'email') ON CONFLICT (id, email) DO UPDATE SET email = "
         "excluded.email WHERE users.email <> '' RETURNING id",
         "INSERT INTO users (id, email_address) VALUES (1, 'email') ON CONFLICT (id, email_address) DO UPDATE "
         "SET email_address = excluded.email_address WHERE users.email_address <> '' RETURNING id"},
        {"UPDATE users SET email = lower(email), price = 1 WHERE email = $1",
         "UPDATE users SET email_address = lower(email_address), price = 1 WHERE email_address = $1"},
        {"UPDATE users SET (email, price) = ('a', 2)", "UPDATE users SET (email_address, price) = ('a', 2)"},
        {"DELETE FROM users u USING letters l WHERE u.email = l.email",
         "DELETE FROM users u USING letters l WHERE u.email_address = l.email"},
        {"WITH gone AS (DELETE FROM users RETURNING email) SELECT email FROM gone",
         "WITH gone AS (DELETE FROM users RETURNING email_address AS email) SELECT email FROM gone"},
        {"INSERT INTO users VALUES (1, 'a')", "?INSERT goes by the order of columns"},
    };
    check(*state, pairs, SEGUE_COUNT(pairs));
}

static void tables_are_named_anew(void **state)
{
    static const struct pair pairs[] = {
        {"SELECT * FROM persons", "SELECT * FROM people AS persons"},
        {"SELECT persons.name FROM persons FOR UPDATE OF persons",
         "SELECT persons.name FROM people AS persons FOR UPDATE OF persons"},
        {"SELECT p.name FROM persons p", "SELECT p.name FROM people p"},
        {"UPDATE persons SET name = 'a' WHERE persons.id = 1",
         "UPDATE people AS persons SET name = 'a' WHERE persons.id = 1"},
        {"INSERT INTO persons VALUES (1, 'a')", "INSERT INTO people AS persons VALUES (1, 'a')"},
        {"SELECT name FROM people", "?people is another table in the new version"},
    };
    check(*state, pairs, SEGUE_COUNT(pairs));
}

static void what_is_not_clear_is_left_alone_and_says_why(void **state)
{
    static const struct pair pairs[] = {
        {"SELECT zip FROM users", "?the new version has no column zip of users"},
        {"SELECT u.zip FROM users u", "?the new version has no column zip of u"},
        {"SELECT u FROM users u", "?u is a whole row, whose columns have other names"},
        {"SELECT row_to_json(users) FROM users", "?users is a whole row, whose columns have other names"},
        {"SELECT row_to_json(u.*) FROM users u", "?u.* is a whole row, whose columns have other names"},
        {"SELECT s.email FROM (SELECT * FROM users) s", "?* has the columns of users within the statement"},
        {"SELECT email FROM users, f()", "?email may be a column of more than one table"},
        {"SELECT email FROM users u WHERE EXISTS (SELECT FROM letters WHERE email = '')",
         "?email may be a column of more than one table"},
        {"SELECT email FROM users, log",
         "?email_address may be a column of more than one table in the new version"},
        {"SELECT id FROM users JOIN letters USING (email)", "?USING (email) joins columns by that name"},
        {"SELECT id FROM users NATURAL JOIN letters", "?NATURAL JOIN goes by the names of columns"},
        {"SELECT x FROM users AS u (x, y)", "?the columns of u have names of the statement's own"},
        {"SELECT public.users.email FROM users", "?a column of users is named with its schema"},
        {"SELECT email(u) FROM users u", "?email() may be a column"},
        {"SELECT price AS email_address FROM users ORDER BY email",
         "?the result has another column email_address"},
        {"SELECT *, price AS email_address FROM users", "?the result has another column email_address"},
        {"SELECT xmlforest(email) FROM users", "?email also gives an element its name"},
    };
    check(*state, pairs, SEGUE_COUNT(pairs));
}

static void columns_of_a_star_are_told(void **state)
{
    struct translation out;
    pg_translate(&map, "SELECT * FROM users WHERE email = 'a'", *state, &out);
    assert_int_equal(out.kind, TRANSLATION_DONE);
    assert_string_equal(out.text, "SELECT * FROM users WHERE email_address = 'a'");
    assert_string_equal(out.needs, "email_address for email, select for owner");
    assert_int_equal(out.n_outputs, 2);
    assert_string_equal(out.outputs[0].from, "email");
    assert_string_equal(out.outputs[0].to, "email_address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_has_no_other_name_stays, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(columns_of_results_keep_their_names, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(names_are_found_wherever_they_stand, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(statements_that_write_are_translated_too, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(tables_are_named_anew, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(what_is_not_clear_is_left_alone_and_says_why, new_arena, free_arena),
        cmocka_unit_test_setup_teardown(columns_of_a_star_are_told, new_arena, free_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
