/* A table on the terminal: cells of text in columns as wide as they need. */
#ifndef SEGUE_CLI_GRID_H
#define SEGUE_CLI_GRID_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* Zero-initialise with the arena and the number of columns; the first row is the heading. */
struct grid {
    struct arena *arena;
    size_t columns;
    const char **cells; /* row by row */
    size_t n_cells;
};

/* Appends the next cell, which is copied. NULL is an empty cell. */
void grid_cell(struct grid *grid, const char *text);
/* Appends the rows, each ended by a newline, columns two spaces apart. */
void grid_print(const struct grid *grid, struct text *out);

#endif
