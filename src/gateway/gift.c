#include "gateway/gift.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "sql.h"

static const char ASKER[] = "segue_move";

static void put_bind(struct text *out, const char *statement, size_t n, const char *const *values)
{
    size_t begun = wire_begin(out, 'B');
    wire_put_string(out, "");
    wire_put_string(out, statement);
    wire_put_u16(out, 0);
    wire_put_u16(out, (uint16_t)n);
    for (size_t i = 0; i < n; i++) {
        wire_put_u32(out, (uint32_t)strlen(values[i]));
        text_append_n(out, values[i], strlen(values[i]));
    }
    wire_put_u16(out, 0);
    wire_end(out, begun);
    begun = wire_begin(out, 'E');
    wire_put_string(out, "");
    wire_put_u32(out, 0);
    wire_end(out, begun);
}

/* types: numbers of types, separated by spaces, or NULL. */
static void put_parse(struct text *out, const char *name, const char *statement, const char *types)
{
    size_t begun = wire_begin(out, 'P');
    wire_put_string(out, name);
    wire_put_string(out, statement);
    size_t at = out->length;
    uint16_t n = 0;
    wire_put_u16(out, 0);
    for (const char *type = types; type && *type && n < UINT16_MAX; n++) {
        char *end;
        unsigned long number = strtoul(type, &end, 10);
        if (end == type) /* it is no server that answers so */
            break;
        wire_put_u32(out, (uint32_t)number);
        type = end + (*end == ' ');
    }
    out->data[at] = (char)(n >> 8);
    out->data[at + 1] = (char)n;
    wire_end(out, begun);
}

static void put_close(struct text *out, const char *statement)
{
    size_t begun = wire_begin(out, 'C');
    text_append_char(out, 'S');
    wire_put_string(out, statement);
    wire_end(out, begun);
}

void gift_put_describe(struct text *out, const char *name)
{
    size_t begun = wire_begin(out, 'D');
    text_append_char(out, 'S');
    wire_put_string(out, name);
    wire_end(out, begun);
}

static void put_sync(struct text *out)
{
    wire_end(out, wire_begin(out, 'S'));
}

void gift_ask(struct text *out, const char *user, const char *settings)
{
    const char *values[] = {user, settings};
    put_parse(out, ASKER, sql_gateway_session, NULL);
    put_bind(out, ASKER, SEGUE_COUNT(values), values);
    put_close(out, ASKER);
    put_sync(out);
}

void gift_begin(struct gift *gift, bool for_reads, bool describes, bool used)
{
    text_clear(&gift->messages);
    gift->for_reads = for_reads;
    gift->describes = describes;
    if (used)
        wire_put_message(&gift->messages, 'Q', "DISCARD ALL");
}

/* A column of a DataRow, moved behind it; NULL: none, or SQL's NULL. With its zero, in the text. */
static const char *take_column(const char **body, size_t *n, struct text *out)
{
    if (*n < 4)
        return NULL;
    uint32_t length = wire_u32(*body);
    *body += 4;
    *n -= 4;
    if (length == UINT32_MAX || length > *n)
        return NULL;
    text_clear(out);
    text_append_n(out, *body, length);
    *body += length;
    *n -= length;
    return text_string(out);
}

/* The reasons that sql/gateway_session.sql may give, as words that last. */
static const char *lasting(const char *why)
{
    static const char *const known[] = {
        "temporary tables", "a cursor that is held open", "LISTEN",
        "advisory locks",   "another session user",       "a search path of its own"};
    for (size_t i = 0; i < SEGUE_COUNT(known); i++)
        if (strcmp(why, known[i]) == 0)
            return known[i];
    return "something that cannot be made again";
}

static void put_statement(struct gift *gift, const char *name, const char *statement, const char *types)
{
    if (gift->for_reads)
        put_sync(&gift->messages);
    put_parse(&gift->messages, name, statement, types);
    if (gift->for_reads && gift->describes)
        gift_put_describe(&gift->messages, name);
    if (gift->for_reads)
        put_sync(&gift->messages);
}

const char *gift_take(struct gift *gift, const char *body, size_t n)
{
    SEGUE_CLEANUP(text_free) struct text kind = {0};
    SEGUE_CLEANUP(text_free) struct text name = {0};
    SEGUE_CLEANUP(text_free) struct text value = {0};
    SEGUE_CLEANUP(text_free) struct text types = {0};
    if (n < 2)
        return NULL;
    body += 2; /* the number of columns, which is known */
    n -= 2;
    (void)take_column(&body, &n, &kind);
    (void)take_column(&body, &n, &name);
    (void)take_column(&body, &n, &value);
    (void)take_column(&body, &n, &types);
    const char *what = text_string(&kind);
    struct text *messages = &gift->messages;
    if (strcmp(what, "stays") == 0)
        return lasting(text_string(&name));
    if (strcmp(what, "setting") == 0) {
        const char *values[] = {text_string(&name), text_string(&value)};
        put_parse(messages, "", "SELECT pg_catalog.set_config($1, $2, false)", NULL);
        put_bind(messages, "", SEGUE_COUNT(values), values);
    } else if (strcmp(what, "statement") == 0) {
        put_statement(gift, text_string(&name), text_string(&value), text_string(&types));
    } else if (!gift->for_reads) {
        put_parse(messages, "", text_string(&value), NULL);
        put_bind(messages, "", 0, NULL);
    }
    return NULL;
}

/* What is seen of the messages, one after the other. */
struct walk {
    struct wire_reader reader;
    const char *at;
    size_t left;
    struct wire_piece piece;
};

static bool step(struct walk *walk)
{
    return wire_next(&walk->reader, &walk->at, &walk->left, &walk->piece) == WIRE_PIECE;
}

static struct walk walk_through(const struct gift *gift)
{
    return (struct walk){.at = text_string(&gift->messages), .left = gift->messages.length};
}

static bool ends_batch(const struct walk *walk)
{
    return walk->piece.type == 'S' || walk->piece.type == 'Q';
}

unsigned gift_end(struct gift *gift, const struct text *unnamed)
{
    unsigned n = 0;
    text_append_n(&gift->messages, text_string(unnamed), unnamed->length);
    put_sync(&gift->messages);
    for (struct walk walk = walk_through(gift); step(&walk);)
        n += ends_batch(&walk);
    return n;
}

const char *gift_statement(const struct gift *gift, unsigned nth)
{
    const char *name = NULL;
    unsigned batch = 0;
    for (struct walk walk = walk_through(gift); batch <= nth && step(&walk);) {
        const char *body = walk.piece.data;
        size_t n = walk.piece.n;
        if (batch == nth && walk.piece.type == 'P')
            name = wire_take_string(&body, &n);
        batch += ends_batch(&walk);
    }
    return gift->for_reads && name && *name ? name : NULL;
}

void gift_each_statement(const struct gift *gift, void (*visit)(void *context, const char *body, size_t n),
                         void *context)
{
    for (struct walk walk = walk_through(gift); step(&walk);)
        if (walk.piece.type == 'P' && walk.piece.n > 0 && *walk.piece.data)
            visit(context, walk.piece.data, walk.piece.n);
}

void gift_free(struct gift *gift)
{
    text_free(&gift->messages);
}
