#include "wire/startup.h"

#include <string.h>

enum { FIXED = 8 }; /* length and code */

/* Name and value by turns, each with its zero, and one zero at the end. */
static bool parameters_hold(const char *data, size_t n)
{
    if (n == 0 || data[n - 1] != '\0')
        return false;
    n--;
    while (n > 0) {
        const char *name = wire_take_string(&data, &n);
        if (!name || !*name || !wire_take_string(&data, &n))
            return false;
    }
    return true;
}

enum wire_result wire_startup_read(const char *data, size_t n, struct wire_startup *out, size_t *length)
{
    *out = (struct wire_startup){0};
    if (n < 4)
        return WIRE_USED_UP;
    *length = wire_u32(data);
    if (*length < FIXED || *length > WIRE_STARTUP_MAX)
        return WIRE_BROKEN;
    if (n < *length)
        return WIRE_USED_UP;
    out->code = wire_u32(data + 4);
    const char *body = data + FIXED;
    size_t n_body = *length - FIXED;
    if (out->code == WIRE_SSL || out->code == WIRE_GSS)
        return n_body == 0 ? WIRE_PIECE : WIRE_BROKEN;
    if (out->code == WIRE_CANCEL) {
        if (n_body < 4)
            return WIRE_BROKEN;
        out->pid = wire_u32(body);
        out->secret = body + 4;
        out->n_secret = n_body - 4;
        return WIRE_PIECE;
    }
    if (!parameters_hold(body, n_body))
        return WIRE_BROKEN;
    out->parameters = body;
    out->n_parameters = n_body - 1;
    return WIRE_PIECE;
}

bool wire_startup_next(const struct wire_startup *startup, size_t *at, const char **name, const char **value)
{
    if (*at >= startup->n_parameters)
        return false;
    *name = startup->parameters + *at;
    *value = *name + strlen(*name) + 1;
    *at = (size_t)(*value - startup->parameters) + strlen(*value) + 1;
    return true;
}

const char *wire_startup_value(const struct wire_startup *startup, const char *name)
{
    const char *found;
    const char *value;
    for (size_t at = 0; wire_startup_next(startup, &at, &found, &value);)
        if (strcmp(found, name) == 0)
            return value;
    return NULL;
}

size_t wire_startup_begin(struct text *out, uint32_t code)
{
    size_t begun = out->length;
    wire_put_u32(out, 0);
    wire_put_u32(out, code);
    return begun;
}

void wire_startup_end(struct text *out, size_t begun)
{
    text_append_char(out, '\0');
    wire_end(out, begun);
}

void wire_put_cancel(struct text *out, uint32_t pid, const char *secret, size_t n_secret)
{
    size_t begun = wire_startup_begin(out, WIRE_CANCEL);
    wire_put_u32(out, pid);
    text_append_n(out, secret, n_secret);
    wire_end(out, begun);
}
