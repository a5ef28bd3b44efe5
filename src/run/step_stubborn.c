/* Rows at which the up of their table fails hold the migration up. */

#include "run/executor_internal.h"

enum { SHOWN = 5 };

static bool refuse(const char *table, const struct stubborn *left, size_t n, struct error *err)
{
    SEGUE_CLEANUP(text_free) struct text keys = {0};
    for (size_t i = 0; i < n && i < SHOWN; i++)
        text_printf(&keys, "\n%s", left[i].key);
    if (n > WALK_MOST_STUBBORN)
        error_set(err, ERROR_REFUSED, "the up of more than %d rows of %s fails", WALK_MOST_STUBBORN, table);
    else
        error_set(err, ERROR_REFUSED, "the up of %zu row%s of %s fails", n, n == 1 ? "" : "s", table);
    error_detail(err, "for example:%s", text_string(&keys));
    return error_hint(
        err,
        "segue status --stubborn lists them with the server's messages; mend them through the old version, then segue resume "
        "goes on. Or segue rollback, and write up … otherwise VALUE");
}

bool step_refuse_stubborn(struct executor *executor, const char *table, const char *step, struct error *err)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct stubborn *left;
    size_t n;
    if (!executor->engine->stubborn(executor->session, executor->id, step, arena, &left, &n, err))
        return false;
    return n == 0 || refuse(table, left, n, err);
}
