/* Text files embedded at build arrive in the program byte by byte. */

#include <stdio.h>

#include "cmocka_all.h"
#include "embed_sample.h"

enum { SAMPLE_LIMIT = 4096 };

static void embedded_text_is_the_file_byte_by_byte(void **state)
{
    (void)state;
    char expected[SAMPLE_LIMIT] = {0};
    FILE *file = fopen(SAMPLE_FILE, "rb");
    assert_non_null(file);
    size_t length = fread(expected, 1, sizeof expected - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_true(length > 0);
    assert_string_equal(text_embed_sample, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embedded_text_is_the_file_byte_by_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
