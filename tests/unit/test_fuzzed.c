/* What a fuzzer found once stays found: its target ends the program when a promise is broken. A program for each target. */
#include "base/text.h"
#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); /* ../fuzz/fuzz_*.c */

static void every_file_of_the_fuzzers_corpus_keeps_its_promises(void **state)
{
    (void)state;
    static uint8_t bytes[65536];
    DIR *folder = opendir(CORPUS_DIR);
    size_t n_files = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        SEGUE_CLEANUP(text_free) struct text path = {0};
        if (entry->d_name[0] == '.')
            continue;
        text_printf(&path, "%s/%s", CORPUS_DIR, entry->d_name);
        FILE *file = fopen(text_string(&path), "rb");
        assert_non_null(file);
        size_t n = fread(bytes, 1, sizeof bytes, file);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(LLVMFuzzerTestOneInput(bytes, n), 0);
        n_files++;
    }
    closedir(folder);
    assert_true(n_files > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_the_fuzzers_corpus_keeps_its_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
