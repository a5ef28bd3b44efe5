/* Any file is looked at by lint without a promise broken. */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed_file(const char *path)
{
    SEGUE_CLEANUP(text_free) struct text content = {0};
    char bytes[16384];
    size_t n;
    FILE *file = fopen(path, "rbe");
    assert_non_null(file);
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        text_append_n(&content, bytes, n);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)text_string(&content), content.length), 0);
}

static size_t feed_folder(const char *folder)
{
    size_t n = 0;
    DIR *open = opendir(folder);
    assert_non_null(open);
    for (struct dirent *entry; (entry = readdir(open));) {
        SEGUE_CLEANUP(text_free) struct text path = {0};
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".sql") != 0)
            continue;
        text_printf(&path, "%s/%s", folder, entry->d_name);
        feed_file(text_string(&path));
        n++;
    }
    closedir(open);
    return n;
}

/* What the fuzzers found once stays found: the target ends the program when a promise is broken. */
static void every_file_of_the_fuzzers_corpus_is_looked_at(void **state)
{
    (void)state;
    assert_true(feed_folder(CORPUS_DIR) > 0);
}

static void every_sample_of_lint_is_looked_at(void **state)
{
    (void)state;
    assert_true(feed_folder(LINT_DIR) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_the_fuzzers_corpus_is_looked_at),
        cmocka_unit_test(every_sample_of_lint_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
