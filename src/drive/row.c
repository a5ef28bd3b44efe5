#include "drive/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char *value_copy(const char *value)
{
    if (!value)
        return NULL;
    size_t size = strlen(value) + 1;
    return memcpy(memory_alloc(size), value, size);
}

struct row row_new(size_t n)
{
    return (struct row){
        .n = n,
        .values = memory_alloc(n * sizeof(char *)),
        .known = memory_alloc(n * sizeof(bool)),
    };
}

struct row row_copy(const struct row *row)
{
    struct row copy = row_new(row->n);
    for (size_t i = 0; i < row->n; i++) {
        copy.values[i] = value_copy(row->values[i]);
        copy.known[i] = row->known[i];
    }
    return copy;
}

void row_free(struct row *row)
{
    for (size_t i = 0; i < row->n; i++)
        free(row->values[i]);
    free(row->values);
    free(row->known);
    *row = (struct row){0};
}

void row_set(struct row *row, size_t column, char *value)
{
    free(row->values[column]);
    row->values[column] = value;
    row->known[column] = true;
}

void row_forget(struct row *row, size_t column)
{
    free(row->values[column]);
    row->values[column] = NULL;
    row->known[column] = false;
}
