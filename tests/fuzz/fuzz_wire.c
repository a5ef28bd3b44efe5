/*
 * Any bytes as a stream of messages: cut at places that the first bytes choose, they read the same as a whole. And as a startup packet: what it points
 * at is within it, and what is made of its parts is read back. And as each of SCRAM's messages: what is found is within it, and in the order in
 * which it is said. Built and run by script/fuzz wire.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/message.h"
#include "wire/scram.h"
#include "wire/startup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds, const char *promise)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", promise);
    abort();
}

/* What a reader saw: types, lengths and bodies in one text. */
struct seen {
    struct text text;
    bool broken;
};

static void put_header(struct seen *seen, const struct wire_piece *piece)
{
    text_append_char(&seen->text, piece->type);
    wire_put_u32(&seen->text, piece->length);
}

static void look(struct wire_reader *reader, const char *data, size_t n, struct seen *seen)
{
    struct wire_piece piece;
    enum wire_result result;
    /* A copy of its own, so that a read beyond its end is seen. */
    char *copy = malloc(n ? n : 1);
    expect(copy != NULL, "memory");
    if (n)
        memcpy(copy, data, n);
    const char *at = copy;
    while ((result = wire_next(reader, &at, &n, &piece)) == WIRE_PIECE) {
        expect((uint64_t)piece.offset + piece.n <= piece.length, "a part is within its message");
        if (piece.offset == 0)
            put_header(seen, &piece);
        text_append_n(&seen->text, piece.data, piece.n);
        (void)wire_error_field(piece.data, piece.n, 'C');
        if (wire_is_last(&piece))
            expect(wire_between(reader), "behind its last part nothing is left of a message");
    }
    seen->broken = result == WIRE_BROKEN;
    expect(seen->broken || n == 0, "all bytes were read");
    free(copy);
}

static void messages(const char *cuts, const char *data, size_t n)
{
    struct seen whole = {0};
    struct seen pieces = {0};
    struct wire_reader reader = {0};
    look(&reader, data, n, &whole);
    reader = (struct wire_reader){0};
    size_t done = 0;
    for (size_t i = 0; done < n && !pieces.broken; i++) {
        size_t part = 1 + (unsigned char)cuts[i % 4] % 23;
        part = part < n - done ? part : n - done;
        look(&reader, data + done, part, &pieces);
        done += part;
    }
    expect(whole.broken == pieces.broken, "cut or not, it is broken or not");
    expect(whole.text.length == pieces.text.length &&
               (whole.text.length == 0 || memcmp(whole.text.data, pieces.text.data, whole.text.length) == 0),
           "cut or not, it reads the same");
    text_free(&whole.text);
    text_free(&pieces.text);
}

static void read_back(const struct wire_startup *startup)
{
    struct text made = {0};
    size_t begun = wire_startup_begin(&made, startup->code);
    const char *name;
    const char *value;
    for (size_t at = 0; wire_startup_next(startup, &at, &name, &value);) {
        wire_put_string(&made, name);
        wire_put_string(&made, value);
        expect(wire_startup_value(startup, name) != NULL, "a parameter is found by its name");
    }
    wire_startup_end(&made, begun);
    struct wire_startup again;
    size_t length;
    expect(wire_startup_read(made.data, made.length, &again, &length) == WIRE_PIECE &&
               length == made.length && again.code == startup->code &&
               again.n_parameters == startup->n_parameters &&
               memcmp(again.parameters, startup->parameters, again.n_parameters) == 0,
           "what is made of a packet's parts is the packet");
    text_free(&made);
}

static void packet(const char *data, size_t n)
{
    char *copy = malloc(n ? n : 1);
    expect(copy != NULL, "memory");
    if (n)
        memcpy(copy, data, n);
    struct wire_startup startup;
    size_t length = 0;
    if (wire_startup_read(copy, n, &startup, &length) == WIRE_PIECE) {
        expect(length <= n, "a packet is within what was given");
        if (startup.code == WIRE_CANCEL)
            expect(startup.secret + startup.n_secret == copy + length, "a key ends where its packet does");
        else if (startup.parameters)
            read_back(&startup);
    }
    free(copy);
}

/* Whether the parts are not empty and stand in the n bytes in that order, apart. */
static bool in_order(const char *data, size_t n, const struct scram_part *parts, size_t n_parts)
{
    const char *at = data;
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].data < at || parts[i].data + parts[i].n > data + n)
            return false;
        at = parts[i].data + parts[i].n + 1;
    }
    return true;
}

static void scram(const char *data, size_t n)
{
    struct scram_part bare = {0};
    struct scram_part final[2] = {0};
    struct scram_challenge challenge = {0};
    struct scram_verifier verifier = {0};
    char *copy = malloc(n ? n : 1);
    expect(copy != NULL, "memory");
    if (n)
        memcpy(copy, data, n);
    if (scram_read_first(copy, n, &bare))
        expect(bare.n > 0 && bare.data + bare.n == copy + n && bare.data >= copy + 3,
               "what is signed is the end");
    if (scram_read_signature(copy, n, &bare))
        expect(in_order(copy, n, &bare, 1), "a signature is within");
    if (scram_read_final(copy, n, &final[0], &final[1]))
        expect(in_order(copy, n, final, 2) && final[0].data == copy && final[1].data + final[1].n == copy + n,
               "what is signed, the proof, and nothing else");
    if (scram_read_challenge(copy, n, &challenge))
        expect(in_order(copy, n, (const struct scram_part[]){challenge.nonce, challenge.salt}, 2) &&
                   challenge.iterations > 0,
               "a challenge is within");
    if (scram_read_verifier(copy, n, &verifier))
        expect(in_order(copy, n,
                        (const struct scram_part[]){verifier.salt, verifier.stored_key, verifier.server_key},
                        3),
               "a verifier is within");
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { CUTS = 4 };
    if (size < CUTS)
        return 0;
    messages((const char *)data, (const char *)data + CUTS, size - CUTS);
    packet((const char *)data + CUTS, size - CUTS);
    scram((const char *)data + CUTS, size - CUTS);
    return 0;
}
