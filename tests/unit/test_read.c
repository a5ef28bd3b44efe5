/* A migration file becomes changes, whole or not at all. */

#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/text.h"
#include "postgres/read.h"

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

static const struct migration *read_text(struct arena *arena, const char *content)
{
    struct migration *migration;
    struct error err = {0};
    if (!pg_read_migration_text(arena, "dir/0007_full_name.sql", content, &migration, &err))
        fail_msg("%s: %s\n%s", err.where, err.message, content);
    return migration;
}

static const char *const kind_names[] = {
    [CHANGE_ADD_COLUMN] = "add column",
    [CHANGE_DROP_COLUMN] = "drop column",
    [CHANGE_RENAME_COLUMN] = "rename column",
    [CHANGE_COLUMN_TYPE] = "type",
    [CHANGE_SET_NOT_NULL] = "set not null",
    [CHANGE_DROP_NOT_NULL] = "drop not null",
    [CHANGE_SET_DEFAULT] = "set default",
    [CHANGE_DROP_DEFAULT] = "drop default",
    [CHANGE_ADD_CONSTRAINT] = "add constraint",
    [CHANGE_DROP_CONSTRAINT] = "drop constraint",
    [CHANGE_RENAME_CONSTRAINT] = "rename constraint",
    [CHANGE_CREATE_INDEX] = "create index",
    [CHANGE_DROP_INDEX] = "drop index",
    [CHANGE_RENAME_INDEX] = "rename index",
    [CHANGE_CREATE_TABLE] = "create table",
    [CHANGE_DROP_TABLE] = "drop table",
    [CHANGE_RENAME_TABLE] = "rename table",
    [CHANGE_CREATE_ENUM] = "create enum",
    [CHANGE_ADD_ENUM_VALUE] = "add value",
    [CHANGE_COMMENT] = "comment",
};

static void append_field(struct text *out, const char *label, const char *value)
{
    if (value)
        text_printf(out, " %s=%s", label, value);
}

static void append_list(struct text *out, const char *label, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text_printf(out, "%s%s", i ? "," : label, names[i]);
}

/* One line that holds all that a change says. */
static const char *shown(struct arena *arena, const struct change *c)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    text_printf(&out, "%s %s%s%s", kind_names[c->kind], c->table.schema ? c->table.schema : "",
                c->table.schema ? "." : "", c->table.name);
    append_field(&out, "column", c->column);
    append_field(&out, "object", c->object);
    append_field(&out, "new", c->new_name);
    append_field(&out, "type", c->type);
    append_field(&out, "collation", c->collation);
    append_field(&out, "expr", c->expr);
    append_field(&out, "neighbour", c->neighbour);
    append_list(&out, " labels=", c->labels, c->n_labels);
    for (size_t i = 0; i < c->n_references; i++)
        text_printf(&out, " references=%s", c->references[i].name);
    if (c->constraint) {
        append_field(&out, "name", c->constraint->name);
        append_field(&out, "def", c->constraint->definition);
        append_list(&out, " columns=", c->constraint->columns, c->constraint->n_columns);
        text_append(&out, c->constraint->not_valid ? " not valid" : "");
    }
    if (c->index)
        append_field(&out, "def", c->index->definition);
    text_append(&out, c->not_null ? " not null" : "");
    text_append(&out, c->if_not ? " if" : "");
    text_append(&out, c->cascade ? " cascade" : "");
    text_append(&out, c->before ? " before" : "");
    return arena_strdup(arena, text_string(&out));
}

/* The changes of a text, one a line. */
static void becomes(void **state, const char *content, const char *expected)
{
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const struct migration *m = read_text(*state, content);
    for (size_t i = 0; i < m->n_changes; i++)
        text_printf(&out, "%s%s", i ? "\n" : "", shown(*state, &m->changes[i]));
    assert_string_equal(text_string(&out), expected);
}

static void refused(void **state, const char *content, const char *where, const char *message,
                    const char *hint)
{
    struct migration *migration;
    struct error err = {0};
    if (pg_read_migration_text(*state, "m.sql", content, &migration, &err))
        fail_msg("taken: %s", content);
    assert_int_equal(err.class, ERROR_REFUSED);
    if (strcmp(err.where, where) != 0 || !strstr(err.message, message) || !strstr(err.hint, hint))
        fail_msg("%s: \"%s\", hint \"%s\"", err.where, err.message, err.hint);
}

static void a_migration_has_its_stem_and_digest(void **state)
{
    const struct migration *m = read_text(*state, "DROP TABLE t");
    assert_string_equal(m->name, "0007_full_name");
    assert_string_equal(m->path, "dir/0007_full_name.sql");
    assert_int_equal(strlen(m->digest), 64);
    assert_string_equal(m->content, "DROP TABLE t");
    assert_string_equal(m->changes[0].sql, "DROP TABLE t");
}

static void columns_are_added(void **state)
{
    becomes(state, "ALTER TABLE users ADD COLUMN full_name text NOT NULL;",
            "add column users column=full_name type=text not null");
    becomes(
        state,
        "alter table only s.\"T\" add if not exists c varchar(50) default 'a' || lower('B') collate \"de-x\" null",
        "add column s.T column=c type=character varying(50) collation=\"de-x\" expr='a' || lower('B') if");
    becomes(state, "ALTER TABLE t ADD c int DEFAULT (now() AT TIME ZONE 'utc')::date - 1 NOT NULL",
            "add column t column=c type=integer expr=(now() AT TIME ZONE 'utc')::date - 1 not null");
    becomes(state, "ALTER TABLE t ADD c text COLLATE s.x DEFAULT ('x' COLLATE \"C\")",
            "add column t column=c type=text collation=s.x expr=('x' COLLATE \"C\")");
}

static void constraints_of_a_new_column_come_behind_it(void **state)
{
    becomes(
        state,
        "ALTER TABLE t ADD COLUMN c int CONSTRAINT pos CHECK (c > 0 AND t.c < d) DEFAULT 5 REFERENCES s.u (id) ON DELETE "
        "CASCADE DEFERRABLE INITIALLY DEFERRED CONSTRAINT uq UNIQUE NOT NULL",
        "add column t column=c type=integer expr=5 not null\n"
        "add constraint t name=uq def=UNIQUE (c) columns=c\n"
        "add constraint t name=pos def=CHECK (c > 0 AND t.c < d) columns=c,d\n"
        "add constraint t def=FOREIGN KEY (c) REFERENCES s.u(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED columns=c");
    becomes(state, "ALTER TABLE t ADD c int PRIMARY KEY",
            "add column t column=c type=integer not null\nadd constraint t def=PRIMARY KEY (c) columns=c");
}

static void types_are_printed_as_the_server_prints_them(void **state)
{
    static const char *const types[][2] = {
        {"int4", "integer"},
        {"int", "integer"},
        {"bigint", "bigint"},
        {"INT8", "bigint"},
        {"smallint", "smallint"},
        {"float", "double precision"},
        {"float(10)", "real"},
        {"real", "real"},
        {"decimal(10,2)", "numeric(10,2)"},
        {"numeric(10)", "numeric(10,0)"},
        {"numeric", "numeric"},
        {"bool", "boolean"},
        {"varchar", "character varying"},
        {"character varying(5)[]", "character varying(5)[]"},
        {"char", "character(1)"},
        {"char(3)", "character(3)"},
        {"bpchar", "bpchar"},
        {"\"char\"", "\"char\""},
        {"text[3][4]", "text[]"},
        {"int ARRAY[4]", "integer[]"},
        {"timestamptz", "timestamp with time zone"},
        {"timestamptz(3)", "timestamp(3) with time zone"},
        {"timestamp(0)", "timestamp(0) without time zone"},
        {"timestamp", "timestamp without time zone"},
        {"time", "time without time zone"},
        {"timetz(2)", "time(2) with time zone"},
        {"time with time zone", "time with time zone"},
        {"interval", "interval"},
        {"interval(3)", "interval(3)"},
        {"interval day to second(3)", "interval day to second(3)"},
        {"interval year to month", "interval year to month"},
        {"bit(3)", "bit(3)"},
        {"bit", "bit(1)"},
        {"bit varying(3)", "bit varying(3)"},
        {"varbit", "bit varying"},
        {"jsonb", "jsonb"},
        {"json", "json"},
        {"uuid", "uuid"},
        {"date", "date"},
        {"pg_catalog.int4", "integer"},
        {"pg_catalog.uuid", "uuid"},
        {"citext", "citext"},
        {"public.\"Mood\"[]", "public.\"Mood\"[]"},
        {"geometry(Point, 4326)", "geometry(point,4326)"},
        {"vector(3)", "vector(3)"},
    };
    for (size_t i = 0; i < SEGUE_COUNT(types); i++) {
        SEGUE_CLEANUP(text_free) struct text sql = {0};
        text_printf(&sql, "ALTER TABLE t ADD c %s", types[i][0]);
        assert_string_equal(read_text(*state, text_string(&sql))->changes[0].type, types[i][1]);
    }
}

static void commands_come_in_the_order_of_the_server(void **state)
{
    becomes(
        state,
        "ALTER TABLE t ADD CONSTRAINT k CHECK (c > 0) NOT VALID, ADD UNIQUE USING INDEX i, ADD COLUMN c int, ALTER c SET NOT "
        "NULL, ALTER COLUMN d TYPE bigint USING d::bigint, ALTER d SET DEFAULT f(1, 2), DROP COLUMN IF EXISTS e CASCADE, "
        "ALTER g DROP DEFAULT, DROP CONSTRAINT k2, ALTER h DROP NOT NULL, ADD UNIQUE (c, d)",
        "drop column t column=e if cascade\n"
        "drop default t column=g\n"
        "drop constraint t object=k2\n"
        "drop not null t column=h\n"
        "type t column=d type=bigint expr=d::bigint\n"
        "add column t column=c type=integer\n"
        "set not null t column=c\n"
        "add constraint t def=UNIQUE USING INDEX i\n"
        "add constraint t def=UNIQUE (c, d) columns=c,d\n"
        "add constraint t name=k def=CHECK (c > 0) columns=c not valid\n"
        "set default t column=d expr=f(1, 2)");
}

static void each_change_has_its_place(void **state)
{
    const struct migration *m =
        read_text(*state, "-- é\nALTER TABLE t\n  ADD a int,\n  /* é */ ADD b int;\n\nDROP TABLE u;");
    assert_int_equal(m->changes[0].place.line, 3);
    assert_int_equal(m->changes[0].place.column, 3);
    assert_int_equal(m->changes[1].place.line, 4);
    assert_int_equal(m->changes[1].place.column, 11);
    assert_int_equal(m->changes[2].place.line, 6);
    assert_int_equal(m->changes[2].place.column, 1);
    assert_string_equal(m->changes[2].sql, "DROP TABLE u");
}

static void things_are_renamed(void **state)
{
    becomes(
        state,
        "ALTER TABLE t RENAME TO \"U\"; ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME CONSTRAINT a TO b; ALTER INDEX "
        "IF EXISTS s.i RENAME TO j",
        "rename table t new=U\nrename column t column=a new=b\nrename constraint t object=a new=b\nrename index s.i new=j if");
}

static void indexes_are_created_and_dropped(void **state)
{
    becomes(state,
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t (lower(a)) WHERE b;"
            "create index on t using gin(a); DROP INDEX CONCURRENTLY IF EXISTS i, s.j CASCADE",
            "create index s.t object=i def=CREATE UNIQUE INDEX i ON s.t (lower(a)) WHERE b if\n"
            "create index t def=CREATE INDEX ON t using gin(a)\n"
            "drop index i if cascade\ndrop index s.j if cascade");
    assert_true(read_text(*state, "CREATE INDEX CONCURRENTLY ON t (a)")->changes[0].index->concurrently);
}

static void tables_are_created_and_dropped(void **state)
{
    becomes(
        state,
        "CREATE TABLE IF NOT EXISTS s.t (id bigserial PRIMARY KEY, u int REFERENCES users, LIKE x INCLUDING ALL, FOREIGN KEY "
        "(u) REFERENCES o.p (q));\nDROP TABLE a, s.b RESTRICT",
        "create table s.t references=users references=p if\ndrop table a\ndrop table s.b");
}

static void enums_are_created_and_extended(void **state)
{
    becomes(
        state,
        "CREATE TYPE s.mood AS ENUM ('sad', 'it''s ok'); ALTER TYPE mood ADD VALUE IF NOT EXISTS 'x' BEFORE 'sad';"
        "ALTER TYPE mood ADD VALUE 'y' AFTER 'x'; ALTER TYPE mood ADD VALUE 'z'",
        "create enum s.mood labels=sad,it's ok\nadd value mood object=x neighbour=sad if before\n"
        "add value mood object=y neighbour=x\nadd value mood object=z");
}

static void comments_are_read(void **state)
{
    becomes(
        state,
        "COMMENT ON TABLE s.t IS 'it''s'; COMMENT ON COLUMN t.c IS NULL; COMMENT ON COLUMN s.t.c IS '';"
        "COMMENT ON CONSTRAINT k ON s.t IS E'a\\nb'; COMMENT ON INDEX i IS 'x'; COMMENT ON TYPE s.m IS 'y'",
        "comment s.t expr=it's\ncomment t column=c\ncomment s.t column=c\ncomment s.t object=k expr=a\nb\n"
        "comment i expr=x\ncomment s.m expr=y");
}

static void a_transaction_and_timeouts_leave_no_change(void **state)
{
    becomes(
        state,
        "\xEF\xBB\xBF"
        "BEGIN; SET lock_timeout = '1s'; SET LOCAL statement_timeout TO 0;; DROP TABLE t; COMMIT;\n-- end\n",
        "drop table t");
}

static void annotations_are_bound_to_their_statement(void **state)
{
    const struct migration *m = read_text(
        *state,
        "ALTER TABLE t ADD a int, ADD b int; -- segue: phase contract\nBEGIN;\n/* x */ DROP TABLE u; DROP TABLE v;");
    assert_int_equal(m->n_annotations, 1);
    assert_int_equal(m->annotations[0].statement, 2);
    refused(state, "DROP TABLE t; -- segue: phase expand\nCOMMIT;", "m.sql:1:25", "no statement follows",
            "above");
    refused(state, "-- segue: phase expand\n-- segue: phase contract\nDROP TABLE t", "m.sql:2:11",
            "has a phase already", "");
}

static void annotations_know_the_columns_that_they_read(void **state)
{
    const struct migration *m =
        read_text(*state, "-- segue: up t.c = a || t.b -- remark\n"
                          "--     || (select x from y /* z */) \n"
                          "-- segue: existing t.c = 'old'\nALTER TABLE t ADD c text;");
    const struct annotation *a = &m->annotations[0];
    assert_string_equal(a->expr, "a || t.b                  || (select x from y        )");
    assert_memory_equal(m->content + a->expr_offset, "a || t.b", 8);
    assert_true(a->has_subquery);
    assert_int_equal(a->n_expr_columns, 3);
    assert_string_equal(a->expr_columns[2], "x");
    assert_int_equal(m->annotations[1].n_expr_columns, 0);
}

static void an_expression_that_means_nothing_is_shown_in_its_place(void **state)
{
    refused(state, "\n-- segue: up t.c = a ||\n--      b b b\nDROP TABLE t", "m.sql:3:13",
            "syntax error at or near \"b\"", "");
    refused(state, "-- segue: up t.é = 'é' || u.x\nDROP TABLE t", "m.sql:1:27", "u.x is not a column of t",
            "over the columns of t");
    refused(state, "-- segue: up t.c = a;\nDROP TABLE t", "m.sql:1:21", "syntax error", "one SQL expression");
    refused(state, "-- segue: up t.c = t.*\nDROP TABLE t", "m.sql:1:20", "means the whole row", "");
    refused(state, "-- segue: up t.c = 'a\n--     b'\nDROP TABLE t", "m.sql:1:20", "may not go over the end",
            "");
    refused(state, "-- segue: up t.c = 'a\nDROP TABLE t", "m.sql:1:20", "unterminated quoted string", "");
}

static void syntax_errors_are_in_the_servers_words_and_place(void **state)
{
    refused(state, "DROP TABLE t;\n  ALTER TABEL t ADD c int", "m.sql:2:9",
            "syntax error at or near \"TABEL\"", "PostgreSQL 15");
    refused(state, "/* é */ DROP TABLE 'é", "m.sql:1:20", "unterminated quoted string", "");
    refused(state, "ALTER TABLE t ADD c int,", "m.sql:1:25", "syntax error at end of input", "");
    refused(state, "\\i other.sql\n", "m.sql:1:1", "syntax error at or near \"\\\"", "backslash commands");
    refused(state, "ALTER TABLE t ADD CHECK (c > 0) NOT ENFORCED", "m.sql:1:33",
            "came with PostgreSQL 18, and segue does not carry it out yet", "have it enforced");
    refused(state, "ALTER TABLE t ADD CONSTRAINT n NOT NULL c", "m.sql:1:32", "came with PostgreSQL 18",
            "SET NOT NULL");
    refused(state, "DROP TABLE t; \xff", "m.sql:1:15", "not UTF-8", "UTF-8");
}

/* The statements of a text, each with its subject, the relations that it names, and where it runs. */
static void runs(void **state, const char *content, const char *expected)
{
    static const char *const places[] = {"file", "expand", "contract", "versioned"};
    SEGUE_CLEANUP(text_free) struct text out = {0};
    const struct migration *m = read_text(*state, content);
    for (size_t i = 0; i < m->n_changes; i++) {
        const struct statement_def *def = m->changes[i].statement;
        assert_int_equal(m->changes[i].kind, CHANGE_STATEMENT);
        text_printf(&out, "%s%s: %s", i ? "\n" : "", def->what, places[def->place]);
        for (size_t k = 0; k < def->n_subjects; k++)
            text_printf(&out, " [%s]", def->subjects[k].name.name);
        for (size_t k = 0; k < def->n_mentions; k++) {
            text_append(&out, " ");
            text_append_n(&out, m->changes[i].sql + def->mentions[k].begin,
                          def->mentions[k].end - def->mentions[k].begin);
        }
        text_append(&out, def->signature ? def->signature : "");
    }
    assert_string_equal(text_string(&out), expected);
}

static void statements_run_as_they_stand(void **state)
{
    runs(state, "CREATE VIEW s.v AS WITH w AS (SELECT 1 FROM a) SELECT * FROM w, public.b, \"C\"",
         "CREATE VIEW: versioned [v] a public.b \"C\"");
    runs(
        state,
        "CREATE FUNCTION f(a int = 1, OUT b text, VARIADIC c numeric(4, 2)[] DEFAULT '{}') LANGUAGE sql AS 'x;y'",
        "CREATE FUNCTION: versioned [f](int, VARIADIC numeric(4, 2)[])");
    runs(
        state,
        "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2 FROM t; END; "
        "DROP VIEW a, b",
        "CREATE FUNCTION: versioned [g] t()\nDROP VIEW: contract [a] [b]");
    runs(state, "CREATE MATERIALIZED VIEW m AS SELECT 1", "CREATE MATERIALIZED VIEW: versioned [m]");
    runs(state, "GRANT SELECT ON t, s.u TO x; DO $$ BEGIN; END $$", "GRANT: contract t s.u\nDO: file");
    runs(state, "DROP TRIGGER tr ON s.\"T\"; COMMENT ON FUNCTION f() IS 'x'",
         "DROP TRIGGER: contract [tr] s.\"T\"\nCOMMENT ON FUNCTION: contract [f]");
    runs(state, "ALTER TABLE t OWNER TO x, ALTER c SET STATISTICS 5",
         "ALTER TABLE: contract\nALTER TABLE: contract");
    runs(state, "CREATE EXTENSION e; CREATE SCHEMA s",
         "CREATE EXTENSION: expand [e]\nCREATE SCHEMA: expand [s]");
    refused(state, "\nVACUUM t", "m.sql:2:1",
            "VACUUM does not belong in a migration: it cannot run in a transaction", "psql");
    refused(state, "DROP VIEW v CASCADE", "m.sql:1:1", "does not say what else it drops", "DROP for each");
    refused(state, "CREATE RULE r AS ON INSERT TO t DO NOTHING", "m.sql:1:1", "CREATE RULE is", "");
}

static void what_is_not_on_the_list_is_refused_by_name(void **state)
{
    refused(state, "SET search_path = x", "m.sql:1:1", "SET search_path is", "");
    refused(state, "ROLLBACK", "m.sql:1:1", "ROLLBACK is", "");
    refused(state, "ALTER TABLE t VALIDATE CONSTRAINT c", "m.sql:1:15", "VALIDATE CONSTRAINT is",
            "leave out both");
    refused(state, "ALTER TABLE IF EXISTS t ADD c int", "m.sql:1:1", "ALTER TABLE IF EXISTS is",
            "write ALTER TABLE");
    refused(state, "ALTER SEQUENCE s RESTART", "m.sql:1:1", "RESTART of a sequence is", "set it by hand");
    refused(state, "CREATE TABLE t () INHERITS (u, v)", "m.sql:1:1", "INHERITS from more than one table is",
            "");
    refused(state, "-- nothing\n", "m.sql:1:1", "changes nothing", "ALTER TABLE");
}

static void contradictions_are_refused(void **state)
{
    refused(state, "ALTER TABLE t ADD c int NULL NOT NULL", "m.sql:1:19", "conflicting NULL/NOT NULL", "");
    refused(state, "ALTER TABLE t ADD c int DEFAULT 1 DEFAULT 2", "m.sql:1:35", "multiple default values",
            "");
    refused(state, "ALTER TABLE t ADD CHECK (other.c > 0)", "m.sql:1:19", "other.c is not a column of t", "");
    refused(state, "DROP TABLE a.b.c", "m.sql:1:1", "qualified by its schema only", "");
}

static void a_file_that_cannot_be_read_is_refused(void **state)
{
    struct migration *migration;
    struct error err = {0};
    assert_false(pg_read_migration(*state, "/nonexistent/m.sql", &migration, &err));
    assert_int_equal(err.class, ERROR_REFUSED);
    assert_string_equal(err.where, "/nonexistent/m.sql");
}

static void otherwise_takes_a_constant_behind_the_expression(void **state)
{
    const char *alter = "ALTER TABLE t ALTER COLUMN c TYPE integer USING 0;\n";
    const struct annotation *a =
        read_text(*state, arena_printf(*state, "-- segue: up t.c = c::integer otherwise -1\n%s", alter))
            ->annotations;
    assert_string_equal(a->expr, "c::integer");
    assert_string_equal(a->otherwise, " -1");
    a = read_text(*state,
                  arena_printf(*state, "-- segue: up t.c = 1 / (otherwise) Otherwise 2 + 1\n%s", alter))
            ->annotations;
    assert_string_equal(a->expr, "1 / (otherwise)");
    assert_string_equal(a->otherwise, " 2 + 1");
    /* a column of that name is no clause */
    a = read_text(*state, arena_printf(*state, "-- segue: up t.c = 1 + otherwise\n%s", alter))->annotations;
    assert_string_equal(a->expr, "1 + otherwise");
    assert_null(a->otherwise);
    refused(state, arena_printf(*state, "-- segue: up t.c = c otherwise d\n%s", alter), "m.sql:1:22",
            "otherwise takes a constant", "otherwise 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_migration_has_its_stem_and_digest),
        cmocka_unit_test(columns_are_added),
        cmocka_unit_test(constraints_of_a_new_column_come_behind_it),
        cmocka_unit_test(types_are_printed_as_the_server_prints_them),
        cmocka_unit_test(commands_come_in_the_order_of_the_server),
        cmocka_unit_test(each_change_has_its_place),
        cmocka_unit_test(things_are_renamed),
        cmocka_unit_test(indexes_are_created_and_dropped),
        cmocka_unit_test(tables_are_created_and_dropped),
        cmocka_unit_test(enums_are_created_and_extended),
        cmocka_unit_test(comments_are_read),
        cmocka_unit_test(a_transaction_and_timeouts_leave_no_change),
        cmocka_unit_test(annotations_are_bound_to_their_statement),
        cmocka_unit_test(annotations_know_the_columns_that_they_read),
        cmocka_unit_test(otherwise_takes_a_constant_behind_the_expression),
        cmocka_unit_test(an_expression_that_means_nothing_is_shown_in_its_place),
        cmocka_unit_test(syntax_errors_are_in_the_servers_words_and_place),
        cmocka_unit_test(statements_run_as_they_stand),
        cmocka_unit_test(what_is_not_on_the_list_is_refused_by_name),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(a_file_that_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, new_arena, free_arena);
}
