/* A document is the same in every format, and nothing in it is taken for a mark of the format. */
#include "document/document.h"

#include <jansson.h>
#include <string.h>

#include "cmocka_all.h"

static const struct document_column columns[] = {
    {"name", "na|me", false}, {"rows", "rows", true}, {"raw", NULL, true}};

static struct document *sample(struct arena *arena)
{
    struct document *document = document_new(arena, "<script>alert(1)</script>");
    section_field(document->body, "owner", "owner", value_text("O'Brien & \"Sons\""));
    section_field(document->body, "free", "free", value_unknown(arena, "nobody told"));
    struct section *section = section_add(document->body, "part", "A *part*", NULL);
    struct document_table *table = section_table(section, "tables", NULL, columns, 3);
    section_cell(section, table, value_text("a|b\\|c\nd"));
    section_cell(section, table, value_count(arena, 5000000));
    section_cell(section, table, value_number(0.5, ""));
    section_bullet(section, "notes", "# no heading");
    section_bullet(section, "notes", "1. no list");
    section_command(section, "go", "echo '```' <here>", "Run:");
    section_code(section, "SQL", "SELECT 1 < 2;");
    return document;
}

static void must_hold(const struct text *text, const char *part)
{
    if (!strstr(text_string(text), part))
        fail_msg("not there: %s\nin:\n%s", part, text_string(text));
}

static void must_not_hold(const struct text *text, const char *part)
{
    if (strstr(text_string(text), part))
        fail_msg("there: %s\nin:\n%s", part, text_string(text));
}

static void html_shows_marks_as_text(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    document_to_html(sample(arena), &out);
    must_hold(&out, "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>");
    must_hold(&out, "O&#39;Brien &amp; &quot;Sons&quot;");
    must_hold(&out, "echo &#39;```&#39; &lt;here&gt;");
    must_hold(&out, "SELECT 1 &lt; 2;");
    must_hold(&out, "not known: nobody told");
    must_not_hold(&out, "<script");
}

static void markdown_keeps_its_columns_and_fences(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    document_to_markdown(sample(arena), &out);
    must_hold(&out, "| na\\|me | rows |\n|---|--:|\n| a\\|b\\\\\\|c d | 5,000,000 |\n");
    must_hold(&out, "- \\# no heading\n- 1\\. no list\n");
    must_hold(&out, "````sh\necho '```' <here>\n````\n");
    must_hold(&out, "# &lt;script&gt;alert(1)&lt;/script&gt;\n");
}

static void json_has_numbers_where_people_read_words(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    document_to_json(sample(arena), 1, &out);
    json_t *json = json_loads(text_string(&out), 0, NULL);
    assert_non_null(json);
    assert_true(json_is_null(json_object_get(json, "free")));
    assert_string_equal(json_string_value(json_object_get(json, "free_not_known")), "nobody told");
    json_t *part = json_object_get(json, "part");
    json_t *row = json_array_get(json_object_get(part, "tables"), 0);
    assert_int_equal(json_integer_value(json_object_get(row, "rows")), 5000000);
    assert_true(json_real_value(json_object_get(row, "raw")) == 0.5);
    assert_string_equal(json_string_value(json_object_get(part, "go")), "echo '```' <here>");
    json_decref(json);
}

static void a_narrow_terminal_wraps_cells_and_no_word(void **state)
{
    (void)state;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    SEGUE_CLEANUP(text_free) struct text out = {0};
    struct document *document = document_new(arena, "narrow");
    struct document_table *table = section_table(document->body, NULL, NULL, columns, 3);
    section_cell(document->body, table,
                 value_text("some words that_are_longer_than_others here and more of them"));
    section_cell(document->body, table, value_count(arena, 7));
    section_cell(document->body, table, value_number(1, ""));
    document_to_text(document, false, 40, &out);
    assert_string_equal(text_string(&out), "narrow\n"
                                           "    na|me                           rows\n"
                                           "    some words                         7\n"
                                           "    that_are_longer_than_others\n"
                                           "    here and more of them\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_shows_marks_as_text),
        cmocka_unit_test(markdown_keeps_its_columns_and_fences),
        cmocka_unit_test(json_has_numbers_where_people_read_words),
        cmocka_unit_test(a_narrow_terminal_wraps_cells_and_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
