#include "gateway/columns.h"

#include "base/hash.h"

/* Whether the body, a name and what follows it, begins with another name than the empty one. */
static bool is_named(const char *body, size_t n)
{
    return n > 0 && *body;
}

void columns_note(struct columns *columns, const struct wire_piece *piece)
{
    const char *body = piece->data;
    size_t n = piece->offset == 0 ? piece->n : 0;
    if (piece->type == 'B')
        columns->unasked = wire_take_string(&body, &n) && is_named(body, n);
    else if (piece->type == 'E')
        columns->remembered = columns->remembered || columns->unasked;
    else if (n > 1 && *body == 'S')
        columns->remembered = columns->remembered || is_named(body + 1, n - 1);
    else if (n > 1)
        columns->unasked = false;
}

static void describe(void *context, const char *body, size_t n)
{
    struct text *out = context;
    const char *name = wire_take_string(&body, &n);
    if (!name)
        return;
    size_t begun = wire_begin(out, 'D');
    text_append_char(out, 'S');
    wire_put_string(out, name);
    wire_end(out, begun);
}

bool columns_ask(struct text *out, const struct gift *gift)
{
    gift_each_statement(gift, describe, out);
    if (out->length == 0)
        return false;
    wire_end(out, wire_begin(out, 'S'));
    return true;
}

/* A field: its name, table and number there (6 bytes, which differ with the version), type, length, modifier and format (12 bytes). */
enum { OF_TABLE = 6, OF_TYPE = 12 };

void columns_take(uint64_t *hash, char type, const char *body, size_t n)
{
    if (type != 'T' && type != 'n')
        return;
    *hash = hash_bytes(*hash, &type, 1);
    if (type == 'n' || n < 2)
        return;
    *hash = hash_bytes(*hash, body, 2);
    body += 2;
    n -= 2;
    const char *name;
    while ((name = wire_take_string(&body, &n)) && n >= OF_TABLE + OF_TYPE) {
        *hash = hash_string(*hash, name);
        *hash = hash_bytes(*hash, body + OF_TABLE, OF_TYPE);
        body += OF_TABLE + OF_TYPE;
        n -= OF_TABLE + OF_TYPE;
    }
}
