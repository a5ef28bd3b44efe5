/* A row as its writer knows it: a value as text for each column of a shape, NULL for SQL NULL, or nothing known of it. */
#ifndef SEGUE_DRIVE_ROW_H
#define SEGUE_DRIVE_ROW_H

#include <stdbool.h>
#include <stddef.h>

struct row {
    size_t n;
    char **values;
    bool *known;
};

/* A copy to be freed; NULL stays NULL. Never fails: see base/memory.h. */
char *value_copy(const char *value);

/* A row of n columns of which nothing is known. */
struct row row_new(size_t n);
struct row row_copy(const struct row *row);
void row_free(struct row *row);
/* The row takes the value over. */
void row_set(struct row *row, size_t column, char *value);
void row_forget(struct row *row, size_t column);

#endif
