#include "compare/answer_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *cell(const struct answer_side *side, size_t row, size_t column)
{
    return side->answer->cells[row * side->answer->n_columns + side->columns[column]];
}

static bool is_inexact(const struct answer_sides *sides, size_t column)
{
    return sides->current.answer->inexact[sides->current.columns[column]] &&
           sides->new.answer->inexact[sides->new.columns[column]];
}

/* NaN is greater than all numbers, as it is for the server. */
static int numbers(const char *a, const char *b, double tolerance)
{
    double x = strtod(a, NULL), y = strtod(b, NULL);
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    if (fabs(x - y) <= tolerance * fmax(fabs(x), fabs(y)))
        return 0;
    return (x > y) - (x < y);
}

static int cells(const struct answer_sides *sides, size_t column, const char *a, const char *b,
                 double tolerance)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return is_inexact(sides, column) ? numbers(a, b, tolerance) : strcmp(a, b);
}

int answer_cells(const struct answer_sides *sides, size_t column, const struct answer_side *a, size_t row_a,
                 const struct answer_side *b, size_t row_b)
{
    return cells(sides, column, cell(a, row_a, column), cell(b, row_b, column), sides->tolerance);
}

/* Inexact columns last: what is nearly the same then stands side by side. */
static int rows(const struct answer_sides *sides, const struct answer_side *a, size_t row_a,
                const struct answer_side *b, size_t row_b, double tolerance)
{
    for (int inexact = 0; inexact < 2; inexact++)
        for (size_t i = 0; i < sides->n; i++) {
            if (is_inexact(sides, i) != (inexact == 1))
                continue;
            int order = cells(sides, i, cell(a, row_a, i), cell(b, row_b, i), tolerance);
            if (order)
                return order;
        }
    return 0;
}

struct sorting {
    const struct answer_sides *sides;
    const struct answer_side *side;
};

static int by_cells(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    int order = rows(sorting->sides, sorting->side, x, sorting->side, y, 0);
    return order ? order : (x > y) - (x < y);
}

static size_t *sorted(const struct answer_sides *sides, const struct answer_side *side, size_t begin,
                      size_t end, struct arena *arena)
{
    size_t *list = arena_alloc(arena, (end - begin + 1) * sizeof *list);
    struct sorting sorting = {sides, side};
    for (size_t i = begin; i < end; i++)
        list[i - begin] = i;
    qsort_r(list, end - begin, sizeof *list, by_cells, &sorting);
    return list;
}

bool answer_rows_differ(const struct answer_sides *sides, const size_t begin[2], const size_t end[2],
                        struct arena *arena, size_t *current, size_t *new)
{
    const size_t *a = sorted(sides, &sides->current, begin[0], end[0], arena);
    const size_t *b = sorted(sides, &sides->new, begin[1], end[1], arena);
    size_t n_a = end[0] - begin[0], n_b = end[1] - begin[1];
    *current = sides->current.answer->n_rows;
    *new = sides->new.answer->n_rows;
    bool differ = false;
    for (size_t i = 0, k = 0; i < n_a || k < n_b;) {
        int order = i == n_a   ? 1
                    : k == n_b ? -1
                               : rows(sides, &sides->current, a[i], &sides->new, b[k], sides->tolerance);
        if (order < 0 && a[i] < *current)
            *current = a[i];
        if (order > 0 && b[k] < *new)
            *new = b[k];
        differ = differ || order != 0;
        i += order <= 0;
        k += order >= 0;
    }
    return differ;
}
