#include "gateway/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "engine/engine.h"

enum { BYTES_MAX = 16 * 1024 * 1024 };

void texts_init(struct texts *texts)
{
    *texts = (struct texts){.arena = arena_new(),
                            .buckets = memory_alloc(TEXTS_MAX * sizeof(struct known_text *))};
}

void texts_free(struct texts *texts)
{
    arena_free(texts->arena);
    free(texts->buckets);
}

static struct known_text **bucket_of(const struct texts *texts, const struct statement *statement)
{
    return &texts->buckets[(statement->hash ^ statement->hash >> 32) % TEXTS_MAX];
}

bool texts_know(const struct texts *texts, const struct statement *statement)
{
    const struct known_text *known = *bucket_of(texts, statement);
    return known && known->hash == statement->hash;
}

const struct known_text *texts_get(struct texts *texts, struct shared *shared,
                                   const struct statement *statement)
{
    const struct compare_engine *engine = shared->settings->engine->compare;
    if (texts_know(texts, statement))
        return *bucket_of(texts, statement);
    if (texts->n >= TEXTS_MAX || texts->bytes > BYTES_MAX) {
        arena_free(texts->arena);
        texts->arena = arena_new();
        memset(texts->buckets, 0, TEXTS_MAX * sizeof(struct known_text *));
        texts->n = texts->bytes = 0;
    }
    struct known_text *known = arena_alloc(texts->arena, sizeof *known);
    SEGUE_CLEANUP(arena_cleanup) struct arena *scratch = arena_new();
    known->hash = statement->hash;
    known->kind = gateway_kind(shared, statement->text);
    engine->normalise(statement->text, scratch, &known->normal);
    if (known->normal.text)
        known->normal.text = arena_strdup(texts->arena, known->normal.text);
    if (known->kind & STATEMENT_READS)
        (void)engine->order(statement->text, texts->arena, &known->order);
    *bucket_of(texts, statement) = known;
    texts->n++;
    texts->bytes += statement->n_text;
    return known;
}
