/* Rows of two answers side by side: the columns that both have, compared cell by cell. */
#ifndef SEGUE_COMPARE_ANSWER_ROWS_H
#define SEGUE_COMPARE_ANSWER_ROWS_H

#include "engine/compare.h"

struct answer_side {
    const struct answer *answer;
    size_t *columns; /* of the answer, by the number that they have in both */
};

struct answer_sides {
    struct answer_side current, new;
    size_t n; /* columns */
    double tolerance;
};

/* Their order, as strcmp tells it; 0: the same, as far as the tolerance goes. */
int answer_cells(const struct answer_sides *sides, size_t column, const struct answer_side *a, size_t row_a,
                 const struct answer_side *b, size_t row_b);
/* The first row of either side, of those from begin to end of it, that the other one has not; the number of rows of the answer: none. Where one side has such a
 * row, the other may have one as well. False: all have each other. */
bool answer_rows_differ(const struct answer_sides *sides, const size_t begin[2], const size_t end[2],
                        struct arena *arena, size_t *current, size_t *new);

#endif
