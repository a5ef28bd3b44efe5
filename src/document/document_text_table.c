/* A table on a terminal. */
#include <string.h>

#include "base/layout.h"
#include "document/text_internal.h"

enum { GAP = 2, MOST_COLUMNS = 16 };

struct grid {
    const struct page *page;
    const struct document_table *table;
    int indent;
    int widths[MOST_COLUMNS], least[MOST_COLUMNS];
    size_t n;
};

static int wider(int a, int b)
{
    return a > b ? a : b;
}

/* A word is not broken. */
static int longest_word(const char *text)
{
    int longest = 0;
    for (const char *word = text; *word;) {
        SEGUE_CLEANUP(text_free) struct text one = {0};
        size_t length = strcspn(word, " \n");
        text_append_n(&one, word, length);
        longest = wider(longest, layout_columns(text_string(&one)));
        word += length + strspn(word + length, " \n");
    }
    return longest;
}

static void measure_cell(struct grid *grid, size_t column, const char *text)
{
    grid->widths[column] = wider(grid->widths[column], layout_columns(text));
    grid->least[column] = wider(grid->least[column], longest_word(text));
}

static void measure(struct grid *grid)
{
    const struct document_table *table = grid->table;
    for (size_t i = 0; i < grid->n; i++)
        measure_cell(grid, i, table->columns[i].title);
    for (size_t i = 0; i < table->n_cells; i++)
        if (i % table->n_columns < grid->n)
            measure_cell(grid, i % table->n_columns, table->cells[i].text);
}

/* The widest column from which something can be taken; n: there is none. */
static size_t widest(const struct grid *grid)
{
    size_t found = grid->n;
    for (size_t i = 0; i < grid->n; i++)
        if (grid->widths[i] > grid->least[i] && (found == grid->n || grid->widths[i] > grid->widths[found]))
            found = i;
    return found;
}

static void fit(struct grid *grid)
{
    int sum = grid->indent - GAP;
    for (size_t i = 0; i < grid->n; i++)
        sum += grid->widths[i] + GAP;
    for (; sum > grid->page->width; sum--) {
        size_t column = widest(grid);
        if (column == grid->n)
            return;
        grid->widths[column]--;
    }
}

/* The nth line of a paragraph that was wrapped, in *line; or nothing. */
static bool nth_line(const char *wrapped, int n, struct text *line)
{
    text_clear(line);
    while (n-- > 0) {
        wrapped = strchr(wrapped, '\n');
        if (!wrapped)
            return false;
        wrapped++;
    }
    text_append_n(line, wrapped, strcspn(wrapped, "\n"));
    return true;
}

static void trim(struct text *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
}

static bool cell_line(const struct grid *grid, const char *text, size_t column, int n)
{
    SEGUE_CLEANUP(text_free) struct text wrapped = {0};
    SEGUE_CLEANUP(text_free) struct text line = {0};
    layout_wrap(&wrapped, text, 0, 0, grid->widths[column]);
    bool any = nth_line(text_string(&wrapped), n, &line);
    if (grid->table->columns[column].right)
        layout_pad_left(grid->page->out, text_string(&line), grid->widths[column]);
    else
        layout_pad(grid->page->out, text_string(&line), grid->widths[column]);
    for (int i = 0; i < GAP; i++)
        text_append_char(grid->page->out, ' ');
    return any;
}

/* One row of the table, in as many lines as its longest cell needs. row: counts from 1; 0 is the heading. */
static void row(const struct grid *grid, size_t row)
{
    const struct document_table *table = grid->table;
    struct text *out = grid->page->out;
    for (int n = 0;; n++) {
        size_t before = out->length;
        bool any = false;
        text_printf(out, "%*s", grid->indent, "");
        for (size_t i = 0; i < grid->n; i++) {
            const char *text =
                row ? table->cells[(row - 1) * table->n_columns + i].text : table->columns[i].title;
            any = cell_line(grid, text, i, n) || any;
        }
        if (!any) {
            out->length = before;
            out->data[before] = '\0';
            return;
        }
        trim(out);
        text_append_char(out, '\n');
    }
}

void document_text_table(const struct page *page, const struct block *block, int indent)
{
    struct grid grid = {.page = page, .table = block->table, .indent = indent + 2};
    grid.n = table_shown(block->table);
    grid.n = grid.n < MOST_COLUMNS ? grid.n : MOST_COLUMNS;
    measure(&grid);
    fit(&grid);
    if (block->text)
        text_printf(page->out, "%*s%s\n", indent, "", block->text);
    text_append(page->out, page->dim);
    row(&grid, 0);
    text_append(page->out, page->plain);
    for (size_t i = 0; i < block->table->n_cells / block->table->n_columns; i++)
        row(&grid, i + 1);
}
