/* Statements without their values, for segue compare. */

#include <string.h>

#include "engine/engine.h"
#include "gateway/comparer_internal.h"

enum { NEW_MAX = 500 }; /* texts that are looked at each time: each takes some hundred microseconds */

struct keeping {
    struct comparer *comparer;
    struct arena *arena;
    struct kept_statement *list;
    size_t n;
    size_t fresh;
    uint64_t unkept;
};

static void keep_one(void *context, const struct seen_statement *seen)
{
    struct keeping *keeping = context;
    struct comparer *comparer = keeping->comparer;
    bool known = texts_know(&comparer->texts, seen->statement);
    if (!comparer->keeps || (!known && ++keeping->fresh > NEW_MAX)) {
        keeping->unkept += seen->calls;
    } else {
        const struct normal *normal = &texts_get(&comparer->texts, comparer->shared, seen->statement)->normal;
        const struct kept_statement one = {.fingerprint = arena_strdup(keeping->arena, normal->fingerprint),
                                           .text = normal->text ? arena_strdup(keeping->arena, normal->text)
                                                                : NULL,
                                           .role = arena_strdup(keeping->arena, seen->role),
                                           .version = seen->version->name,
                                           .calls = (double)seen->calls};
        if (*normal->fingerprint)
            ARENA_PUSH(keeping->arena, keeping->list, keeping->n, one);
        else
            keeping->unkept += seen->calls;
    }
    statement_release(seen->statement);
}

bool comparer_keep(struct comparer *comparer, struct error *err)
{
    const struct compare_engine *engine = comparer->settings->engine->compare;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct keeping keeping = {.comparer = comparer, .arena = arena};
    if (!comparer->settings->keep_statements)
        return true;
    for (size_t i = 0; i < comparer->n_workers; i++)
        keeping.unkept += seen_take(&comparer->seen[i], keep_one, &keeping);
    bool good = engine->keep(comparer->session, keeping.list, keeping.n, err);
    for (size_t i = 0; i < keeping.n; i++)
        if (good)
            (void)atomic_fetch_add(&comparer->kept_calls, (uint64_t)keeping.list[i].calls);
        else
            keeping.unkept += (uint64_t)keeping.list[i].calls;
    (void)atomic_fetch_add(&comparer->unkept, keeping.unkept);
    if (good || err->class == ERROR_LOST)
        return good;
    if (err->class == ERROR_BUSY)
        return true;
    /* It may not, or the state is older: it stays so until the session is opened anew. */
    struct event event;
    comparer->keeps = false;
    event_begin(&event, &comparer->settings->events, EVENT_WARNING, "statements_not_kept");
    event_text(&event, "reason", err->message);
    event_end(&event);
    return true;
}
