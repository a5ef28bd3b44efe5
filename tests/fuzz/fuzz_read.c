/*
 * Any bytes as a migration file: they are taken or refused in words, and nothing else happens. Built and run by script/fuzz.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "postgres/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds, const char *promise, const struct error *err)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n%s: %s\n", promise, err->where, err->message);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    char *content = arena_strndup(arena, (const char *)data, size);
    struct migration *migration = NULL;
    struct error err = {0};
    if (pg_read_migration_text(arena, "fuzz.sql", content, &migration, &err)) {
        expect(migration->n_changes > 0, "what was taken changes something", &err);
    } else {
        expect(err.class == ERROR_REFUSED, "what was not taken is refused", &err);
        expect(strncmp(err.where, "fuzz.sql:", 9) == 0, "a refusal has a place", &err);
        expect(err.message[0] != '\0', "a refusal has a reason", &err);
    }
    arena_free(arena);
    return 0;
}
