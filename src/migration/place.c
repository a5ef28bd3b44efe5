#include "migration/place.h"

struct place place_after(const char *content, struct place place, size_t from, size_t offset)
{
    for (size_t i = from; i < offset && content[i]; i++) {
        if (content[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)content[i + 1] & 0xC0) != 0x80) {
            /* The last byte of a character: the next one begins a column. */
            place.column++;
        }
    }
    return place;
}

struct place place_at(const char *content, size_t offset)
{
    return place_after(content, (struct place){1, 1}, 0, offset);
}

bool place_error(struct error *err, const char *path, struct place place)
{
    return error_where(err, "%s:%d:%d", path, place.line, place.column);
}
