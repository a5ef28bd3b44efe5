#include "shadow/record.h"

#include <string.h>

/* --- Writing --- */

void shadow_put_number(struct text *out, uint32_t value)
{
    text_append_n(out, (const char *)&value, sizeof value);
}

static void put_bytes(struct text *out, const char *data, size_t n)
{
    shadow_put_number(out, (uint32_t)n);
    if (n > 0)
        text_append_n(out, data, n);
}

void shadow_put_string(struct text *out, const char *string)
{
    put_bytes(out, string, strlen(string));
}

enum { BOUND = 1, COPIES = 2, SOILS = 4 };

void shadow_put_statement(struct text *out, const struct shadow_statement *statement)
{
    shadow_put_string(out, statement->text);
    put_bytes(out, (const char *)statement->types, statement->n_types * sizeof *statement->types);
    shadow_put_number(out, (statement->bound ? BOUND : 0U) | (statement->copies ? COPIES : 0U) |
                               (statement->soils ? SOILS : 0U));
    put_bytes(out, statement->bind, statement->n_bind);
    put_bytes(out, statement->copy, statement->n_copy);
    shadow_put_string(out, statement->tag);
}

/* --- Reading --- */

struct bytes {
    struct arena *arena;
    const char *at;
    size_t left;
    bool broken;
};

static uint32_t take_number(struct bytes *bytes)
{
    uint32_t value = 0;
    if (bytes->left < sizeof value) {
        bytes->broken = true;
        bytes->left = 0;
        return 0;
    }
    memcpy(&value, bytes->at, sizeof value);
    bytes->at += sizeof value;
    bytes->left -= sizeof value;
    return value;
}

/* With a zero behind them. */
static const char *take_bytes(struct bytes *bytes, size_t *n)
{
    *n = take_number(bytes);
    if (*n > bytes->left) {
        bytes->broken = true;
        *n = bytes->left = 0;
    }
    char *copy = arena_alloc(bytes->arena, *n + 1);
    memcpy(copy, bytes->at, *n);
    bytes->at += *n;
    bytes->left -= *n;
    return copy;
}

static const char *take_string(struct bytes *bytes)
{
    size_t n;
    return take_bytes(bytes, &n);
}

static struct shadow_statement *take_statements(struct bytes *bytes, size_t *n)
{
    *n = take_number(bytes);
    if (*n > bytes->left) { /* each has more than a byte */
        bytes->broken = true;
        *n = 0;
    }
    struct shadow_statement *out = arena_alloc(bytes->arena, (*n + 1) * sizeof *out);
    for (size_t i = 0; i < *n; i++) {
        size_t n_types;
        out[i].text = take_string(bytes);
        out[i].types = (const uint32_t *)(const void *)take_bytes(bytes, &n_types);
        out[i].n_types = n_types / sizeof *out[i].types;
        uint32_t flags = take_number(bytes);
        out[i].bound = flags & BOUND;
        out[i].copies = flags & COPIES;
        out[i].soils = flags & SOILS;
        out[i].bind = take_bytes(bytes, &out[i].n_bind);
        out[i].copy = take_bytes(bytes, &out[i].n_copy);
        out[i].tag = take_string(bytes);
    }
    return out;
}

bool shadow_read_transaction(struct arena *arena, const char *data, size_t n, struct shadow_transaction *out)
{
    struct bytes bytes = {arena, data, n, false};
    out->pid = take_number(&bytes);
    out->statements = take_statements(&bytes, &out->n);
    return !bytes.broken && bytes.left == 0;
}

bool shadow_read_context(struct arena *arena, const char *data, size_t n, struct shadow_context *out)
{
    struct bytes bytes = {arena, data, n, false};
    out->user = take_string(&bytes);
    out->n_settings = take_number(&bytes);
    if (out->n_settings > bytes.left)
        return false;
    out->settings = arena_alloc(arena, (out->n_settings + 1) * sizeof *out->settings);
    for (size_t i = 0; i < out->n_settings; i++) {
        out->settings[i].name = take_string(&bytes);
        out->settings[i].value = take_string(&bytes);
    }
    out->statements = take_statements(&bytes, &out->n);
    return !bytes.broken && bytes.left == 0;
}
