#include "gateway/columns.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

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
    if (name)
        gift_put_describe(out, name);
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

/* --- For reads --- */

static void count(void *context, const char *body, size_t n)
{
    struct columns *columns = context;
    (void)body;
    (void)n;
    columns->n_each++;
}

static void put(void *context, const char *body, size_t n)
{
    struct columns *columns = context;
    const char *name = wire_take_string(&body, &n);
    columns->each[columns->at++] = (struct columns_of){.name = name ? hash_string(HASH_BEGUN, name) : 0};
}

void columns_free(struct columns *columns)
{
    free(columns->each);
    columns->each = NULL;
    columns->n_each = columns->at = 0;
}

void columns_again(struct columns *columns)
{
    columns->at = 0;
}

void columns_each(struct columns *columns, const struct gift *gift)
{
    columns_free(columns);
    gift_each_statement(gift, count, columns);
    columns->each = memory_alloc((columns->n_each + 1) * sizeof *columns->each);
    gift_each_statement(gift, put, columns);
    columns_again(columns);
}

void columns_each_here(struct columns *columns, char type, const char *body, size_t n)
{
    if (columns->at == columns->n_each)
        return;
    struct columns_of *of = &columns->each[columns->at++];
    of->here = HASH_BEGUN;
    columns_take(&of->here, type, body, n);
}

const struct columns_of *columns_next(struct columns *columns, char type, const char *body, size_t n,
                                      bool *same)
{
    uint64_t there = HASH_BEGUN;
    if (columns->at == columns->n_each)
        return NULL;
    const struct columns_of *of = &columns->each[columns->at++];
    columns_take(&there, type, body, n);
    *same = type && of->here == there; /* 0: the present backend has not answered */
    return of;
}
