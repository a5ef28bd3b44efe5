/* Statements as they are asked of the new version, where that calls tables and columns by other names. */

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "gateway/comparer_internal.h"

enum {
    NAMES_US = 10000000, /* after which names are read anew: a version may be made again under its name */
    NAMED_MAX = 1024,    /* texts that are remembered; those that share a place take turns */
    NAMED_BYTES = 4 * 1024 * 1024
};

void names_free(struct names *names)
{
    arena_free(names->arena);
    free(names->buckets);
    *names = (struct names){0};
}

static void names_begin(struct names *names)
{
    names_free(names);
    names->arena = arena_new();
    names->buckets = memory_alloc(NAMED_MAX * sizeof(struct named_text *));
}

bool names_read(struct names *names, const struct compare_engine *engine,
                const struct compared_versions *versions, struct error *err)
{
    if (names->arena && clock_us() - names->read_us < NAMES_US && names->bytes < NAMED_BYTES)
        return true;
    names_begin(names);
    names->read_us = clock_us();
    return engine->names(versions, names->arena, &names->map, err);
}

/* What stays of a translation; columns of its result have names of the map's. */
static struct translation keep(struct names *names, const struct translation *made)
{
    struct translation kept = {.kind = made->kind, .n_outputs = made->n_outputs};
    if (made->kind == TRANSLATION_UNSURE)
        kept.why_not = arena_strdup(names->arena, made->why_not);
    if (made->kind != TRANSLATION_DONE)
        return kept;
    kept.text = arena_strdup(names->arena, made->text);
    kept.needs = arena_strdup(names->arena, made->needs);
    kept.outputs = arena_alloc(names->arena, (made->n_outputs + 1) * sizeof *kept.outputs);
    for (size_t i = 0; i < made->n_outputs; i++)
        kept.outputs[i] = made->outputs[i];
    names->bytes += strlen(made->text);
    return kept;
}

static struct named_text *make(struct names *names, const struct compare_engine *engine,
                               const struct statement *statement, const char *normal)
{
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    struct named_text *named = arena_alloc(names->arena, sizeof *named);
    struct translation made;
    engine->translate(&names->map, statement->text, scratch, &made);
    *named = (struct named_text){.hash = statement->hash, .translation = keep(names, &made)};
    names->bytes += sizeof *named;
    if (made.kind != TRANSLATION_DONE || !normal)
        return named;
    engine->translate(&names->map, normal, scratch, &made);
    named->shown = made.kind == TRANSLATION_DONE ? keep(names, &made).text : NULL;
    return named;
}

const struct named_text *names_of(struct names *names, const struct compare_engine *engine,
                                  const struct statement *statement, const char *normal)
{
    struct named_text **bucket = &names->buckets[(statement->hash ^ statement->hash >> 32) % NAMED_MAX];
    if (!*bucket || (*bucket)->hash != statement->hash)
        *bucket = make(names, engine, statement, normal);
    return *bucket;
}

void names_rename(const struct named_text *named, struct answer *answer)
{
    for (size_t i = 0; i < answer->n_columns; i++)
        answer->names[i] = translation_output(&named->translation, answer->names[i]);
}
