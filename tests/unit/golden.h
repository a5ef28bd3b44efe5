/*
 * Golden files: what a renderer prints is compared with tests/unit/golden/NAME. With SEGUE_GOLDEN=write in the
 * environment the files are written anew instead; git diff then shows what changed.
 */
#ifndef SEGUE_TESTS_GOLDEN_H
#define SEGUE_TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cmocka_all.h"

static inline void golden_read(const char *path, struct text *out)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char buffer[4096];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_append_n(out, buffer, n);
    (void)fclose(file);
}

static inline void golden_check(const char *name, const char *found)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", GOLDEN_DIR, name);
    const char *mode = getenv("SEGUE_GOLDEN");
    if (mode && strcmp(mode, "write") == 0) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        (void)fputs(found, file);
        (void)fclose(file);
        return;
    }
    SEGUE_CLEANUP(text_free) struct text expected = {0};
    golden_read(path, &expected);
    assert_string_equal(found, text_string(&expected));
}

#endif
