/* `-- segue:` comments become data, or a refusal that says where and what to write instead. */

#include <string.h>

#include "cmocka_all.h"

#include "base/arena.h"
#include "migration/annotation.h"
#include "migration/comment.h"
#include "migration/digest.h"
#include "migration/mark.h"

struct reading {
    struct arena *arena;
    struct annotation *list;
    size_t n;
    struct error err;
    bool ok;
};

static struct reading read_text(const char *content)
{
    struct reading r = {.arena = arena_new()};
    r.ok = annotation_read(r.arena, "m.sql", content, &r.list, &r.n, &r.err);
    return r;
}

static void refused_where(const char *content, const char *where, const char *message, const char *hint)
{
    struct reading r = read_text(content);
    assert_false(r.ok);
    assert_int_equal(r.err.class, ERROR_REFUSED);
    assert_string_equal(r.err.where, where);
    if (!strstr(r.err.message, message) || !strstr(r.err.hint, hint))
        fail_msg("message \"%s\", hint \"%s\"", r.err.message, r.err.hint);
    arena_free(r.arena);
}

static void up_names_a_table_a_column_and_an_expression(void **state)
{
    (void)state;
    struct reading r =
        read_text("SELECT 1;\n  -- segue: up   users.Full_Name  = first_name || ' ' || last_name  \n");
    assert_true(r.ok);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.list[0].kind, ANNOTATION_UP);
    assert_null(r.list[0].table.schema);
    assert_string_equal(r.list[0].table.name, "users");
    assert_string_equal(r.list[0].column, "full_name");
    assert_string_equal(r.list[0].expr, "first_name || ' ' || last_name");
    assert_int_equal(r.list[0].place.line, 2);
    assert_int_equal(r.list[0].place.column, 13);
    assert_int_equal(r.list[0].expr_place.column, 37);
    arena_free(r.arena);
}

static void names_may_be_qualified_and_quoted(void **state)
{
    (void)state;
    struct reading r = read_text("-- segue: down \"My \"\"Shop\"\"\".Orders . \"Größe\" = 1");
    assert_true(r.ok);
    assert_string_equal(r.list[0].table.schema, "My \"Shop\"");
    assert_string_equal(r.list[0].table.name, "orders");
    assert_string_equal(r.list[0].column, "Größe");
    arena_free(r.arena);
}

static void an_expression_goes_on_in_indented_comment_lines(void **state)
{
    (void)state;
    const char *content = "-- segue: up t.c = a\n--     || b\n  --       || d\n-- e\nSELECT 1;\n--     f\n";
    struct reading r = read_text(content);
    assert_true(r.ok);
    assert_int_equal(r.n, 1);
    assert_string_equal(r.list[0].expr, "a\n       || b\n           || d");
    size_t length = strlen(r.list[0].expr);
    for (size_t i = 0; i < length; i++) {
        if (r.list[0].expr[i] != ' ')
            assert_int_equal(r.list[0].expr[i], content[r.list[0].expr_offset + i]);
    }
    arena_free(r.arena);
}

static void several_heads_stand_on_one_line(void **state)
{
    (void)state;
    struct reading r = read_text(
        "-- segue: goal \"one name field\"      owner: team payments   deadline: 2026-12-01\n--     not theirs\n"
        "-- segue: note: bare text, no quotes");
    assert_true(r.ok);
    assert_int_equal(r.n, 4);
    assert_int_equal(r.list[0].kind, ANNOTATION_GOAL);
    assert_string_equal(r.list[0].expr, "one name field");
    assert_int_equal(r.list[1].kind, ANNOTATION_OWNER);
    assert_string_equal(r.list[1].expr, "team payments");
    assert_int_equal(r.list[2].kind, ANNOTATION_DEADLINE);
    assert_string_equal(r.list[2].expr, "2026-12-01");
    assert_string_equal(r.list[3].expr, "bare text, no quotes");
    arena_free(r.arena);
}

static void phase_allow_copy_and_back_are_read(void **state)
{
    (void)state;
    struct reading r = read_text("-- segue: phase contract\n"
                                 "-- segue: allow drop-column because \"nobody \"\"reads\"\" it\"\n"
                                 "-- segue: copy s.new from old: a = x,\n"
                                 "--        b = y key (id)\n"
                                 "-- segue: back old from s.new: x = a\n"
                                 "--segue:existing t.c = 'old'\n");
    assert_true(r.ok);
    assert_int_equal(r.n, 5);
    assert_int_equal(r.list[0].kind, ANNOTATION_PHASE_CONTRACT);
    assert_string_equal(r.list[1].object, "drop-column");
    assert_string_equal(r.list[1].expr, "nobody \"reads\" it");
    assert_int_equal(r.list[2].kind, ANNOTATION_COPY);
    assert_string_equal(r.list[2].table.schema, "s");
    assert_string_equal(r.list[2].table.name, "new");
    assert_string_equal(r.list[2].object, "old");
    assert_int_equal(r.list[3].kind, ANNOTATION_BACK);
    assert_string_equal(r.list[3].object, "s.new");
    assert_int_equal(r.list[4].kind, ANNOTATION_EXISTING);
    arena_free(r.arena);
}

static void what_only_looks_like_an_annotation_is_left_alone(void **state)
{
    (void)state;
    struct reading r =
        read_text("SELECT '\n-- segue: bad', E'\\'-- segue: bad', \"-- segue: bad\", $$\n-- segue: bad\n$$,\n"
                  "$a$ -- segue: bad $$ $b$ $a$ /* /* */ -- segue: bad\n*/, a$b$c -- segue\n"
                  "-- a segue: bad\n-- segue is a tool\n---- segue: bad\n");
    assert_true(r.ok);
    assert_int_equal(r.n, 0);
    arena_free(r.arena);
}

static void a_comment_behind_a_statement_counts(void **state)
{
    (void)state;
    struct reading r = read_text("SELECT 1; -- segue: up t.c = 1\r\n--     + 1\r\n");
    assert_true(r.ok);
    assert_int_equal(r.n, 1);
    assert_string_equal(r.list[0].expr, "1\r\n       + 1");
    arena_free(r.arena);
}

static void a_wrong_annotation_says_where_and_what_to_write(void **state)
{
    (void)state;
    refused_where("\n-- segue: upp t.c = 1", "m.sql:2:11", "\"upp\" is not an annotation",
                  "did you mean \"up\"?");
    refused_where("-- segue: xyzzy", "m.sql:1:11", "\"xyzzy\"", "annotations begin with up, down");
    refused_where("-- segue:", "m.sql:1:10", "the end of the comment", "annotations begin with");
    refused_where("-- segue up t.c = 1", "m.sql:1:9", "colon is missing", "-- segue: ");
    refused_where("/* é */ -- segue: up c = 1", "m.sql:1:22", "\"c\" is not a column",
                  "up TABLE.column = expression");
    refused_where("-- segue: up t.c 1", "m.sql:1:18", "equals sign is missing before \"1\"",
                  "up TABLE.column");
    refused_where("-- segue: up t.c =", "m.sql:1:19", "\"up t.c\" has no expression", "up TABLE.column");
    refused_where("-- segue: up a.b.c.d = 1", "m.sql:1:20", "too many parts", "up TABLE.column");
    refused_where("-- segue: up \"t.c = 1", "m.sql:1:14", "not closed", "up TABLE.column");
    refused_where("-- segue: phase contrat", "m.sql:1:17", "nearest is contract", "phase expand");
    refused_where("-- segue: phase expand now", "m.sql:1:24", "\"now\" stands behind", "phase expand");
    refused_where("-- segue: allow because \"x\"", "m.sql:1:24", "rule", "allow RULE because");
    refused_where("-- segue: allow r \"x\"", "m.sql:1:19", "\"because\" is missing", "allow RULE because");
    refused_where("-- segue: allow r because x", "m.sql:1:27", "double quotes", "allow RULE because");
    refused_where("-- segue: owner: a deadline: tomorrow", "m.sql:1:30", "not a date",
                  "deadline: 2026-12-31");
    refused_where("-- segue: deadline: 2026-02-29", "m.sql:1:21", "not a date", "deadline");
    refused_where("-- segue: owner:", "m.sql:1:17", "has no value", "owner: ");
    refused_where("-- segue: goal \"a\" b", "m.sql:1:20", "\"b\" stands where", "goal");
}

static void the_same_thing_said_twice_is_refused(void **state)
{
    (void)state;
    refused_where("-- segue: up t.c = 1\n-- segue: up public.t.c = 2", "m.sql:2:11",
                  "\"up t.c\" is said twice", "keep one");
    refused_where("-- segue: owner: a\n-- segue: owner: b", "m.sql:2:11", "\"owner\" is said twice", "");
    struct reading r = read_text(
        "-- segue: up t.c = 1\n-- segue: down t.c = 1\n-- segue: up a.t.d = 1\n-- segue: up b.t.d = 1");
    assert_true(r.ok);
    assert_int_equal(r.n, 4);
    arena_free(r.arena);
}

static void a_mark_has_a_tool_a_version_and_what_else_is_said(void **state)
{
    (void)state;
    struct reading r = read_text("-- segue: marks flyway 7.1 \"full name\" after 6 in Tools.\"Done\"\n"
                                 "--     file \"db/V7.sql\"\n-- segue: MARKS liquibase \"a b::1::ada\"\n");
    assert_true(r.ok);
    assert_int_equal(r.n, 2);
    const struct mark_def *mark = r.list[0].mark;
    assert_int_equal(r.list[0].kind, ANNOTATION_MARKS);
    assert_string_equal(mark->tool, "flyway");
    assert_string_equal(mark->version, "7.1");
    assert_string_equal(mark->description, "full name");
    assert_string_equal(mark->after, "6");
    assert_string_equal(mark->table.schema, "tools");
    assert_string_equal(mark->table.name, "Done");
    assert_string_equal(mark->file, "db/V7.sql");
    assert_string_equal(r.list[1].mark->version, "a b::1::ada");
    assert_null(r.list[1].mark->description);
    arena_free(r.arena);
    refused_where("-- segue: marks", "m.sql:1:16", "the tool that is marked is missing",
                  "marks TOOL VERSION");
    refused_where("-- segue: marks dbmate", "m.sql:1:23", "the version that is marked is missing",
                  "marks TOOL");
    refused_where("-- segue: marks a 1 after", "m.sql:1:26", "the version that it follows is missing",
                  "marks TOOL");
    refused_where("-- segue: marks a 1 \"x\" \"y\"", "m.sql:1:25", "stands behind the mark", "marks TOOL");
    refused_where("-- segue: marks a 1 file x", "m.sql:1:26", "in double quotes is missing", "marks TOOL");
}

static void lines_have_one_checksum_whatever_ends_them(void **state)
{
    (void)state;
    assert_int_equal(mark_line_checksum(""), 0);
    assert_int_equal(mark_line_checksum("abcdef"), 0x4b8e39ef);
    assert_int_equal(mark_line_checksum("\xEF\xBB\xBF"
                                        "abc\r\ndef\n"),
                     0x4b8e39ef);
    assert_int_equal(mark_line_checksum("abc\rdef"), 0x4b8e39ef);
    assert_int_equal(mark_line_checksum("123456789"), (int32_t)0xcbf43926);
}

static void the_digest_is_what_sha256sum_prints(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_string_equal(digest_sha256(arena, "", 0),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(digest_sha256(arena, "abc", 3),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    assert_string_equal(digest_sha256(arena, two_blocks, strlen(two_blocks)),
                        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_names_a_table_a_column_and_an_expression),
        cmocka_unit_test(names_may_be_qualified_and_quoted),
        cmocka_unit_test(an_expression_goes_on_in_indented_comment_lines),
        cmocka_unit_test(several_heads_stand_on_one_line),
        cmocka_unit_test(phase_allow_copy_and_back_are_read),
        cmocka_unit_test(what_only_looks_like_an_annotation_is_left_alone),
        cmocka_unit_test(a_comment_behind_a_statement_counts),
        cmocka_unit_test(a_wrong_annotation_says_where_and_what_to_write),
        cmocka_unit_test(the_same_thing_said_twice_is_refused),
        cmocka_unit_test(a_mark_has_a_tool_a_version_and_what_else_is_said),
        cmocka_unit_test(lines_have_one_checksum_whatever_ends_them),
        cmocka_unit_test(the_digest_is_what_sha256sum_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
