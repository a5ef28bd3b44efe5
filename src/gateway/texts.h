/* What is known of the texts of statements, each looked at once: by one thread alone. */
#ifndef SEGUE_GATEWAY_TEXTS_H
#define SEGUE_GATEWAY_TEXTS_H

#include "engine/compare.h"
#include "gateway/shared.h"
#include "gateway/statements.h"

enum { TEXTS_MAX = 4096 };

struct known_text {
    uint64_t hash;
    unsigned kind; /* bits of enum gateway_kind */
    struct normal normal;
    struct answer_order order;
};

struct texts {
    struct arena *arena;
    struct known_text **buckets; /* TEXTS_MAX; those that share one take turns */
    size_t n, bytes;             /* that were looked at since all was forgotten */
};

void texts_init(struct texts *texts);
void texts_free(struct texts *texts);
/* Whether the text has been looked at. */
bool texts_know(const struct texts *texts, const struct statement *statement);
/* What there is to know; valid until the next call. */
const struct known_text *texts_get(struct texts *texts, struct shared *shared,
                                   const struct statement *statement);

#endif
