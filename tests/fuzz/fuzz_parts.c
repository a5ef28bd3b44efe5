/*
 * Any bytes as the bodies of messages that the gateway takes apart: Bind, and what it gives on; descriptions of columns; what the server says a session
 * holds, from which messages are made; and a batch of messages. Built and run by script/fuzz parts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "gateway/batch.h"
#include "gateway/bind.h"
#include "gateway/columns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds, const char *promise)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", promise);
    abort();
}

static void bound(struct statements *statements, const char *types, uint16_t n_types, const char *body,
                  size_t n)
{
    bool fresh;
    SEGUE_CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct statement *statement =
        statements_get(statements, "SELECT 1", strlen("SELECT 1"), types, n_types, &fresh);
    struct asked asked;
    size_t bytes = 0;
    expect(bind_read(statement, NULL, 0, arena, &asked) && asked.n_values == 0,
           "a simple query has no values");
    if (bind_read(statement, body, n, arena, &asked)) {
        for (size_t i = 0; i < asked.n_values; i++)
            bytes += asked.values[i] ? (size_t)asked.lengths[i] : 0;
        expect(bytes <= n, "values are of the message");
    }
    statement_release(statement);
}

static void described(const char *body, size_t n)
{
    uint64_t whole = HASH_BEGUN, again = HASH_BEGUN;
    struct columns columns = {0};
    columns_take(&whole, 'T', body, n);
    columns_take(&again, 'T', body, n);
    expect(whole == again, "the same columns are the same");
    for (const char *type = "BDE"; *type; type++)
        for (uint32_t cut = 0; cut <= n && cut < 3; cut++) /* whole, or its beginning */
            columns_note(&columns, &(const struct wire_piece){.type = *type,
                                                              .length = (uint32_t)n,
                                                              .data = body,
                                                              .n = cut ? cut : (uint32_t)n});
}

static unsigned count_messages(const struct text *text, char type)
{
    struct wire_reader reader = {0};
    struct wire_piece piece;
    const char *at = text_string(text);
    size_t left = text->length;
    enum wire_result result;
    unsigned n = 0;
    while ((result = wire_next(&reader, &at, &left, &piece)) == WIRE_PIECE)
        n += piece.type == type;
    expect(result == WIRE_USED_UP && wire_between(&reader), "what a session is given are messages");
    return n;
}

/* Rows, each with two bytes of length. */
static void given(bool for_reads, const char *data, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text asks = {0};
    const struct text unnamed = {0};
    struct gift gift = {0};
    gift_begin(&gift, for_reads, for_reads, true);
    while (n > 2) {
        size_t length = (size_t)(unsigned char)data[0] << 8 | (unsigned char)data[1];
        length = length < n - 2 ? length : n - 2;
        (void)gift_take(&gift, data + 2, length);
        data += 2 + length;
        n -= 2 + length;
    }
    unsigned batches = gift_end(&gift, &unnamed);
    expect(batches == count_messages(&gift.messages, 'S') + count_messages(&gift.messages, 'Q'),
           "each batch ends once");
    for (unsigned i = 0; i <= batches; i++)
        (void)gift_statement(&gift, i);
    if (columns_ask(&asks, &gift))
        expect(count_messages(&asks, 'D') <= count_messages(&gift.messages, 'P'), "of statements alone");
    gift_free(&gift);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 5 }; /* a type for Bind, and how many */
    static struct statements statements;
    if (size < HEAD)
        return 0;
    /* A copy of its own, so that a read beyond its end is seen. */
    size_t n = size - HEAD;
    char *copy = malloc(n ? n : 1);
    expect(copy != NULL, "memory");
    if (n)
        memcpy(copy, data + HEAD, n);
    struct batch batch;
    if (batch_read(copy, n, &batch))
        expect(!batch.text || (batch.text >= copy && batch.text < copy + n), "the text is of the messages");
    bound(&statements, (const char *)data, data[4] & 1, copy, n);
    described(copy, n);
    given(data[4] & 2, copy, n);
    free(copy);
    return 0;
}
