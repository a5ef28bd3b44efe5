#include "gateway/bind.h"

#include <string.h>

#include "wire/message.h"

struct bytes {
    const char *at;
    size_t n;
};

static bool take_u16(struct bytes *bytes, uint16_t *out)
{
    if (bytes->n < 2)
        return false;
    *out = wire_u16(bytes->at);
    bytes->at += 2;
    bytes->n -= 2;
    return true;
}

/* None: all are text. One: all are of it. */
static bool take_formats(struct bytes *bytes, struct arena *arena, const uint16_t **out, uint16_t *n)
{
    if (!take_u16(bytes, n))
        return false;
    uint16_t *formats = arena_alloc(arena, (*n + 1U) * sizeof *formats);
    for (uint16_t i = 0; i < *n; i++)
        if (!take_u16(bytes, &formats[i]))
            return false;
    *out = formats;
    return true;
}

static bool take_value(struct bytes *bytes, struct arena *arena, const char **value, int *length)
{
    if (bytes->n < 4)
        return false;
    uint32_t n = wire_u32(bytes->at);
    bytes->at += 4;
    bytes->n -= 4;
    *value = NULL;
    if (n == UINT32_MAX)
        return true;
    if (n > bytes->n)
        return false;
    *value = arena_strndup(arena, bytes->at, n);
    *length = (int)n;
    bytes->at += n;
    bytes->n -= n;
    return true;
}

static void take_types(const struct statement *statement, struct arena *arena, struct asked *out)
{
    uint32_t *types = arena_alloc(arena, (statement->n_types + 1U) * sizeof *types);
    for (uint16_t i = 0; i < statement->n_types; i++)
        types[i] = wire_u32(statement->types + 4U * i);
    out->types = types;
    out->n_types = statement->n_types;
}

bool bind_read(const struct statement *statement, const char *bind, size_t n, struct arena *arena,
               struct asked *out)
{
    struct bytes bytes = {bind, n};
    const uint16_t *given;
    uint16_t n_given, n_values;
    *out = (struct asked){.text = statement->text};
    if (!bind)
        return true;
    if (!take_formats(&bytes, arena, &given, &n_given) || !take_u16(&bytes, &n_values))
        return false;
    const char **values = arena_alloc(arena, (n_values + 1U) * sizeof *values);
    int *lengths = arena_alloc(arena, (n_values + 1U) * sizeof *lengths);
    int *formats = arena_alloc(arena, (n_values + 1U) * sizeof *formats);
    if (n_given > 1 && n_given < n_values)
        return false;
    for (uint16_t i = 0; i < n_values; i++) {
        formats[i] = n_given == 0 ? 0 : given[n_given == 1 ? 0 : i];
        if (!take_value(&bytes, arena, &values[i], &lengths[i]))
            return false;
    }
    take_types(statement, arena, out);
    out->values = values;
    out->lengths = lengths;
    out->formats = formats;
    out->n_values = n_values;
    return true;
}
