#include "gateway/batch.h"

static bool take(const struct wire_piece *piece, struct batch *out)
{
    const char *body = piece->data;
    size_t n = piece->n;
    switch (piece->type) {
    case 'Q':
        out->text = wire_take_string(&body, &n);
        out->n_executes++;
        out->describes = true;
        return out->text != NULL;
    case 'P':
        out->parsed = wire_take_string(&body, &n);
        out->text = out->parsed ? wire_take_string(&body, &n) : NULL;
        out->n_parses++;
        return out->text != NULL;
    case 'B':
        out->bound = wire_take_string(&body, &n) ? wire_take_string(&body, &n) : NULL;
        out->n_binds++;
        return out->bound != NULL;
    case 'D': out->describes = true; return true;
    case 'E': out->n_executes++; return true;
    case 'C':
    case 'H':
    case 'S': return true;
    default: return false;
    }
}

bool batch_read(const char *data, size_t n, struct batch *out)
{
    struct wire_reader reader = {0};
    struct wire_piece piece;
    bool ended = false;
    *out = (struct batch){0};
    while (wire_next(&reader, &data, &n, &piece) == WIRE_PIECE) {
        if (ended || !wire_is_whole(&piece) || !take(&piece, out))
            return false;
        ended = piece.type == 'Q' || piece.type == 'S';
    }
    return ended && wire_between(&reader);
}
