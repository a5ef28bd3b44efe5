/* What a fuzzer found once stays found: its target ends the program when a promise is broken. A program for each target. */
#include "base/text.h"
#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); /* ../fuzz/fuzz_*.c */

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

static void feed_folder(const char *path)
{
    size_t n_files = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        SEGUE_CLEANUP(text_free) struct text file = {0};
        if (entry->d_type != DT_REG)
            continue;
        text_printf(&file, "%s/%s", path, entry->d_name);
        feed_file(text_string(&file));
        n_files++;
    }
    closedir(folder);
    assert_true(n_files > 0);
}

static void every_file_of_its_folders_keeps_its_promises(void **state)
{
    (void)state;
    static const char *const folders[] = {FOLDERS};
    for (size_t i = 0; i < SEGUE_COUNT(folders); i++)
        feed_folder(folders[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_of_its_folders_keeps_its_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
