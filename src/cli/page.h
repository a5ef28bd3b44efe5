/* A report for people: headings, paragraphs and tables, printed as text for a terminal, as Markdown, or as one HTML page that needs nothing
 * beside itself. */
#ifndef SEGUE_CLI_PAGE_H
#define SEGUE_CLI_PAGE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

enum page_kind { PAGE_HEADING, PAGE_PARAGRAPH, PAGE_TABLE };

struct page_block {
    enum page_kind kind;
    const char *text;   /* of a heading or paragraph */
    size_t columns;     /* of a table */
    const char **cells; /* row by row; the first row is the heading */
    size_t n_cells;
};

/* Zero-initialise with the arena and the title. Strings are copied. */
struct page {
    struct arena *arena;
    const char *title;
    struct page_block *blocks;
    size_t n_blocks;
};

void page_heading(struct page *page, const char *text);
void page_paragraph(struct page *page, const char *text);
/* Begins a table with these titles; cells follow row by row. */
void page_table(struct page *page, const char *const *titles, size_t n);
/* The next cell of the table that was begun last. */
void page_cell(struct page *page, const char *text);

void page_to_text(const struct page *page, int width, struct text *out);
void page_to_markdown(const struct page *page, struct text *out);
void page_to_html(const struct page *page, struct text *out);

#endif
