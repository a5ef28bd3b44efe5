#include "postgres/array.h"

void pg_array_add(struct text *array, const char *element)
{
    text_append_char(array, array->length ? ',' : '{');
    if (!element) {
        text_append(array, "NULL");
        return;
    }
    text_append_char(array, '"');
    for (const char *c = element; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_append_char(array, '\\');
        text_append_char(array, *c);
    }
    text_append_char(array, '"');
}

void pg_array_add_n(struct text *array, const char *element, size_t length)
{
    text_append(array, array->length ? ",\"" : "{\"");
    for (size_t i = 0; i < length; i++) {
        if (element[i] == '"' || element[i] == '\\')
            text_append_char(array, '\\');
        text_append_char(array, element[i]);
    }
    text_append_char(array, '"');
}

const char *pg_array_end(struct text *array)
{
    if (array->length == 0)
        text_append_char(array, '{');
    text_append_char(array, '}');
    return text_string(array);
}

const char *pg_array(struct text *array, const char *const *elements, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pg_array_add(array, elements[i]);
    return pg_array_end(array);
}
