/*
 * Any bytes as a stream of messages: cut at places that the first bytes choose, they read the same as a whole. And as a startup packet: what it points
 * at is within it, and what is made of its parts is read back. Built and run by script/fuzz wire.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/message.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { CUTS = 4 };
    if (size < CUTS)
        return 0;
    messages((const char *)data, (const char *)data + CUTS, size - CUTS);
    packet((const char *)data + CUTS, size - CUTS);
    return 0;
}
