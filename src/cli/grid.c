#include "cli/grid.h"

#include "base/layout.h"

void grid_cell(struct grid *grid, const char *text)
{
    const char *copy = arena_strdup(grid->arena, text ? text : "");
    ARENA_PUSH(grid->arena, grid->cells, grid->n_cells, copy);
}

static int widest(const struct grid *grid, size_t column)
{
    int width = 0;
    for (size_t i = column; i < grid->n_cells; i += grid->columns) {
        int columns = layout_columns(grid->cells[i]);
        width = columns > width ? columns : width;
    }
    return width;
}

void grid_print(const struct grid *grid, struct text *out)
{
    int *widths = arena_alloc(grid->arena, grid->columns * sizeof *widths);
    for (size_t i = 0; i < grid->columns; i++)
        widths[i] = widest(grid, i);
    for (size_t row = 0; row + grid->columns <= grid->n_cells; row += grid->columns) {
        for (size_t i = 0; i + 1 < grid->columns; i++)
            layout_pad(out, grid->cells[row + i], widths[i] + 2);
        text_printf(out, "%s\n", grid->cells[row + grid->columns - 1]);
    }
}
