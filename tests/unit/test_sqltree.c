/* Edits of SQL through its parse tree change names and nothing else. */

#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/text.h"
#include "postgres/sqltree.h"

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

static const struct rename to_hidden[] = {{"a", "_segue_1_a"}, {"b", "B c"}, {"x", "select"}};

/* The distinct columns joined by commas; "!" before them when there is a subquery; the message when refused. */
static const char *columns_of(struct arena *arena, const char *expr, const char *table)
{
    const char **names;
    size_t n;
    bool has_subquery;
    struct error err;
    SEGUE_CLEANUP(text_free) struct text out = {0};
    if (!sql_expr_columns(arena, expr, table, &names, &n, &has_subquery, &err))
        return arena_strdup(arena, err.message);
    text_append(&out, has_subquery ? "!" : "");
    for (size_t i = 0; i < n; i++)
        text_printf(&out, "%s%s", i ? "," : "", names[i]);
    return arena_strdup(arena, text_string(&out));
}

static const char *renamed(struct arena *arena, const char *expr)
{
    const char *out;
    struct error err;
    if (!sql_expr_rename(arena, expr, to_hidden, SEGUE_COUNT(to_hidden), &out, &err))
        return arena_strdup(arena, err.message);
    return out;
}

static void the_columns_of_an_expression_are_distinct_and_in_order(void **state)
{
    assert_string_equal(columns_of(*state, "b || a || users.b || public.users.c", "users"), "b,a,c");
    assert_string_equal(columns_of(*state, "now() - interval '1 day'", "users"), "");
    assert_string_equal(columns_of(*state, "\"Odd\" + \"a\"\"b\"", "users"), "Odd,a\"b");
    assert_string_equal(columns_of(*state, "case when a is null then array[b, c] else d[e] end", "t"),
                        "a,b,c,d,e");
    assert_string_equal(columns_of(*state, "a /* b */ + 'c' -- d", "t"), "a");
}

static void a_subquery_makes_the_list_a_superset(void **state)
{
    assert_string_equal(
        columns_of(*state, "(select max(o.total) from orders o where o.user_id = users.id and x)", "users"),
        "!id,x");
    assert_string_equal(columns_of(*state, "exists (select * from o where o.id = t.id)", "t"), "!id");
}

static void what_is_no_expression_of_one_row_is_refused(void **state)
{
    assert_string_equal(columns_of(*state, "t.*", "t"), "t.* means the whole row; name its columns instead");
    assert_string_equal(columns_of(*state, "*", "t"), "* means the whole row; name its columns instead");
    assert_string_equal(columns_of(*state, "(select count(t.*) from x)", "t"),
                        "t.* means the whole row; name its columns instead");
    assert_string_equal(columns_of(*state, "other.a + 1", "t"), "other.a is not a column of t");
    assert_string_equal(columns_of(*state, "$1 + 1", "t"), "parameters and DEFAULT have no value here");
    assert_string_equal(columns_of(*state, "DEFAULT", "t"), "parameters and DEFAULT have no value here");
    assert_string_equal(columns_of(*state, "a, b", "t"), "this is a list, not one expression");
    assert_string_equal(columns_of(*state, "a from t", "t"), "this is a query, not an expression");
    assert_string_equal(columns_of(*state, "a as b", "t"), "an expression has no name of its own (\"b\")");
    assert_string_equal(columns_of(*state, "1; drop table t", "t"), "syntax error at or near \";\"");
    assert_string_equal(columns_of(*state, "1 union select 2", "t"), "this is a query, not an expression");
    assert_string_equal(columns_of(*state, "", "t"), "the expression is missing");
    assert_string_equal(columns_of(*state, "a +", "t"), "syntax error at end of input");
    assert_string_equal(columns_of(*state, "'a", "t"), "unterminated quoted string at or near \"'a \"");
}

static void columns_are_renamed_and_nothing_else(void **state)
{
    assert_string_equal(renamed(*state, "a + t.a + s.t.b"), "_segue_1_a + _segue_1_a + \"B c\"");
    assert_string_equal(renamed(*state, "a.a + b.c"), "_segue_1_a + c");
    assert_string_equal(renamed(*state, "(a at time zone 'utc')::date"),
                        "(_segue_1_a at time zone 'utc')::date");
    assert_string_equal(renamed(*state, "(not a) is null and x > 'a' || \"a\""),
                        "(not _segue_1_a) is null and \"select\" > 'a' || _segue_1_a");
    assert_string_equal(renamed(*state, "a(a => a, b => 'b')"), "a(a => _segue_1_a, b => 'b')");
    assert_string_equal(renamed(*state, "a[b].a"), "_segue_1_a[\"B c\"].a");
    assert_string_equal(renamed(*state, "a -- c\n  ||\n /* a */ b"), "_segue_1_a || \"B c\"");
    assert_string_equal(renamed(*state, "'a'\n 'b' || a"), "'a'\n 'b' || _segue_1_a");
    assert_string_equal(renamed(*state, "E'\\'a' || $$a$$ || a"), "E'\\'a' || $$a$$ || _segue_1_a");
    assert_string_equal(renamed(*state, "(select a)"),
                        "columns cannot be renamed in an expression with a subquery");
}

static void a_swap_of_names_is_made_at_once(void **state)
{
    const struct rename swap[] = {{"a", "b"}, {"b", "a"}};
    const char *out;
    struct error err;
    assert_true(sql_expr_rename(*state, "a - b", swap, 2, &out, &err));
    assert_string_equal(out, "b - a");
}

static void the_tables_own_qualifier_is_taken_off(void **state)
{
    const char *out;
    struct error err;
    assert_true(sql_expr_unqualify(*state, "t.a  +\n public.t.b", "t", &out, &err));
    assert_string_equal(out, "a + b");
    assert_true(sql_expr_unqualify(*state, "(select t.a  from u)", "t", &out, &err));
    assert_string_equal(out, "(select t.a from u)");
    assert_false(sql_expr_unqualify(*state, "u.a", "t", &out, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
}

struct constraint_case {
    const char *definition;
    bool not_valid;
    const char *expected;
};

static void constraints_are_renamed_and_nothing_else(void **state)
{
    static const struct constraint_case cases[] = {
        {"CHECK ((a > 0))", false, "CHECK ((_segue_1_a > 0))"},
        {"CHECK ((a > 0)) NOT VALID", false, "CHECK ((_segue_1_a > 0))"},
        {"CHECK (((b)::text <> ''::text)) NO INHERIT", true,
         "CHECK (((\"B c\")::text <> ''::text)) NO INHERIT NOT VALID"},
        {"UNIQUE (a, c, b)", false, "UNIQUE (_segue_1_a, c, \"B c\")"},
        {"UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b, c)", false,
         "UNIQUE NULLS NOT DISTINCT (_segue_1_a) INCLUDE (\"B c\", c)"},
        {"UNIQUE (a) WITH (fillfactor='70') USING INDEX TABLESPACE a DEFERRABLE INITIALLY DEFERRED", false,
         "UNIQUE (_segue_1_a) WITH (fillfactor='70') USING INDEX TABLESPACE a DEFERRABLE INITIALLY DEFERRED"},
        {"UNIQUE (a) WITH (fillfactor=70, deduplicate_items=off)", false,
         "UNIQUE (_segue_1_a) WITH (fillfactor=70, deduplicate_items=off)"},
        {"PRIMARY KEY (a, b)", false, "PRIMARY KEY (_segue_1_a, \"B c\")"},
        {"FOREIGN KEY (a) REFERENCES t(a)", true, "FOREIGN KEY (_segue_1_a) REFERENCES t(a) NOT VALID"},
        {"FOREIGN KEY (a, b) REFERENCES \"S\".\"T\"(a, b) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT NOT VALID",
         false,
         "FOREIGN KEY (_segue_1_a, \"B c\") REFERENCES \"S\".\"T\"(a, b) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT"},
        {"FOREIGN KEY (a, b) REFERENCES t(a, b) ON DELETE SET NULL (b) DEFERRABLE", false,
         "FOREIGN KEY (_segue_1_a, \"B c\") REFERENCES t(a, b) ON DELETE SET NULL (\"B c\") DEFERRABLE"},
        {"FOREIGN KEY (a) REFERENCES t ON DELETE SET DEFAULT", false,
         "FOREIGN KEY (_segue_1_a) REFERENCES t ON DELETE SET DEFAULT"},
        {"EXCLUDE USING gist (a WITH =, tsrange(b, x) WITH &&) WHERE ((a IS NOT NULL))", false,
         "EXCLUDE USING gist (_segue_1_a WITH =, tsrange(\"B c\", \"select\") WITH &&) WHERE ((_segue_1_a IS NOT NULL))"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(cases); i++) {
        const char *out;
        struct error err;
        if (!sql_constraint_rename(*state, cases[i].definition, to_hidden, SEGUE_COUNT(to_hidden),
                                   cases[i].not_valid, false, &out, &err))
            fail_msg("%s: %s", cases[i].definition, err.message);
        assert_string_equal(out, cases[i].expected);
    }
}

static void a_self_reference_renames_both_sides(void **state)
{
    const char *out;
    struct error err;
    assert_true(sql_constraint_rename(*state, "FOREIGN KEY (b) REFERENCES t(a)", to_hidden,
                                      SEGUE_COUNT(to_hidden), false, true, &out, &err));
    assert_string_equal(out, "FOREIGN KEY (\"B c\") REFERENCES t(_segue_1_a)");
}

static void a_foreign_key_can_point_to_another_table(void **state)
{
    const char *out;
    struct error err;
    const struct name target = {"public", "New"};
    assert_true(sql_constraint_retarget(*state, "FOREIGN KEY (b) REFERENCES t(a) NOT VALID", &target, false,
                                        &out, &err));
    assert_string_equal(out, "FOREIGN KEY (b) REFERENCES public.\"New\"(a)");
    assert_false(sql_constraint_retarget(*state, "CHECK (a)", &target, false, &out, &err));
}

static void constraints_become_data(void **state)
{
    struct constraint_def *def;
    struct error err;
    assert_true(
        sql_constraint_parse(*state, "FOREIGN KEY (b, a) REFERENCES s.t(c, d) NOT VALID", &def, &err));
    assert_int_equal(def->kind, CONSTRAINT_FOREIGN_KEY);
    assert_int_equal(def->n_columns, 2);
    assert_string_equal(def->columns[0], "b");
    assert_string_equal(def->references.schema, "s");
    assert_string_equal(def->ref_columns[1], "d");
    assert_true(def->not_valid);
    assert_string_equal(def->definition, "FOREIGN KEY (b, a) REFERENCES s.t(c, d)");
    assert_true(sql_constraint_parse(*state, "CHECK (b > a OR b IS NULL)", &def, &err));
    assert_int_equal(def->kind, CONSTRAINT_CHECK);
    assert_int_equal(def->n_columns, 2);
    assert_null(def->name);
    const char *exclude =
        "EXCLUDE USING gist (t.a WITH =, lower(b) WITH =, a WITH =) INCLUDE (c) WHERE (t.d > 0)";
    assert_false(sql_constraint_parse(*state, exclude, &def, &err)); /* t is not known */
    exclude = "EXCLUDE USING gist (a WITH =, lower(b) WITH =, (b || a) WITH =) INCLUDE (c) WHERE (d > 0)";
    assert_true(sql_constraint_parse(*state, exclude, &def, &err));
    assert_int_equal(def->kind, CONSTRAINT_EXCLUSION);
    assert_string_equal(def->definition, exclude);
    assert_int_equal(def->n_columns, 4);
    assert_int_equal(def->n_name_parts, 4);
    assert_string_equal(def->name_parts[1], "lower");
    assert_string_equal(def->name_parts[2], "expr");
    assert_false(sql_constraint_parse(*state, "NOT ENFORCED", &def, &err));
}

static void an_exclusion_is_taken_apart(void **state)
{
    struct sql_exclusion out;
    struct error err;
    bool depends;
    const char *text =
        "EXCLUDE USING gist (a DESC WITH OPERATOR(pg_catalog.=), \"B c\" COLLATE \"C\" ops(x = 1) WITH =, "
        "tsrange(b, (c + 1)) range_ops WITH &&, (b || (c)) COLLATE s.\"D\" WITH <>) INCLUDE (e) WITH "
        "(fillfactor='70') WHERE (((a > 0) AND b)) DEFERRABLE";
    assert_true(sql_exclusion_parse(*state, text, &out, &err));
    assert_string_equal(out.method, "gist");
    assert_int_equal(out.n, 4);
    assert_string_equal(out.elements[0].index, "a DESC");
    assert_string_equal(out.elements[0].value, "a");
    assert_string_equal(out.elements[0].with, "OPERATOR(pg_catalog.=)");
    assert_string_equal(out.elements[1].index, "\"B c\" COLLATE \"C\" ops(x = 1)");
    assert_string_equal(out.elements[1].value, "\"B c\" COLLATE \"C\"");
    assert_string_equal(out.elements[2].index, "tsrange(b, (c + 1)) range_ops");
    assert_string_equal(out.elements[2].value, "tsrange(b, (c + 1))");
    assert_string_equal(out.elements[3].value, "(b || (c)) COLLATE s.\"D\"");
    assert_string_equal(out.elements[3].with, "<>");
    assert_string_equal(out.where, "(((a > 0) AND b))");
    assert_true(sql_exclusion_depends(*state, text, "c", &depends, &err) && depends);
    assert_true(sql_exclusion_depends(*state, text, "e", &depends, &err) && !depends);
    assert_true(sql_exclusion_parse(*state, "EXCLUDE (a WITH =)", &out, &err));
    assert_string_equal(out.method, "btree");
    assert_null(out.where);
}

static void indexes_are_renamed_and_nothing_else(void **state)
{
    static const char *const cases[][2] = {
        {"CREATE INDEX i ON public.t USING btree (a)", "CREATE INDEX n ON s.\"T\" USING btree (_segue_1_a)"},
        {"CREATE UNIQUE INDEX i ON ONLY t (lower(a) text_pattern_ops, b DESC NULLS LAST)",
         "CREATE UNIQUE INDEX n ON s.\"T\" (lower(_segue_1_a) text_pattern_ops, \"B c\" DESC NULLS LAST)"},
        {"create index concurrently if not exists i on t (c, b COLLATE \"C\", ((a ->> 'a'))) include (x, c)",
         "CREATE INDEX n ON s.\"T\" (c, \"B c\" COLLATE \"C\", ((_segue_1_a ->> 'a'))) include (\"select\", c)"},
        {"CREATE UNIQUE INDEX i ON t USING btree (a) NULLS NOT DISTINCT WITH (fillfactor='70') TABLESPACE a WHERE (b IS NOT NULL)",
         "CREATE UNIQUE INDEX n ON s.\"T\" USING btree (_segue_1_a) NULLS NOT DISTINCT WITH (fillfactor='70') TABLESPACE a "
         "WHERE (\"B c\" IS NOT NULL)"},
        {"CREATE INDEX i ON t USING gist (a gist_trgm_ops (siglen='32'), f(a, b[1]))",
         "CREATE INDEX n ON s.\"T\" USING gist (_segue_1_a gist_trgm_ops (siglen='32'), f(_segue_1_a, \"B c\"[1]))"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(cases); i++) {
        const char *out;
        struct error err;
        if (!sql_index_rename(*state, cases[i][0], to_hidden, SEGUE_COUNT(to_hidden), "n", "s", "T", false,
                              &out, &err))
            fail_msg("%s: %s", cases[i][0], err.message);
        assert_string_equal(out, cases[i][1]);
    }
}

static void an_index_can_lose_its_name_and_be_built_concurrently(void **state)
{
    const char *out;
    struct error err;
    assert_true(
        sql_index_rename(*state, "CREATE INDEX i ON t (a);", NULL, 0, NULL, NULL, "t", true, &out, &err));
    assert_string_equal(out, "CREATE INDEX CONCURRENTLY ON t (a)");
}

static void indexes_become_data(void **state)
{
    struct index_def *def;
    struct name table;
    const char *name;
    struct error err;
    assert_true(sql_index_parse(
        *state,
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t (a, lower(b), (a || c), lower(d)) "
        "INCLUDE (a, e) WHERE f > 0",
        &def, &table, &name, &err));
    assert_string_equal(table.schema, "s");
    assert_string_equal(table.name, "t");
    assert_string_equal(name, "i");
    assert_true(def->unique && def->concurrently && def->has_where);
    assert_string_equal(
        def->definition,
        "CREATE UNIQUE INDEX i ON s.t (a, lower(b), (a || c), lower(d)) INCLUDE (a, e) WHERE f > 0");
    static const char *const parts[] = {"a", "lower", "expr", "lower1", "a1", "e"};
    assert_int_equal(def->n_name_parts, SEGUE_COUNT(parts));
    for (size_t i = 0; i < SEGUE_COUNT(parts); i++)
        assert_string_equal(def->name_parts[i], parts[i]);
    static const char *const columns[] = {"a", "e", "b", "c", "d", "f"};
    assert_int_equal(def->n_columns, SEGUE_COUNT(columns));
    for (size_t i = 0; i < SEGUE_COUNT(columns); i++)
        assert_string_equal(def->columns[i], columns[i]);
    assert_int_equal(def->n_key_columns, 0);
    assert_true(sql_index_parse(*state, "create index on t(b, a desc)", &def, &table, &name, &err));
    assert_null(name);
    assert_int_equal(def->n_key_columns, 2);
    assert_string_equal(def->key_columns[1], "a");
    assert_false(sql_index_parse(*state, "DROP INDEX i", &def, &table, &name, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_columns_of_an_expression_are_distinct_and_in_order),
        cmocka_unit_test(a_subquery_makes_the_list_a_superset),
        cmocka_unit_test(what_is_no_expression_of_one_row_is_refused),
        cmocka_unit_test(columns_are_renamed_and_nothing_else),
        cmocka_unit_test(a_swap_of_names_is_made_at_once),
        cmocka_unit_test(the_tables_own_qualifier_is_taken_off),
        cmocka_unit_test(constraints_are_renamed_and_nothing_else),
        cmocka_unit_test(a_self_reference_renames_both_sides),
        cmocka_unit_test(a_foreign_key_can_point_to_another_table),
        cmocka_unit_test(constraints_become_data),
        cmocka_unit_test(an_exclusion_is_taken_apart),
        cmocka_unit_test(indexes_are_renamed_and_nothing_else),
        cmocka_unit_test(an_index_can_lose_its_name_and_be_built_concurrently),
        cmocka_unit_test(indexes_become_data),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
