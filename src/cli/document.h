/* A report for people: headings, paragraphs and tables, printed as text for a terminal, as Markdown, or as one HTML page that needs nothing
 * beside itself. */
#ifndef SEGUE_CLI_DOCUMENT_H
#define SEGUE_CLI_DOCUMENT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

enum document_kind { DOCUMENT_HEADING, DOCUMENT_PARAGRAPH, DOCUMENT_TABLE };

struct document_block {
    enum document_kind kind;
    const char *text;   /* of a heading or paragraph */
    size_t columns;     /* of a table */
    const char **cells; /* row by row; the first row is the heading */
    size_t n_cells;
};

/* Zero-initialise with the arena and the title. Strings are copied. */
struct document {
    struct arena *arena;
    const char *title;
    struct document_block *blocks;
    size_t n_blocks;
};

void document_heading(struct document *document, const char *text);
void document_paragraph(struct document *document, const char *text);
/* Begins a table with these titles; cells follow row by row. */
void document_table(struct document *document, const char *const *titles, size_t n);
/* The next cell of the table that was begun last. */
void document_cell(struct document *document, const char *text);

void document_to_text(const struct document *document, int width, struct text *out);
void document_to_markdown(const struct document *document, struct text *out);
void document_to_html(const struct document *document, struct text *out);

#endif
